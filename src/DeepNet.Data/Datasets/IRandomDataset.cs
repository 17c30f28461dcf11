namespace DeepNet.Data;

/// <summary>
/// A data set that does something random to its examples, such as random crops of images. A loader gives it keys that differ every epoch;
/// without a loader it does the same to an example each time.
/// </summary>
public interface IRandomDataset : IDataset
{
    /// <summary>The examples at some places, in that order, stacked along a new first axis.</summary>
    /// <param name="indices">The places; one may occur several times.</param>
    /// <param name="keys">A key for each place, from which its random numbers come.</param>
    /// <param name="cancellation">Asked between examples, so that a slow set does not hold up a loader that is to end.</param>
    Batch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation = default);
}
