using DeepNet.Data.Loading;

namespace DeepNet.Data;

public static partial class Dataset
{
    /// <summary>Examples of inputs and targets of a stream, without a count and perhaps without an end.</summary>
    /// <param name="items">The objects, which are read as they are needed.</param>
    /// <param name="x">The input that an object makes: see <see cref="TensorValue"/> for what it may be. Workers call it at the same
    /// time.</param>
    /// <param name="y">The target; the input itself if left out.</param>
    public static StreamBatches<Batch> Stream<T>(IEnumerable<T> items, Func<T, TensorValue> x, Func<T, TensorValue>? y = null)
        => Pairs(Stream(items), x, y);

    /// <inheritdoc cref="Stream{T}(IEnumerable{T}, Func{T, TensorValue}, Func{T, TensorValue}?)"/>
    public static StreamBatches<Batch> Stream<T>(IAsyncEnumerable<T> items, Func<T, TensorValue> x, Func<T, TensorValue>? y = null)
        => Pairs(Stream(items), x, y);

    /// <summary>Examples of inputs and targets of a stream that can be opened at any of its examples.</summary>
    /// <param name="open">Returns the objects from one on, counted from 0: so a run can go on without reading what comes before.</param>
    /// <param name="x">The input that an object makes: see <see cref="TensorValue"/> for what it may be. Workers call it at the same
    /// time.</param>
    /// <param name="y">The target; the input itself if left out.</param>
    public static StreamBatches<Batch> Stream<T>(
        Func<long, IEnumerable<T>> open, Func<T, TensorValue> x, Func<T, TensorValue>? y = null) => Pairs(Stream(open), x, y);

    /// <inheritdoc cref="Stream{T}(Func{long, IEnumerable{T}}, Func{T, TensorValue}, Func{T, TensorValue}?)"/>
    public static StreamBatches<Batch> Stream<T>(
        Func<long, IAsyncEnumerable<T>> open, Func<T, TensorValue> x, Func<T, TensorValue>? y = null) => Pairs(Stream(open), x, y);

    /// <summary>The objects of a stream as examples; for <see cref="StreamSource{T}.Collate"/>.</summary>
    /// <param name="items">The objects, which are read as they are needed.</param>
    public static StreamSource<T> Stream<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new((_, _) => new SyncReader<T>(items), opensAnywhere: false);
    }

    /// <inheritdoc cref="Stream{T}(IEnumerable{T})"/>
    public static StreamSource<T> Stream<T>(IAsyncEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new((_, stop) => new AsyncReader<T>(items, stop), opensAnywhere: false);
    }

    /// <summary>The objects of a stream that can be opened at any of its examples.</summary>
    /// <param name="open">Returns the objects from one on, counted from 0: so a run can go on without reading what comes before.</param>
    public static StreamSource<T> Stream<T>(Func<long, IEnumerable<T>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new((position, _) => new SyncReader<T>(open(position)), opensAnywhere: true);
    }

    /// <inheritdoc cref="Stream{T}(Func{long, IEnumerable{T}})"/>
    public static StreamSource<T> Stream<T>(Func<long, IAsyncEnumerable<T>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new((position, stop) => new AsyncReader<T>(open(position), stop), opensAnywhere: true);
    }

    private static StreamBatches<Batch> Pairs<T>(StreamSource<T> stream, Func<T, TensorValue> x, Func<T, TensorValue>? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        return stream.Collate(some =>
        {
            var input = Collate.Stack(some, x);
            return new Batch(input, y is null ? input : Collate.Stack(some, y));
        });
    }
}
