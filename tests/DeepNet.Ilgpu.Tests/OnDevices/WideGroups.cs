using ILGPU;
using ILGPU.Runtime.CPU;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// The interpreter with groups as large as a GPU's, and so with a GPU's kernels: tiles of 128, folding over 256 threads. Slow, a thread of
/// the system for each thread of a group, and for few tests therefore.
/// </summary>
internal static class WideGroups
{
    private static readonly Lazy<IlgpuDevice> Made = new(() =>
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(16, 16, 1)).Optimize(OptimizationLevel.O1));
        var device = new IlgpuDevice("ilgpu-cpu-wide", context, context.GetCPUDevice(0));
        _ = device.Accelerator;
        return device;
    });

    /// <summary>With so many multiprocessors as a GPU of the given size would have.</summary>
    public static IlgpuDevice Device(int processors = 64)
    {
        Made.Value.Processors = processors;
        return Made.Value;
    }
}
