using DeepNet.Data.Sampling;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Loading;

/// <summary>One pass over a data set: everything needed to make any batch of it, on any thread, without knowing the others.</summary>
internal sealed class Epoch
{
    private readonly IDataset dataset;
    private readonly ITransform? transform;
    private readonly int[] order;
    private readonly int batchSize;
    private readonly DrawKey augmentation, drawing;

    public Epoch(IDataset dataset, ISampler sampler, ITransform? transform, int batchSize, int batches, LoaderState state)
    {
        var key = DrawKey.FromSeed(state.Seed).At((ulong)state.Epoch);
        order = sampler.Draw(key.At(0));
        (augmentation, drawing) = (key.At(1), key.At(2));
        this.dataset = dataset;
        this.transform = transform;
        this.batchSize = batchSize;
        Batches = batches;
        Number = state.Epoch;
    }

    public int Number { get; }
    public int Batches { get; }

    private ReadOnlySpan<int> Indices(int batch) => order.AsSpan(batch * batchSize, Math.Min(batchSize, order.Length - batch * batchSize));

    /// <summary>Makes a batch; what goes wrong comes out as a <see cref="DataLoaderException"/>.</summary>
    public Batch Make(int batch, CancellationToken cancellation)
    {
        var indices = Indices(batch);
        try
        {
            var made = dataset.GetBatch(indices, Keys(drawing, batch, indices.Length), cancellation);
            return transform is null ? made : transform.Apply(made, Keys(augmentation, batch, indices.Length));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new DataLoaderException(Number, batch, indices, e);
        }
    }

    // By the place in the epoch, not the example: one that is drawn twice is augmented in two ways.
    private DrawKey[] Keys(DrawKey purpose, int batch, int count)
    {
        var keys = new DrawKey[count];
        for (int i = 0; i < count; i++) keys[i] = purpose.At((ulong)((long)batch * batchSize + i));
        return keys;
    }
}
