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

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch in it, from 0.</summary>
    public int Batch { get; }

    private static string Some(ReadOnlySpan<int> indices)
    {
        const int shown = 8;
        string text = string.Join(", ", indices[..Math.Min(shown, indices.Length)].ToArray());
        return indices.Length > shown ? $"{text}, … {indices.Length} in all" : text;
    }
}
