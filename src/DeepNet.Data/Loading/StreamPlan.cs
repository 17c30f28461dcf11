using System.Runtime.InteropServices;

namespace DeepNet.Data.Loading;

/// <summary>The settings of a pass over a stream, and the place that it begins at.</summary>
/// <param name="From">The position of the loader.</param>
/// <param name="BatchSize">The number of examples of a batch.</param>
/// <param name="Steps">The number of batches of an epoch; null if an epoch is one pass over the stream.</param>
/// <param name="Buffer">The number of examples that are shuffled together.</param>
/// <param name="Repeats">True if the stream begins again at its end.</param>
/// <param name="DropsLast">True if a last batch that is not full is left out.</param>
/// <param name="IsOnPool">True if the asking thread must not read by itself.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StreamPlan(
    LoaderState From, int BatchSize, int? Steps, int Buffer, bool Repeats, bool DropsLast, bool IsOnPool)
{
    /// <summary>Gets the number of the first pass over the stream that the plan can come to.</summary>
    public int Pass => Steps is null ? From.Epoch : 0;

    /// <summary>Gets the number of examples from the start of that pass to the place where the plan begins.</summary>
    public long Skipped => (Steps is { } steps ? (long)From.Epoch * steps + From.Batch : From.Batch) * BatchSize;

    /// <summary>The position of a batch, counted from where the plan begins.</summary>
    public LoaderState At(int batch)
    {
        if (Steps is not { } steps) return From with { Batch = From.Batch + batch };
        long all = (long)From.Epoch * steps + From.Batch + batch;
        return From with { Epoch = (int)(all / steps), Batch = (int)(all % steps) };
    }
}
