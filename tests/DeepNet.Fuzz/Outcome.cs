using System.Diagnostics;

namespace DeepNet.Fuzz;

/// <summary>The result and the cost of reading one file.</summary>
/// <param name="Accepted">True if it was read, false if it was refused by a documented exception.</param>
/// <param name="Elapsed">The time it took: that of the processor, or a tenth of the clock's if that is more, since a busy machine lets a
/// file wait.</param>
/// <param name="Allocated">The managed bytes that were allocated in all.</param>
/// <param name="Tensors">The most bytes of tensors that were held at once.</param>
/// <param name="Fault">The broken promise; null if all were kept.</param>
/// <param name="Error">The exception that broke it.</param>
public sealed record Outcome(bool Accepted, TimeSpan Elapsed, long Allocated, long Tensors, string? Fault, Exception? Error)
{
    private const int Attempts = 3, LongestWait = 10;

    /// <summary>The longest time that a file may take.</summary>
    public static TimeSpan DefaultTime { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Reads a file and holds the reader to its promises. What takes too long is tried again: the machine may have been busy.
    /// </summary>
    public static Outcome Of(Format format, string path, TimeSpan mostTime)
    {
        var outcome = Once(format, path);
        for (int i = 1; i < Attempts && outcome.Fault is null && outcome.Elapsed > mostTime; i++) outcome = Once(format, path);
        return outcome.Fault is null && outcome.Elapsed > mostTime
            ? outcome with { Fault = $"it took {outcome.Elapsed.TotalSeconds:0.00} s, and {mostTime.TotalSeconds:0.##} s are allowed" }
            : outcome;
    }

    private static Outcome Once(Format format, string path)
    {
        long bytes = new FileInfo(path).Length, live = Memory.LiveBytes;
        Memory.ResetPeak();
        bool accepted = false;
        string? fault = null;
        Exception? error = null;
        var processor = Environment.CpuUsage.TotalTime;
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        using (Memory.Scope())
        {
            try
            {
                format.Read(path);
                accepted = true;
            }
            catch (InconsistentException e)
            {
                (fault, error) = ($"what was read is inconsistent: {e.Message}", e);
            }
            catch (Exception e) when (format.IsDocumented(e))
            {
                if (HasControls(e.Message)) (fault, error) = ("the message has characters that a terminal obeys", e);
            }
            catch (Exception e)
            {
                (fault, error) = ($"{e.GetType().FullName} is no documented exception: {e.Message}", e);
            }
        }
        TimeSpan worked = Environment.CpuUsage.TotalTime - processor, waited = Stopwatch.GetElapsedTime(started) / LongestWait;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before, tensors = Math.Max(0, Memory.PeakBytes - live);
        if (allocated > format.Managed.Of(bytes))
            fault ??= $"{allocated} managed bytes were allocated for a file of {bytes}, and {format.Managed.Of(bytes)} are allowed";
        if (tensors > format.Tensors.Of(bytes))
            fault ??= $"tensors took {tensors} bytes for a file of {bytes}, and {format.Tensors.Of(bytes)} are allowed";
        return new Outcome(accepted, worked > waited ? worked : waited, allocated, tensors, fault, error);
    }

    private static bool HasControls(string text) => text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
}
