namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions in which every output depends on one channel: there is nothing to multiply matrices for. A channel is copied
/// once into a plane with its zeros around it, and all taps of an output row are added up in registers.
/// </summary>
internal static unsafe class Depthwise
{
    public static void Result<T>(in ConvolutionGeometry geometry, T* image, T* weight, T* bias, T* result) where T : unmanaged
    {
        var job = new DepthwiseJob { ConvolutionGeometry = geometry, Image = image, Weight = weight, Bias = bias, Result = result };
        Dispatch<T>(job, DepthwiseStep.Result, (nint)geometry.Batch * geometry.Groups);
    }

    public static void Image<T>(in ConvolutionGeometry geometry, T* result, T* weight, T* image) where T : unmanaged
    {
        nint tasks = (nint)geometry.Batch * geometry.Groups;
        if (geometry.Rows.Stride == 1 && geometry.Columns.Stride == 1 && geometry.OutPerGroup == 1)
        {
            // Without steps it is a convolution itself, with the taps in reverse: that adds up in registers.
            var mirrored = geometry with { Rows = geometry.Rows.Mirrored, Columns = geometry.Columns.Mirrored };
            Dispatch<T>(new DepthwiseJob
            {
                ConvolutionGeometry = mirrored, Image = result, Weight = weight, Result = image,
                IsMirrored = true
            }, DepthwiseStep.Result, tasks);
            return;
        }
        Dispatch<T>(new DepthwiseJob { ConvolutionGeometry = geometry, Image = image, Weight = weight, Result = result },
            DepthwiseStep.Image, tasks);
    }

    public static void Weight<T>(in ConvolutionGeometry geometry, T* image, T* result, T* weight) where T : unmanaged
    {
        var job = new DepthwiseJob { ConvolutionGeometry = geometry, Image = image, Weight = weight, Result = result };
        Dispatch<T>(job, DepthwiseStep.Weight, geometry.Groups);
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
            long sums = (long)job.ConvolutionGeometry.ResultPlane * job.ConvolutionGeometry.OutPerGroup
                * (step == DepthwiseStep.Weight ? job.ConvolutionGeometry.Batch : 1);
            WorkerPool.For(tasks, (nint)((1 << 16) / Math.Max(1, sums * job.ConvolutionGeometry.Kernel) + 1), ref body);
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
    public ConvolutionGeometry ConvolutionGeometry;
    public void* Image, Weight, Bias, Result;

    /// <summary>Takes the taps of the kernel from the last to the first.</summary>
    public bool IsMirrored;
}
