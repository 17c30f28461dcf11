namespace DeepNet.Data;

/// <summary>
/// A number of examples that can be had as batches of any type: <c>dataset.Collate(examples => …)</c> makes one of a data set, for
/// <see cref="DataLoader{TBatch}"/>.
/// </summary>
/// <remarks>A loader asks from several threads at once.</remarks>
/// <typeparam name="TBatch">The type of a batch.</typeparam>
public interface IBatchSource<out TBatch>
{
    /// <summary>Gets the number of examples.</summary>
    int Count { get; }

    /// <summary>The examples at some places, in that order, as a batch.</summary>
    /// <param name="indices">The places; one may occur several times.</param>
    /// <param name="cancellation">Asked between examples, so that a slow set does not hold up a loader that is to end.</param>
    TBatch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default);
}
