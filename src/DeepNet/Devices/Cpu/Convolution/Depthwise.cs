using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions in which every output depends on one channel: there is nothing to multiply matrices for. A channel is copied
/// once into a plane with its zeros around it, and all taps of an output row are added up in registers.
/// </summary>
internal static unsafe class Depthwise
{
    public static void Result<T>(in Lattice lattice, T* image, T* weight, T* bias, T* result) where T : unmanaged
    {
        var job = new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Bias = bias, Result = result };
        Dispatch<T>(job, DepthwiseStep.Result, (nint)lattice.Batch * lattice.Groups);
    }

    public static void Image<T>(in Lattice lattice, T* result, T* weight, T* image) where T : unmanaged
    {
        nint tasks = (nint)lattice.Batch * lattice.Groups;
        if (lattice.Rows.Stride == 1 && lattice.Columns.Stride == 1 && lattice.OutPerGroup == 1)
        {
            // Without steps it is a convolution itself, with the taps in reverse: that adds up in registers.
            var mirrored = lattice with { Rows = lattice.Rows.Mirrored, Columns = lattice.Columns.Mirrored };
            Dispatch<T>(new DepthwiseJob { Lattice = mirrored, Image = result, Weight = weight, Result = image, IsMirrored = true }, DepthwiseStep.Result, tasks);
            return;
        }
        Dispatch<T>(new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Result = result }, DepthwiseStep.Image, tasks);
    }

    public static void Weight<T>(in Lattice lattice, T* image, T* result, T* weight) where T : unmanaged
    {
        var job = new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Result = result };
        Dispatch<T>(job, DepthwiseStep.Weight, lattice.Groups);
    }

    private static void Dispatch<TElement>(in DepthwiseJob job, DepthwiseStep step, nint tasks) where TElement : unmanaged
    {
        var call = new Call(job, step, tasks);
        Simd.RunLanes(DTypes.Of<TElement>(), ref call);
    }

    private readonly struct Call(DepthwiseJob job, DepthwiseStep step, nint tasks) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new DepthwiseBody<TLanes, TVector, T>(job, step);
            long sums = (long)job.Lattice.ResultPlane * job.Lattice.OutPerGroup * (step == DepthwiseStep.Weight ? job.Lattice.Batch : 1);
            WorkerPool.For(tasks, (nint)((1 << 16) / Math.Max(1, sums * job.Lattice.Kernel) + 1), ref body);
        }
    }
}

/// <summary>Which of the three tensors is computed.</summary>
internal enum DepthwiseStep
{
    Result,
    Image,
    Weight,
}

/// <summary>The operands, their element type left open.</summary>
internal unsafe struct DepthwiseJob
{
    public Lattice Lattice;
    public void* Image, Weight, Bias, Result;

    /// <summary>Takes the taps of the kernel from the last to the first.</summary>
    public bool IsMirrored;
}
