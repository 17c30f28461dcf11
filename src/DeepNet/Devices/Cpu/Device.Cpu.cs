namespace DeepNet;

public abstract partial class Device
{
    /// <summary>Gets the processor: SIMD kernels on a pool of worker threads.</summary>
    public static CpuDevice Cpu { get; } = new();
}
