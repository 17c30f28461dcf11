namespace DeepNet.Devices;

/// <summary>Free blocks of one size class that any thread may take, linked to each other. Whoever uses it holds its lock.</summary>
internal sealed class BlockShelf
{
    private Block? top;

    /// <summary>Gets the number of blocks.</summary>
    public int Count { get; private set; }

    public void Push(Block block)
    {
        block.Next = top;
        top = block;
        Count++;
    }

    public Block? TryPop()
    {
        var block = top;
        if (block is null) return null;
        top = block.Next;
        block.Next = null;
        Count--;
        return block;
    }
}
