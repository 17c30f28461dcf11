namespace DeepNet.Devices;

/// <summary>A thread's own stock of free blocks of one pool: renting and returning touch no lock while it lasts.</summary>
internal sealed class ThreadFront(BlockPool pool)
{
    private readonly Block?[]?[] blocks = new Block?[SizeClass.Count][];
    private readonly int[] counts = new int[SizeClass.Count];

    /// <summary>Bytes rented less bytes returned since the pool's total was last told.</summary>
    public long Delta;

    /// <summary>The same in blocks.</summary>
    public long DeltaBlocks;

    /// <summary>What the difference counts for in the pool's budget.</summary>
    public long DeltaWeight => Delta + DeltaBlocks * BlockPool.BlockWeight;

    /// <summary>Small blocks by the hundred, large ones by the handful.</summary>
    public static int Capacity(int sizeClass) => sizeClass < 40 ? 256 : 16;

    public Block? TryTake(int sizeClass)
    {
        int n = counts[sizeClass];
        if (n == 0) return null;
        counts[sizeClass] = --n;
        return blocks[sizeClass]![n];
    }

    /// <summary>Adds a block; when the stock is full, half of it moves to the pool's shared stock.</summary>
    public void Put(Block block)
    {
        int sizeClass = block.SizeClass;
        var stock = blocks[sizeClass] ??= new Block?[Capacity(sizeClass)];
        int n = counts[sizeClass];
        if (n == stock.Length)
        {
            n /= 2;
            pool.Shelve(sizeClass, stock.AsSpan(n)!);
        }
        stock[n] = block;
        counts[sizeClass] = n + 1;
    }

    /// <summary>Gives everything to the shared stock: the thread has ended.</summary>
    public void ReturnAll()
    {
        for (int c = 0; c < counts.Length; c++)
        {
            if (counts[c] == 0) continue;
            pool.Shelve(c, blocks[c].AsSpan(0, counts[c])!);
            counts[c] = 0;
        }
        pool.Settle(this);
    }
}
