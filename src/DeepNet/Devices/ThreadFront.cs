namespace DeepNet.Devices;

/// <summary>
/// A thread's own stock of free blocks of one pool: renting and returning touch no lock while it lasts. The blocks are linked
/// to each other, so that taking one back allocates nothing and cannot fail when the managed heap is full.
/// </summary>
internal sealed class ThreadFront(BlockPool pool)
{
    private readonly Block?[] tops = new Block?[SizeClass.Count];
    private readonly int[] counts = new int[SizeClass.Count];

    /// <summary>Bytes rented less bytes returned since the pool's total was last told.</summary>
    public long Delta;

    /// <summary>The same in blocks.</summary>
    public long DeltaBlocks;

    /// <summary>The weight of the difference in the pool's budget.</summary>
    public long DeltaWeight => Delta + DeltaBlocks * BlockPool.BlockWeight;

    /// <summary>Small blocks by the hundred, large ones by the handful.</summary>
    public static int Capacity(int sizeClass) => sizeClass < 40 ? 256 : 16;

    public Block? TryTake(int sizeClass)
    {
        var block = tops[sizeClass];
        if (block is null) return null;
        tops[sizeClass] = block.Next;
        counts[sizeClass]--;
        return block;
    }

    /// <summary>Adds a block; when the stock is full, half of it moves to the pool's shared stock.</summary>
    public void Put(Block block)
    {
        int sizeClass = block.SizeClass;
        if (counts[sizeClass] == Capacity(sizeClass)) Shelve(sizeClass, Capacity(sizeClass) / 2);
        block.Next = tops[sizeClass];
        tops[sizeClass] = block;
        counts[sizeClass]++;
    }

    /// <summary>Gives everything to the shared stock: the thread has ended.</summary>
    public void ReturnAll()
    {
        for (int c = 0; c < counts.Length; c++)
            if (counts[c] > 0) Shelve(c, counts[c]);
        pool.Settle(this);
    }

    private void Shelve(int sizeClass, int count)
    {
        var shelf = pool.Shelf(sizeClass);
        lock (shelf)
            for (int i = 0; i < count; i++) shelf.Push(TryTake(sizeClass)!);
    }
}
