namespace DeepNet.Devices;

/// <summary>Free blocks of one size class that any thread may take. Whoever uses it holds its lock.</summary>
internal sealed class BlockShelf
{
    private Block?[] blocks = [];
    private int made;

    /// <summary>Gets the number of blocks.</summary>
    public int Count { get; private set; }

    /// <summary>Makes room for one block more of the class, so that returning one allocates nothing when memory is short.</summary>
    public void Reserve()
    {
        if (made == blocks.Length) Array.Resize(ref blocks, Math.Max(4, 2 * made));
        made++;
    }

    /// <summary>Undoes <see cref="Reserve"/>: a block of the class is gone.</summary>
    public void Unreserve() => made--;

    public void Push(ReadOnlySpan<Block?> returned)
    {
        returned.CopyTo(blocks.AsSpan(Count));
        Count += returned.Length;
    }

    public Block? TryPop()
    {
        if (Count == 0) return null;
        var block = blocks[--Count];
        blocks[Count] = null;
        return block;
    }
}
