using System.Runtime.InteropServices;

namespace DeepNet.Devices;

/// <summary>
/// One piece of device memory, permanent and pooled. <see cref="Tenancy"/> counts up at every renting and every return, so it
/// is odd while rented, and a return is one compare-and-swap on it: nothing can be given back twice.
/// </summary>
/// <remarks>
/// Small on purpose: some thousands of blocks go through the cache between two sweeps. What few blocks need for a while lies elsewhere
/// (<see cref="OpenLeases"/>).
/// </remarks>
internal sealed class Block(BlockPool pool, MemoryBlock memory, int sizeClass)
{
    // Of pins: set when the tenancy has ended under a pin, and the last one gives the block back.
    private const int ReturnIsDue = 1 << 30;

    public readonly BlockPool Pool = pool;
    public readonly nint Pointer = memory.Pointer;
    private readonly object? handle = memory.Handle;
    public readonly int SizeClass = sizeClass;
    public int Tenancy;
    private int pins;

    /// <summary>
    /// The storage that rents this block, held weakly: when nobody refers to it any more, a sweep takes the block back. The
    /// handle lives as long as the block and is merely retargeted at each renting, which is why no tensor has a finalizer.
    /// </summary>
    public WeakGCHandle<Storage> Owner = new(null!);

    /// <summary>Gets what the device allocated. Its size is that of the class, and so has no field.</summary>
    public MemoryBlock Memory => new(Pointer, handle, Bytes);

    /// <summary>Gets its size in bytes.</summary>
    public long Bytes => Devices.SizeClass.Bytes(SizeClass);

    /// <summary>Gets whether its memory went back to the system.</summary>
    public bool IsGone => !Owner.IsAllocated;

    public bool IsRented => (Volatile.Read(ref Tenancy) & 1) != 0;

    /// <summary>Ends the given tenancy; false if it has ended already.</summary>
    public bool TryEnd(int tenancy) => Interlocked.CompareExchange(ref Tenancy, tenancy + 1, tenancy) == tenancy;

    /// <summary>Holds the block back from others, whoever ends its tenancy, until <see cref="Unpin"/>.</summary>
    public void Pin() => Interlocked.Increment(ref pins);

    /// <summary>Undoes <see cref="Pin"/>; the last one gives a block back whose tenancy has ended meanwhile.</summary>
    public void Unpin(ThreadContext thread)
    {
        if (Interlocked.Decrement(ref pins) == ReturnIsDue && ClaimReturn()) Pool.ReturnNow(thread, this);
    }

    /// <summary>True if the block, whose tenancy has just ended, is pinned: then who unpins it gives it back.</summary>
    public bool Defers => Volatile.Read(ref pins) != 0 && Defer();

    // Either this sees that the pins are gone, or who takes the last one out sees that a return is due; if both do, one claims it.
    private bool Defer() => (Interlocked.Or(ref pins, ReturnIsDue) & ~ReturnIsDue) != 0 || !ClaimReturn();

    private bool ClaimReturn() => Interlocked.CompareExchange(ref pins, 0, ReturnIsDue) == ReturnIsDue;
}
