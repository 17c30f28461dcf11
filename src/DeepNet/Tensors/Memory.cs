namespace DeepNet;

/// <summary>
/// The CPU's tensor memory: how much is in use, how much may be, and scopes that give it back early. Nothing here has to be
/// called for a program to run in flat memory.
/// </summary>
public static class Memory
{
    private static BlockPool Cpu => Device.Cpu.Pool;

    /// <summary>Bytes that tensors hold at this moment, garbage that was not swept yet included.</summary>
    public static long LiveBytes => Cpu.LiveBytes();

    /// <summary>The most bytes that were held at once, accurate to 1 MiB per thread.</summary>
    public static long PeakBytes => Cpu.PeakBytes;

    /// <summary>Bytes held from the system: live ones and those cached for reuse.</summary>
    public static long ReservedBytes => Cpu.ReservedBytes;

    /// <summary>Bytes cached for reuse.</summary>
    public static long CachedBytes => ReservedBytes - LiveBytes;

    /// <summary>
    /// The most bytes to hold from the system. An allocation that would exceed it first reclaims and trims, then throws an
    /// <see cref="OutOfMemoryException"/> that lists what is live; the process goes on.
    /// </summary>
    public static long Limit
    {
        get => Cpu.Limit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Cpu.Limit = value;
        }
    }

    /// <summary>
    /// Records a stack trace with every tensor, for <see cref="Report"/> and for errors of use after a scope. Slow: a debug switch.
    /// </summary>
    public static bool TrackOrigins
    {
        get => Storage.TrackOrigins;
        set => Storage.TrackOrigins = value;
    }

    /// <summary>Opens a scope on this thread; see <see cref="MemoryScope"/>.</summary>
    public static MemoryScope Scope()
    {
        var thread = ThreadContext.Current;
        var ledger = thread.SpareLedger ?? new ScopeLedger();
        thread.SpareLedger = null;
        var region = Region.Open(thread);
        ledger.Begin(thread);
        return new MemoryScope(ledger, region);
    }

    /// <summary>Lets a tensor outlive all scopes around it. What a module or an optimizer keeps for later goes through here.</summary>
    public static Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Storage.ScopeDepth = 0;
        tensor.Storage.IsEngineOwned = false;           // a backward pass is a scope too
        return tensor;
    }

    /// <summary>Collects garbage and takes back what died. Happens by itself; tests and benchmarks call it to get exact figures.</summary>
    public static void Reclaim() => Cpu.ReclaimAll();

    /// <summary>Returns cached memory to the system.</summary>
    public static void Trim() => Cpu.Trim();

    /// <summary>Starts <see cref="PeakBytes"/> again from what is live.</summary>
    public static void ResetPeak() => Cpu.ResetPeak();

    /// <summary>A table of what is live, the largest first, by element type and shape (and origin, if tracked).</summary>
    public static string Report() => MemoryReport.Table(Cpu);
}
