namespace DeepNet.Data;

/// <summary>A number of examples of any type that can be had by their places.</summary>
/// <remarks>A loader asks from several threads at once.</remarks>
/// <typeparam name="T">The type of an example.</typeparam>
public interface IDataset<out T>
{
    /// <summary>Gets the number of examples.</summary>
    int Count { get; }

    /// <summary>One example, without an axis for the batch.</summary>
    T this[int index] { get; }
}

/// <summary>
/// A number of examples of inputs and targets that can be had by their places. Write <see cref="IDataset{T}.Count"/> and the indexer, and
/// everything else works; write <see cref="GetBatch"/> too where many examples can be had faster than one by one.
/// </summary>
public interface IDataset : IDataset<Sample>
{
    /// <summary>The examples at some places, in that order, stacked along a new first axis.</summary>
    /// <param name="indices">The places; one may occur several times.</param>
    /// <param name="cancellation">Asked between examples, so that a slow set does not hold up a loader that is to end.</param>
    Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default) => Collate.Stack(this, indices, cancellation);
}
