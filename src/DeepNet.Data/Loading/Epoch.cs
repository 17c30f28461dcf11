using DeepNet.Data.Sampling;

namespace DeepNet.Data.Loading;

/// <summary>
/// One pass over a data set: everything needed to make any batch of it, or the parts of a shard, on any thread, without knowing the others.
/// </summary>
internal sealed class Epoch<TBatch> : IBatchMaker<TBatch>
{
    private readonly IBatchSource<TBatch> source;
    private readonly Augmentation<TBatch> augmentation;
    private readonly int[] order;
    private readonly LoaderShard shard;
    private readonly int batchSize, number;

    public Epoch(
        IBatchSource<TBatch> source, ISampler sampler, Augmentation<TBatch> augmentation, int batchSize, LoaderShard shard,
            LoaderState state)
    {
        order = sampler.Draw(Augmentation.KeyOf(state).At(0));
        this.source = source;
        this.augmentation = augmentation;
        this.batchSize = batchSize;
        this.shard = shard;
        number = state.Epoch;
    }

    public bool TryMake(int item, CancellationToken cancellation, out TBatch made)
    {
        int batch = item / shard.Count, first = batch * batchSize;
        var (start, length) = shard.Cut(shard.First + item % shard.Count, Math.Min(batchSize, order.Length - first));
        made = default!;
        if (length == 0) return true;
        var indices = order.AsSpan(first + start, length);
        try
        {
            made = source.GetBatch(indices, cancellation);
            // By the place in the epoch, not the example: one that is drawn twice is augmented in two ways.
            made = augmentation.Apply(made, (long)first + start, length);
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
