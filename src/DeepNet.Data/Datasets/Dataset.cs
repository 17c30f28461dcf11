namespace DeepNet.Data;

/// <summary>Makes data sets of a program's own objects.</summary>
/// <example><code>
/// var data = Dataset.From(houses, h => [h.Area, h.Rooms], h => h.Price);
/// var loader = new DataLoader(data, batchSize: 32, shuffle: true);
/// </code></example>
public static partial class Dataset
{
    /// <summary>Examples of inputs and targets, made of objects by functions.</summary>
    /// <param name="items">
    /// The objects. A list or an array is used as it is, and must not change its length; of anything else the objects are copied.
    /// </param>
    /// <param name="x">The input that an object makes, each time that it is asked for: see <see cref="TensorValue"/> for what it may be.
    /// Workers call it at the same time.</param>
    /// <param name="y">The target; the input itself if left out, as an autoencoder wants.</param>
    /// <exception cref="ArgumentException">An object is null.</exception>
    public static IDataset From<T>(IEnumerable<T> items, Func<T, TensorValue> x, Func<T, TensorValue>? y = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new ObjectDataset<T>(new ListDataset<T>(items), x, y);
    }

    /// <summary>The objects themselves as examples; for <c>Map</c>, <c>Collate</c> and the like.</summary>
    /// <param name="items">
    /// The objects. A list or an array is used as it is, and must not change its length; of anything else the objects are copied.
    /// </param>
    public static IDataset<T> From<T>(IEnumerable<T> items) => new ListDataset<T>(items);

    /// <summary>Examples of two data sets side by side: one of each at every place.</summary>
    /// <exception cref="ArgumentException">One has more examples than the other.</exception>
    public static IDataset<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(IDataset<TFirst> first, IDataset<TSecond> second)
        => new ZippedDataset<TFirst, TSecond>(first, second);

    /// <summary>Examples of two data sets, made into one by a function.</summary>
    /// <exception cref="ArgumentException">One has more examples than the other.</exception>
    /// <example><code>
    /// Dataset.Zip(photos, outlines, (photo, outline) => new Sample(photo.X, outline.X));
    /// </code></example>
    public static IDataset Zip<TFirst, TSecond>(
        IDataset<TFirst> first, IDataset<TSecond> second, Func<TFirst, TSecond, Sample> combine)
    {
        ArgumentNullException.ThrowIfNull(combine);
        return Zip(first, second).Map(pair => combine(pair.First, pair.Second));
    }
}
