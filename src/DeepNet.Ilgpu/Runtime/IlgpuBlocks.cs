using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace DeepNet.Ilgpu;

/// <summary>Device memory for the pool: buffers of bytes, which kernels see as views of elements.</summary>
internal sealed unsafe class IlgpuBlocks(IlgpuDevice device) : IBlockSource
{
    public MemoryBlock Allocate(long bytes)
    {
        try
        {
            lock (device.Gate)
            {
                device.Bind();
                var buffer = device.Accelerator.AllocateRaw(bytes, 1);
                return new(buffer.NativePtr != 0 ? buffer.NativePtr : 1, buffer, bytes);
            }
        }
        catch (Exception e) when (IsExhausted(e))
        {
            throw new OutOfMemoryException($"{device.Name} has no {bytes} bytes left.", e);
        }
    }

    public void Free(MemoryBlock block)
    {
        // Kernels that still use it were queued before: the driver's own freeing waits for them, OpenCL counts references.
        lock (device.Gate)
        {
            device.Bind();
            ((MemoryBuffer)block.Handle!).Dispose();
        }
    }

    public void Upload(void* from, MemoryBlock to, long offset, long bytes)
    {
        if (bytes == 0) return;
        lock (device.Gate)
        {
            device.Bind();
            device.Staging.Upload((byte*)from, Part(to, offset, bytes));
        }
    }

    // What else has come to light by then is told: one wait for both.
    public void Download(MemoryBlock from, long offset, long bytes, void* to)
    {
        if (bytes > 0) device.Later.Look(Part(from, offset, bytes), to);
        else device.Later.Look();
    }

    private static ArrayView<byte> Part(MemoryBlock block, long offset, long bytes) => new((MemoryBuffer)block.Handle!, offset, bytes);

    private static bool IsExhausted(Exception e) => e switch
    {
        OutOfMemoryException => true,
        CudaException cuda => cuda.Error.Contains("OUT_OF_MEMORY", StringComparison.OrdinalIgnoreCase),
        CLException cl => cl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES
            or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE,
        _ => false,
    };
}
