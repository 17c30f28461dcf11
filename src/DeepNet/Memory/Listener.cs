namespace DeepNet.Devices;

/// <summary>
/// Somebody who is told what happens on a thread: here of memory, in the recorders that derive from this of operators and kernels.
/// </summary>
internal abstract class Listener
{
    private static int count;

    /// <summary>
    /// True while anybody listens on any thread, or a debug switch such as anomaly detection is on. Operators ask this one flag for all of
    /// them, so that those who listen to nothing pay for one comparison.
    /// </summary>
    public static bool IsOn
    {
        [MethodImpl(AggressiveInlining)]
        get => count > 0;
    }

    /// <summary>Raises <see cref="IsOn"/>, until <see cref="TurnOff"/> is called as often.</summary>
    public static void TurnOn() => Interlocked.Increment(ref count);

    /// <summary>Undoes <see cref="TurnOn"/>.</summary>
    public static void TurnOff() => Interlocked.Decrement(ref count);

    /// <summary>The listener that was there before, who goes on listening.</summary>
    public Listener? Outer { get; protected set; }

    /// <summary>Called when memory was rented.</summary>
    public virtual void Made(Storage storage) { }

    /// <summary>Called when elements were copied from the caller's memory.</summary>
    public virtual void Uploaded(Storage storage, ReadOnlySpan<byte> elements) { }

    /// <summary>Called when the program does what no recording of kernels can repeat, such as reading a number back.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="what">What it does, as the end of a sentence.</param>
    public virtual void Refuse(string op, string what) { }

    /// <summary>Tells all who listen on this thread of what cannot be repeated.</summary>
    public static void RefuseAll(string op, string what)
    {
        for (var listener = ThreadContext.Current.Listener; listener is not null; listener = listener.Outer) listener.Refuse(op, what);
    }
}
