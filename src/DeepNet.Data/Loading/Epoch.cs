using DeepNet.Data.Sampling;

namespace DeepNet.Data.Loading;

/// <summary>One pass over a data set: everything needed to make any batch of it, on any thread, without knowing the others.</summary>
internal sealed class Epoch<TBatch> : IBatchMaker<TBatch>
{
    private readonly IBatchSource<TBatch> source;
    private readonly Augmentation<TBatch> augmentation;
    private readonly int[] order;
    private readonly int batchSize, number;

    public Epoch(IBatchSource<TBatch> source, ISampler sampler, Augmentation<TBatch> augmentation, int batchSize, LoaderState state)
    {
        order = sampler.Draw(Augmentation.KeyOf(state).At(0));
        this.source = source;
        this.augmentation = augmentation;
        this.batchSize = batchSize;
        number = state.Epoch;
    }

    private ReadOnlySpan<int> Indices(int batch) => order.AsSpan(batch * batchSize, Math.Min(batchSize, order.Length - batch * batchSize));

    public bool TryMake(int batch, CancellationToken cancellation, out TBatch made)
    {
        var indices = Indices(batch);
        try
        {
            made = source.GetBatch(indices, cancellation);
            // By the place in the epoch, not the example: one that is drawn twice is augmented in two ways.
            made = augmentation.Apply(made, (long)batch * batchSize, indices.Length);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new DataLoaderException(number, batch, indices, e);
        }
    }

    public void Dispose() { }
}
