namespace DeepNet.Data;

/// <summary>
/// Represents the parts of each batch that a loader makes. Batches are cut by position into parts of (nearly) equal size, so that the same
/// examples, augmented in the same way, come to the same part whoever makes it.
/// </summary>
/// <param name="First">The first part, from 0.</param>
/// <param name="Count">The number of parts, which come one after the other, each as a batch of its own.</param>
/// <param name="Of">The number of parts that each batch is cut into.</param>
public readonly record struct LoaderShard(int First, int Count, int Of)
{
    /// <summary>Gets the shard of one who makes all of each batch.</summary>
    public static LoaderShard Whole => new(0, 1, 1);

    /// <summary>Returns the place of a part in a batch, and how many examples it has.</summary>
    internal (int Start, int Length) Cut(int part, int batch)
    {
        int start = (int)((long)batch * part / Of);
        return (start, (int)((long)batch * (part + 1) / Of) - start);
    }

    internal void Check(int batchSize)
    {
        if (First < 0 || Count < 1 || Of < 1 || First > Of - Count)
            throw new ArgumentException($"[data_loader] {this} is no shard: parts {First} to {First + Count - 1} of {Of}.");
        if (Of > batchSize)
            throw new ArgumentException($"[data_loader] batches of {batchSize} examples cannot be cut into {Of} parts. Make them larger.");
    }
}
