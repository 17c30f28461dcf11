namespace DeepNet.Data;

/// <summary>
/// A number of examples that can be had by their places. Write <see cref="Count"/> and the indexer, and everything else works; write
/// <see cref="GetBatch"/> too where many examples can be had faster than one by one.
/// </summary>
/// <remarks>A loader asks from several threads at once.</remarks>
public interface IDataset
{
    /// <summary>Gets the number of examples.</summary>
    int Count { get; }

    /// <summary>One example, without an axis for the batch.</summary>
    Sample this[int index] { get; }

    /// <summary>The examples at some places, in that order, stacked along a new first axis.</summary>
    /// <param name="indices">The places; one may occur several times.</param>
    /// <param name="cancellation">Asked between examples, so that a slow set does not hold up a loader that is to end.</param>
    Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default) => Collate.Stack(this, indices, cancellation);
}
