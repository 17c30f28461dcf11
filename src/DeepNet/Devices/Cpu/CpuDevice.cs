using System.Globalization;
using DeepNet.Devices.Cpu;

namespace DeepNet;

/// <summary>The processor. Kernels use the widest SIMD vectors the machine has and share large work among threads.</summary>
public sealed partial class CpuDevice : Device
{
    /// <summary>Elements below which a cheap elementwise kernel stays on one thread: waking others costs more than it saves.</summary>
    private const int Grain = 1 << 15;

    internal CpuDevice()
    {
        if (NarrowBinary.Warning is { } warning) Console.Error.WriteLine(warning);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override DeviceKind Kind => DeviceKind.Cpu;

    /// <inheritdoc/>
    public override string Description { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors, "
        + $"{8 * Simd.Size}-bit SIMD");

    /// <inheritdoc/>
    public override DeviceCapabilities Capabilities
        => DeviceCapabilities.Float64 | DeviceCapabilities.Float16 | DeviceCapabilities.BFloat16 | DeviceCapabilities.SmallIntegers;

    /// <inheritdoc/>
    protected internal override long TotalMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// Gets or sets the number of threads that a kernel may use. The default is the number of processors, or DEEPNET_THREADS. Results do
    /// not depend on it, to the last bit.
    /// </summary>
    public static int Threads
    {
        get => WorkerPool.Threads;
        set => WorkerPool.Threads = value;
    }

    /// <inheritdoc/>
    protected override IBlockSource CreateBlockSource() => new NativeBlocks();
}
