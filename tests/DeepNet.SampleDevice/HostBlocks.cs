using System.Runtime.InteropServices;

namespace DeepNet.SampleDevice;

/// <summary>The device's memory: here the system's. The pool of the core keeps what is freed and asks for more.</summary>
internal sealed unsafe class HostBlocks : IBlockSource
{
    public MemoryBlock Allocate(long bytes) => new((nint)NativeMemory.AlignedAlloc((nuint)bytes, 64), null, bytes);

    public void Free(MemoryBlock block) => NativeMemory.AlignedFree((void*)block.Pointer);

    public void Upload(void* from, MemoryBlock to, long offset, long bytes)
        => Buffer.MemoryCopy(from, (byte*)to.Pointer + offset, bytes, bytes);

    public void Download(MemoryBlock from, long offset, long bytes, void* to)
        => Buffer.MemoryCopy((byte*)from.Pointer + offset, to, bytes, bytes);
}
