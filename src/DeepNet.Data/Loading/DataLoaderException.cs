namespace DeepNet.Data;

/// <summary>A batch could not be made. <see cref="Exception.InnerException"/> is what went wrong, with its own stack.</summary>
public sealed class DataLoaderException : Exception
{
    internal DataLoaderException(int epoch, int batch, ReadOnlySpan<int> indices, Exception cause) : base(
        $"[data_loader] batch {batch} of epoch {epoch} (examples {Some(indices)}) could not be made: {cause.Message}", cause)
    {
        Epoch = epoch;
        Batch = batch;
    }

    internal DataLoaderException(LoaderState at, long? position, Exception cause) : base(
        $"[stream_loader] batch {at.Batch} of epoch {at.Epoch} could not be made: "
            + $"{(position is null ? "" : $"at example {position} of the stream, ")}{cause.Message}", cause)
    {
        Epoch = at.Epoch;
        Batch = at.Batch;
        Position = position;
    }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch in it, from 0.</summary>
    public int Batch { get; }

    /// <summary>Gets the place in the stream of the example that could not be read, from 0; null where no reading failed.</summary>
    public long? Position { get; }

    private static string Some(ReadOnlySpan<int> indices)
    {
        const int shown = 8;
        string text = string.Join(", ", indices[..Math.Min(shown, indices.Length)].ToArray());
        return indices.Length > shown ? $"{text}, … {indices.Length} in all" : text;
    }
}
