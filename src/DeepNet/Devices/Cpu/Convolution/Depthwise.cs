namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions in which every output depends on one channel: there is nothing to multiply matrices for. A channel is copied
/// once into a plane with its zeros around it, and all taps of an output row are added up in registers.
/// </summary>
internal static class Depthwise
{
    public static void Run<TLanes, TVector, T>(in DepthwiseJob job)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
    {
        var geometry = job.ConvolutionGeometry;
        bool isWeight = job.Step == DepthwiseStep.Weight;
        var body = new DepthwiseBody<TLanes, TVector, T>(job);
        long sums = (long)geometry.ResultPlane * geometry.OutPerGroup * (isWeight ? geometry.Batch : 1);
        WorkerPool.For(
            (nint)geometry.Groups * (isWeight ? 1 : geometry.Batch), (nint)((1 << 16) / Math.Max(1, sums * geometry.Kernel) + 1), ref body);
    }
}

/// <summary>Specifies which of the three tensors is computed.</summary>
internal enum DepthwiseStep
{
    Result,
    Image,
    Weight,
}

/// <summary>The operands, their element type left open.</summary>
internal unsafe struct DepthwiseJob
{
    public DepthwiseStep Step;
    public ConvolutionGeometry ConvolutionGeometry;
    public void* Image, Weight, Bias, Result;

    /// <summary>Takes the taps of the kernel from the last to the first.</summary>
    public bool IsMirrored;

    /// <summary>The gradient of the image. Without steps it is a convolution itself, with the taps in reverse.</summary>
    public static DepthwiseJob ForImage(in ConvolutionGeometry geometry, void* result, void* weight, void* image)
        => geometry.Rows.Stride == 1 && geometry.Columns.Stride == 1 && geometry.OutPerGroup == 1
            ? new()
            {
                ConvolutionGeometry = geometry with { Rows = geometry.Rows.Mirrored, Columns = geometry.Columns.Mirrored },
                Image = result, Weight = weight, Result = image, IsMirrored = true,
            }
            : new()
            {
                Step = DepthwiseStep.Image, ConvolutionGeometry = geometry, Image = image, Weight = weight, Result = result,
            };
}
