using System.Runtime.InteropServices;

namespace DeepNet.Devices;

/// <summary>
/// One piece of device memory, permanent and pooled. <see cref="Tenancy"/> counts up at every renting and every return, so it
/// is odd while rented, and a return is one compare-and-swap on it: nothing can be given back twice.
/// </summary>
internal sealed class Block(BlockPool pool, MemoryBlock memory, int sizeClass)
{
    public readonly BlockPool Pool = pool;
    public readonly MemoryBlock Memory = memory;
    public readonly int SizeClass = sizeClass;
    public long Bytes => Memory.Bytes;
    public int Tenancy;

    /// <summary>The block below it on the <see cref="BlockShelf"/> that it lies on.</summary>
    public Block? Next;

    /// <summary>True once its memory went back to the system.</summary>
    public bool IsGone;

    /// <summary>
    /// The storage that rents this block, held weakly: when nobody refers to it any more, a sweep takes the block back. The
    /// handle lives as long as the block and is merely retargeted at each renting, which is why no tensor has a finalizer.
    /// </summary>
    public WeakGCHandle<Storage> Owner = new(null!);

    private int pins;
    private int isReturnDue;

    /// <summary>The leases that are open on this block; changed under its lock.</summary>
    public int Leases, WritingLeases;

    /// <summary>The storage that leases are open on: a strong reference, so that a block with a span on it is not swept.</summary>
    public Storage? Leased;

    public bool IsRented => (Volatile.Read(ref Tenancy) & 1) != 0;

    /// <summary>Ends the given tenancy; false if it has ended already.</summary>
    public bool TryEnd(int tenancy) => Interlocked.CompareExchange(ref Tenancy, tenancy + 1, tenancy) == tenancy;

    /// <summary>Holds the block back from others, whoever ends its tenancy, until <see cref="Unpin"/>.</summary>
    public void Pin() => Interlocked.Increment(ref pins);

    /// <summary>Undoes <see cref="Pin"/>; the last one gives a block back whose tenancy has ended meanwhile.</summary>
    public void Unpin(ThreadContext thread)
    {
        if (Interlocked.Decrement(ref pins) == 0 && Volatile.Read(ref isReturnDue) != 0 && ClaimReturn()) Pool.ReturnNow(thread, this);
    }

    /// <summary>True if the block, whose tenancy has just ended, is pinned: then who unpins it gives it back.</summary>
    public bool Defers => Volatile.Read(ref pins) != 0 && Defer();

    // Either this sees that the pins are gone, or who takes the last one out sees that a return is due; if both do, one claims it.
    private bool Defer()
    {
        Interlocked.Exchange(ref isReturnDue, 1);
        return Volatile.Read(ref pins) != 0 || !ClaimReturn();
    }

    private bool ClaimReturn() => Interlocked.Exchange(ref isReturnDue, 0) != 0;
}
