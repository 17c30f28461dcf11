namespace DeepNet.Data;

/// <summary>Places in a data set.</summary>
internal static class Places
{
    public static void Check<T>(IDataset<T> dataset, int index)
    {
        if ((uint)index >= (uint)dataset.Count)
            throw new ArgumentOutOfRangeException(
                nameof(index), $"[dataset] there is no example {index}: {dataset} has {dataset.Count}, from 0 to {dataset.Count - 1}.");
    }

    public static void Check<T>(IDataset<T> dataset, ReadOnlySpan<int> indices)
    {
        foreach (int index in indices) Check(dataset, index);
    }

    /// <summary>The example at a place, as a batch of one without its first axis: for data sets that make batches at once.</summary>
    public static Sample Example(IDataset dataset, int index)
    {
        var (x, y) = dataset.GetBatch([index]);
        return new(x[0], y[0]);
    }
}
