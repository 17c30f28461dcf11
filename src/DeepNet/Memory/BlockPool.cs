using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DeepNet.Devices;

/// <summary>
/// The memory of one device. Blocks come in size classes from a thread's own front or from shared shelves. Nobody has to
/// give one back: when rented bytes pass a budget, the young generations are collected and the blocks swept whose owner died.
/// </summary>
internal sealed class BlockPool
{
    /// <summary>
    /// What a block counts for in the budget besides its bytes. Tiny tensors are swept after some thousands, not after the
    /// hundreds of thousands that fill the budget: those would all be cold in the cache when their turn comes again.
    /// </summary>
    public const long BlockWeight = 1 << 10;

    private const long FlushAt = 1 << 20;
    private const long MinimumBudget = 16 << 20;
    private const long MinimumCacheToTrim = 256 << 20;

    private static int pools;

    // Made early: Trim allocates nothing, for the managed heap may be full.
    private static readonly Predicate<Block> IsGone = block => block.IsGone;

    private readonly IBlockSource source;

    /// <summary>Gets the leases that are open on blocks of the pool.</summary>
    public OpenLeases Leases { get; } = new();

    /// <summary>Gets where the blocks come from.</summary>
    public IBlockSource Source => source;

    private readonly BlockShelf[] shelves = new BlockShelf[SizeClass.Count];
    private readonly List<Block> all = [];
    private readonly Lock gate = new();
    private long rented, rentedBlocks, reserved, peak;
    private long budget = MinimumBudget, weightAtFullCollection;
    private int lastSweptCollection;

    public BlockPool(Device device, IBlockSource source)
    {
        Device = device;
        this.source = source;
        Index = Interlocked.Increment(ref pools) - 1;
        for (int i = 0; i < shelves.Length; i++) shelves[i] = new BlockShelf();
    }

    public Device Device { get; }

    /// <summary>Its place in <see cref="ThreadContext.Fronts"/>.</summary>
    public int Index { get; }

    /// <summary>The most bytes to hold from the system, in use or cached.</summary>
    public long Limit { get; set; } = long.MaxValue;

    public long ReservedBytes => Volatile.Read(ref reserved);
    public long PeakBytes => Math.Max(Volatile.Read(ref peak), Volatile.Read(ref rented));
    public void ResetPeak() => Volatile.Write(ref peak, LiveBytes());

    [MethodImpl(NoInlining)]
    public Storage Rent(ThreadContext thread, DType dtype, Shape shape)
    {
        if (shape.Count > SizeClass.Maximum / sizeof(double) && shape.Count > SizeClass.Maximum / dtype.Size())
            throw TooLarge(dtype, shape);
        int sizeClass = SizeClass.Of(shape.Count * dtype.Size(), out long size);
        var storage = NewStorage(dtype, shape);         // first: no block is in hand yet that could get lost
        var front = Front(thread);
        if (front.DeltaWeight + size + BlockWeight > FlushAt && Settle(front) + size + BlockWeight > budget) Reclaim(front, size);
        var block = front.TryTake(sizeClass) ?? TakeSlow(front, sizeClass, size);
        front.Delta += size;                            // not before: what could not be had was never held
        front.DeltaBlocks++;
        if (size > FlushAt) Settle(front);
        int tenancy = block.Tenancy + 1;
        storage.Begin(block, tenancy);
        block.Owner.SetTarget(storage);                 // the owner first: a sweep must never see a rented block without one
        Volatile.Write(ref block.Tenancy, tenancy);
        if (Listener.IsOn) Announce(thread, storage);
        thread.Scope?.Made(storage);
        return storage;
    }

    private static void Announce(ThreadContext thread, Storage storage)
    {
        if (Storage.TrackOrigins) storage.Origin = WhereFrom();
        for (var listener = thread.Listener; listener is not null; listener = listener.Outer) listener.Made(storage);
    }

