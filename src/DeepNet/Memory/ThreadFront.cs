namespace DeepNet.Devices;

/// <summary>
/// A thread's own stock of free blocks of one pool: renting and returning touch no lock while it lasts. Taking a block back allocates
/// nothing and cannot fail when the managed heap is full.
/// </summary>
internal sealed class ThreadFront(BlockPool pool)
{
    // A stock is made when its thread first rents a block of the class. Blocks of other classes, from sweeps, go to the shared stock.
    private readonly Block?[][] stocks = NoStocks();
    private readonly int[] counts = new int[SizeClass.Count];

    /// <summary>Bytes rented less bytes returned since the pool's total was last told.</summary>
    public long Delta;

    /// <summary>The same in blocks.</summary>
    public long DeltaBlocks;

    /// <summary>The weight of the difference in the pool's budget.</summary>
    public long DeltaWeight => Delta + DeltaBlocks * BlockPool.BlockWeight;

    public Block? TryTake(int sizeClass)
    {
        int n = counts[sizeClass] - 1;
        if (n < 0) return null;
        counts[sizeClass] = n;
        return stocks[sizeClass][n];
    }

    /// <summary>Adds a block; when the stock is full, half of it moves to the pool's shared stock.</summary>
    public void Put(Block block)
    {
        int sizeClass = block.SizeClass, n = counts[sizeClass];
        var stock = stocks[sizeClass];
        if ((uint)n < (uint)stock.Length)
        {
            stock[n] = block;
            counts[sizeClass] = n + 1;
        }
        else
        {
            PutSlow(block);
        }
    }

    /// <summary>
    /// Makes the stock of a class if there is none, small blocks by the hundred and large ones by the handful, and returns its size.
    /// </summary>
    public int Prepare(int sizeClass)
    {
        if (stocks[sizeClass].Length == 0) stocks[sizeClass] = new Block?[sizeClass < 40 ? 256 : 16];
        return stocks[sizeClass].Length;
    }

    /// <summary>Gives everything to the shared stock: the thread has ended.</summary>
    public void ReturnAll()
    {
        for (int c = 0; c < counts.Length; c++) Shelve(c, counts[c]);
        pool.Settle(this);
    }

    private void PutSlow(Block block)
    {
        int sizeClass = block.SizeClass;
        Shelve(sizeClass, counts[sizeClass] / 2);
        if (stocks[sizeClass].Length > 0)
        {
            Put(block);
            return;
        }
        var shelf = pool.Shelf(sizeClass);
        lock (shelf) shelf.Push([block]);
    }

    // Places above the count may still refer to blocks that were taken; what moves to the shared stock must not stay here.
    private void Shelve(int sizeClass, int count)
    {
        if (count == 0) return;
        var shelf = pool.Shelf(sizeClass);
        int left = counts[sizeClass] - count;
        lock (shelf) shelf.Push(stocks[sizeClass].AsSpan(left, count));
        stocks[sizeClass].AsSpan(left).Clear();
        counts[sizeClass] = left;
    }

    private static Block?[][] NoStocks()
    {
        var stocks = new Block?[SizeClass.Count][];
        Array.Fill(stocks, []);
        return stocks;
    }
}
