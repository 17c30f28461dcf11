using ILGPU.Runtime.OpenCL;

namespace DeepNet.Ilgpu;

/// <summary>A kernel on a device.</summary>
/// <param name="launch">Launches it.</param>
/// <param name="threads">Threads that its groups may have there, a power of two.</param>
internal sealed class Loaded<TLaunch>(TLaunch launch, int threads)
{
    public readonly TLaunch Launch = launch;
    public readonly int Threads = threads;
}

internal static class Loaded
{
    /// <summary>
    /// What OpenCL's driver allows a kernel's groups: less than the device's own limit where each thread takes many registers. CUDA's
    /// compilers make do with the registers that there are.
    /// </summary>
    public static int ThreadsOf(Delegate launch, Accelerator accelerator, int most)
    {
        if (accelerator is not CLAccelerator device || launch.GetKernel() is not CLKernel kernel) return most;
        nint allowed = CLAPI.CurrentAPI.GetKernelWorkGroupInfo<nint>(
            kernel.KernelPtr, device.DeviceId, CLKernelWorkGroupInfoType.CL_KERNEL_WORK_GROUP_SIZE);
        return PowerOfTwo(allowed, most);
    }

    /// <summary>The largest power of two within both limits.</summary>
    public static int PowerOfTwo(long allowed, int most)
    {
        int threads = 1;
        while (2 * threads <= Math.Min(allowed, most)) threads *= 2;
        return threads;
    }
}
