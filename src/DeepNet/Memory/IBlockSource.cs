namespace DeepNet.Devices;

/// <summary>Provides a pool with blocks, and copies to and from them: of the system's memory, or of a GPU's.</summary>
internal interface IBlockSource
{
    /// <summary>Allocates; throws <see cref="OutOfMemoryException"/> if it cannot.</summary>
    nint Allocate(long bytes, out object? handle);

    void Free(nint pointer, object? handle, long bytes);

    /// <summary>Copies from the caller's memory into a block, from a byte of it on.</summary>
    unsafe void Upload(void* from, Block to, long offset, long bytes);

    /// <summary>Copies from a block, from a byte of it on, to the caller's memory, waiting for whatever produces it.</summary>
    unsafe void Download(Block from, long offset, long bytes, void* to);

    /// <summary>Returns to the system what freed blocks left with the allocator.</summary>
    void Trim() { }
}
