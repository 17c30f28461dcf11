namespace DeepNet.Devices;

/// <summary>Where a pool gets its blocks from: the system's memory, or a GPU's.</summary>
internal interface IBlockSource
{
    /// <summary>Allocates; throws <see cref="OutOfMemoryException"/> if it cannot.</summary>
    nint Allocate(long bytes, out object? handle);

    void Free(nint pointer, object? handle, long bytes);

    /// <summary>Returns to the system what freed blocks left with the allocator.</summary>
    void Trim() { }
}
