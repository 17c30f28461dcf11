namespace DeepNet.Devices.Cpu;

/// <summary>
/// Work over a range of indices that may be cut anywhere (at multiples of the grain) and done in any order by any thread.
/// </summary>
/// <remarks>
/// The result must not depend on the cuts or on who runs what: either each index writes a place of its own, or partial
/// results are kept per grain-sized block and combined afterwards in the order of the blocks. The pool promises nothing
/// that would make other bodies deterministic. A body is unmanaged (pointers and sizes), so a call allocates nothing.
/// </remarks>
internal interface IParallelBody
{
    /// <summary>Does the indices <paramref name="from"/> ≤ i &lt; <paramref name="to"/>.</summary>
    void Run(nint from, nint to);
}