    // A method of its own: locals of one that catches live in memory.
    [MethodImpl(NoInlining)]
    private Storage NewStorage(DType dtype, Shape shape)
    {
        try
        {
            return new Storage(dtype, shape);
        }
        catch (OutOfMemoryException)
        {
            // The managed heap is full, perhaps with what stands for cached blocks.
            ReclaimAll();
            Trim();
            return new Storage(dtype, shape);
        }
    }

    // Skips itself alone: how many of the callers above have frames of their own is the JIT's choice, and skipping a fixed number of them
    // sometimes skipped the very line that asked for the tensor.
    [MethodImpl(NoInlining)]
    private static string WhereFrom() => new StackTrace(1, true).ToString();

    /// <summary>Takes back a block whose tenancy the caller has just ended.</summary>
    public void Return(ThreadContext thread, Block block)
    {
        if (!block.Defers) ReturnNow(thread, block);
    }

    /// <summary>The same for a block that is known not to be pinned.</summary>
    public void ReturnNow(ThreadContext thread, Block block)
    {
        var front = Front(thread);
        front.Delta -= block.Bytes;
        front.DeltaBlocks--;
        if (front.DeltaWeight < -FlushAt) Settle(front);
        front.Put(block);
    }

    [MethodImpl(AggressiveInlining)]
    private ThreadFront Front(ThreadContext thread)
    {
        var fronts = thread.Fronts;
        return (uint)Index < (uint)fronts.Length && fronts[Index] is { } front ? front : NewFront(thread);
    }

    private ThreadFront NewFront(ThreadContext thread)
    {
        if (Index >= thread.Fronts.Length) Array.Resize(ref thread.Fronts, Index + 4);
        return thread.Fronts[Index] = new ThreadFront(this);
    }

    /// <summary>Adds a thread's difference to the total, and returns what that now weighs.</summary>
    public long Settle(ThreadFront front)
    {
        long now = Interlocked.Add(ref rented, front.Delta);
        long blocks = Interlocked.Add(ref rentedBlocks, front.DeltaBlocks);
        front.Delta = front.DeltaBlocks = 0;
        if (now > Volatile.Read(ref peak)) Volatile.Write(ref peak, now);
        return now + blocks * BlockWeight;
    }

    /// <summary>Gets the shared stock of a size class.</summary>
    public BlockShelf Shelf(int sizeClass) => shelves[sizeClass];

    [MethodImpl(NoInlining)]
    private Block TakeSlow(ThreadFront front, int sizeClass, long size)
    {
        if (TakeFromShelf(front, sizeClass) is { } block) return block;
        // The collector may have run of its own accord: what died then can be had without another collection.
        if (GC.CollectionCount(0) != lastSweptCollection)
        {
            Sweep();
            block = front.TryTake(sizeClass) ?? TakeFromShelf(front, sizeClass);
            if (block is not null) return block;
        }
        if (ReservedBytes + size > Limit)
        {
            ReclaimAll();
            block = front.TryTake(sizeClass) ?? TakeFromShelf(front, sizeClass);
            if (block is not null) return block;
            Trim();
            if (ReservedBytes + size > Limit) throw OutOfMemory(size, null);
        }
        return Allocate(sizeClass, size);
    }

    private Block Allocate(int sizeClass, long size)
    {
        try
        {
            return Create(sizeClass, size);
        }
        catch (OutOfMemoryException)
        {
            ReclaimAll();
            Trim();
            try
            {
                return Create(sizeClass, size);
            }
            catch (OutOfMemoryException e)
            {
                throw OutOfMemory(size, e);
            }
        }
    }

    // All or nothing: the managed heap may be full as well, and memory that no block stands for would never come back.
    private Block Create(int sizeClass, long size)
    {
        lock (gate) all.EnsureCapacity(all.Count + 1);
        var shelf = shelves[sizeClass];
        lock (shelf) shelf.Reserve();
        MemoryBlock memory = default;
        try
        {
            memory = source.Allocate(size);
            var block = new Block(this, memory, sizeClass);
            lock (gate) all.Add(block);
            Interlocked.Add(ref reserved, size);
            return block;
        }
        catch
        {
            lock (shelf) shelf.Unreserve();
            if (memory.Pointer != 0) source.Free(memory);
            throw;
        }
    }

