namespace DeepNet.Devices;

/// <summary>Provides a pool with blocks of memory, and copies to and from them: of the system's memory, or of a GPU's.</summary>
public interface IBlockSource
{
    /// <summary>Allocates a block of undefined content; throws <see cref="OutOfMemoryException"/> if it cannot.</summary>
    MemoryBlock Allocate(long bytes);

    /// <summary>Frees a block, which kernels that were asked for may still use.</summary>
    void Free(MemoryBlock block);

    /// <summary>Copies from the caller's memory into a block, from a byte of it on.</summary>
    unsafe void Upload(void* from, MemoryBlock to, long offset, long bytes);

    /// <summary>Copies from a block, from a byte of it on, to the caller's memory, waiting for whatever produces it.</summary>
    unsafe void Download(MemoryBlock from, long offset, long bytes, void* to);

    /// <summary>Returns to the system what freed blocks left with the allocator.</summary>
    void Trim() { }
}
