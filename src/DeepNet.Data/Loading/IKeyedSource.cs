namespace DeepNet.Data.Loading;

/// <summary>A source of batches that takes keys for what it does at random: <see cref="IRandomDataset"/> behind a loader.</summary>
internal interface IKeyedSource<out TBatch> : IBatchSource<TBatch>
{
    TBatch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation);
}
