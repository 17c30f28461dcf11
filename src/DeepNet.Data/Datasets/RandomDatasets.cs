namespace DeepNet.Data;

/// <summary>Asks data sets of both kinds, with keys for those that want them.</summary>
internal static class RandomDatasets
{
    public static Batch GetBatch(this IDataset dataset, ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys,
        CancellationToken cancellation)
        => dataset is IRandomDataset random ? random.GetBatch(indices, keys, cancellation) : dataset.GetBatch(indices, cancellation);
}
