using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>Provides methods for data sets of any kind.</summary>
public static class DatasetExtensions
{
    /// <summary>The examples at some places, as a set. Nothing is copied.</summary>
    public static Subset Subset(this IDataset dataset, params ReadOnlySpan<int> indices) => new(dataset, indices);

    /// <summary>The first examples, as a set; all if there are no more.</summary>
    public static Subset Take(this IDataset dataset, int count)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(dataset, [.. Enumerable.Range(0, Math.Min(count, dataset.Count))]);
    }

    /// <summary>The set with transforms applied to each example, in order.</summary>
    public static TransformedDataset Map(this IDataset dataset, params ITransform[] transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        return new(dataset, transforms is [var only] ? only : new Compose(transforms));
    }

    /// <summary>The examples, changed by a function whenever they are asked for. Workers call it at the same time.</summary>
    public static IDataset<TResult> Map<T, TResult>(this IDataset<T> dataset, Func<T, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(function);
        return new MappedDataset<T, TResult>(dataset, function);
    }

    /// <summary>Inputs and targets that a function makes of examples whenever they are asked for. Workers call it at the same
    /// time.</summary>
    public static IDataset Map<T>(this IDataset<T> dataset, Func<T, Sample> function)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(function);
        return new SampleDataset<T>(dataset, function);
    }

    /// <summary>The set with its examples kept in memory once they were made, such as decoded images.</summary>
    /// <param name="dataset">The set.</param>
    /// <param name="limit">The number of bytes that may be kept: a gigabyte unless given.</param>
    public static CachedDataset Cache(this IDataset dataset, long limit = 1L << 30) => new(dataset, limit);

    /// <summary>Runs of consecutive examples. A rest that is too short for a run is left out.</summary>
    /// <param name="dataset">The examples, in order.</param>
    /// <param name="length">The number of examples of a run.</param>
    /// <param name="stride">The number of examples from the start of one run to that of the next.</param>
    public static IDataset<IReadOnlyList<T>> Window<T>(this IDataset<T> dataset, int length, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new WindowDataset<T>(dataset, new Windows(dataset.Count, length, stride));
    }

    /// <summary>Runs of consecutive inputs and targets, each stacked along a new first axis: (length, …).</summary>
    /// <param name="dataset">The examples, in order.</param>
    /// <param name="length">The number of examples of a run.</param>
    /// <param name="stride">The number of examples from the start of one run to that of the next.</param>
    public static IDataset Window(this IDataset dataset, int length, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new WindowDataset(dataset, new Windows(dataset.Count, length, stride));
    }

    /// <summary>The examples as batches of any type, for <see cref="DataLoader{TBatch}"/>.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="collate">Makes a batch of some examples; called by several workers at once. <see cref="DeepNet.Data.Collate"/> helps.
    /// </param>
    public static IBatchSource<TBatch> Collate<T, TBatch>(this IDataset<T> dataset, Func<IReadOnlyList<T>, TBatch> collate)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(collate);
        return new Collated<T, TBatch>(dataset, collate);
    }

    /// <summary>The whole set as one batch.</summary>
    public static Batch All(this IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.GetBatch([.. Enumerable.Range(0, dataset.Count)]);
    }

    /// <summary>The class of each example: known at once if the set is <see cref="ILabeled"/>, else read from every target.</summary>
    public static IReadOnlyList<int> Labels(this IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset is ILabeled labeled) return labeled.Labels;
        var labels = new int[dataset.Count];
        for (int i = 0; i < labels.Length; i++) labels[i] = dataset[i].Y.Item<int>();
        return labels;
    }
}
