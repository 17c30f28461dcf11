namespace DeepNet.Data;

/// <summary>Checks of places in a data set.</summary>
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
}