    private Block? TakeFromShelf(ThreadFront front, int sizeClass)
    {
        var shelf = shelves[sizeClass];
        lock (shelf)
        {
            var block = shelf.TryPop();
            // Half a front at once, so that a thread comes back here rarely.
            int more = Math.Min(front.Prepare(sizeClass) / 2, shelf.Count);
            for (int i = 0; i < more; i++) front.Put(shelf.TryPop()!);
            return block;
        }
    }

    private OutOfMemoryException TooLarge(DType dtype, Shape shape) => new(
        $"{Device.Name}: a {dtype.Name()} tensor of shape {shape} has {shape.Count} elements, which no machine has the memory for. Is "
        + "an axis wrong, or did two shapes broadcast that should not?");

    private OutOfMemoryException OutOfMemory(long size, Exception? inner)
    {
        string why = Limit < long.MaxValue && inner is null ? $"; Memory.Limit is {MemoryReport.Size(Limit)}" : "";
        return new OutOfMemoryException(
            $"{Device.Name}: no room for another {MemoryReport.Size(size)}{why}.\n{MemoryReport.Table(this)}", inner);
    }

    /// <summary>Takes back every block whose owner nobody refers to any more.</summary>
    public void Sweep()
    {
        lock (gate)
        {
            lastSweptCollection = GC.CollectionCount(0);
            var thread = ThreadContext.Current;
            foreach (var block in CollectionsMarshal.AsSpan(all))
            {
                int tenancy = Volatile.Read(ref block.Tenancy);
                if ((tenancy & 1) != 0 && !block.Owner.TryGetTarget(out _) && block.TryEnd(tenancy)) Return(thread, block);
            }
        }
    }

    /// <summary>The budget is used up: collect what is young, sweep, and set the next budget by what is left.</summary>
    [MethodImpl(NoInlining)]
    private void Reclaim(ThreadFront front, long wanted)
    {
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        Sweep();
        long weight = Settle(front) + wanted + BlockWeight;
        // Only as much as came alive since the last full collection can be hiding in the oldest generation.
        if (weight > 2 * weightAtFullCollection + MinimumBudget)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            Sweep();
            weight = Settle(front) + wanted + BlockWeight;
            weightAtFullCollection = weight;
            if (ReservedBytes + all.Count * BlockWeight - weight > Math.Max(MinimumCacheToTrim, weight)) Trim();
        }
        SetBudget(weight);
    }

    private void SetBudget(long weight) => budget = weight + Math.Max(MinimumBudget, weight / 2);

    /// <summary>Collects everything and sweeps.</summary>
    public void ReclaimAll()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);
        Sweep();
        weightAtFullCollection = Settle(Front(ThreadContext.Current));
        SetBudget(weightAtFullCollection);
    }

    /// <summary>
    /// Returns this thread's free blocks and those on the shared shelves to the system. Allocates nothing: memory may be what is short.
    /// </summary>
    public void Trim()
    {
        Front(ThreadContext.Current).ReturnAll();
        lock (gate)
        {
            foreach (var shelf in shelves)
                lock (shelf)
                    while (shelf.TryPop() is { } block)
                    {
                        source.Free(block.Memory);
                        block.Owner.Dispose();
                        shelf.Unreserve();
                        Interlocked.Add(ref reserved, -block.Bytes);
                    }
            all.RemoveAll(IsGone);
            source.Trim();
        }
    }

    /// <summary>Exactly what is rented at this moment.</summary>
    public long LiveBytes()
    {
        long sum = 0;
        lock (gate)
            foreach (var block in all)
                if (block.IsRented) sum += block.Bytes;
        return sum;
    }

    /// <summary>The storages that are alive.</summary>
    public List<Storage> LiveStorages()
    {
        var live = new List<Storage>();
        lock (gate)
            foreach (var block in all)
                if (block.IsRented && block.Owner.TryGetTarget(out var owner)) live.Add(owner);
        return live;
    }
}
