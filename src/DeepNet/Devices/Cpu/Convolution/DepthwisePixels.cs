namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions of each channel alone, over images whose channels lie side by side: a vector holds neighbouring channels, so
/// strides, dilations and borders cost nothing. Taps are added in order, and sums over images by runs of them.
/// </summary>
internal static unsafe class DepthwisePixels
{
    private const int MostRuns = 16;

    /// <summary>True for images (signals have one row, and no such layout) with as many outputs as channels, in whole vectors.</summary>
    public static bool Suits(in ConvolutionGeometry geometry)
        => geometry.IsDepthwise && geometry.OutPerGroup == 1 && geometry.In % 8 == 0 && geometry.Rows.Input > 1;

    /// <summary>Parts of the batch with a sum each.</summary>
    public static int Runs(in ConvolutionGeometry geometry) => Math.Clamp(geometry.Batch, 1, MostRuns);

    /// <summary>Elements for the weight with its channels side by side.</summary>
    public static nint WorkspaceForTaps(in ConvolutionGeometry geometry) => (nint)geometry.Kernel * geometry.In;

    /// <summary>Elements for the sums of the weight's gradient.</summary>
    public static nint WorkspaceForSums(in ConvolutionGeometry geometry) => Runs(geometry) * WorkspaceForTaps(geometry);

    /// <summary>Images are dense with their channels side by side, the weight is as always.</summary>
    public static void Run<TElement>(in DepthwiseJob job, TElement* workspace) where TElement : unmanaged
    {
        var call = new Call(job, workspace);
        Simd.Run(DTypes.Of<TElement>(), ref call);
    }

    private readonly struct Call(DepthwiseJob job, void* workspace) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => DepthwisePixels.Run<V, T>(job, (T*)workspace);
    }

    private static void Run<V, T>(in DepthwiseJob job, T* workspace) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int channels = job.ConvolutionGeometry.In, kernel = job.ConvolutionGeometry.Kernel;
        T* weight = (T*)job.Weight;
        var body = new DepthwisePixelBody<V, T>(job, workspace);
        if (job.Step == DepthwiseStep.Weight)
        {
            int runs = Runs(job.ConvolutionGeometry);
            WorkerPool.ForEach(runs, ref body);
            for (nint at = 0; at < (nint)kernel * channels; at += V.Lanes)
            {
                var part = new SomeLanes((nint)kernel * channels - at);
                V sum = V.Constant(0);
                for (int run = 0; run < runs; run++) sum += part.Load<V, T>(workspace + run * (nint)kernel * channels + at);
                part.Store(sum, workspace + at);
            }
            for (int channel = 0; channel < channels; channel++)
                for (int tap = 0; tap < kernel; tap++) weight[(nint)channel * kernel + tap] = workspace[(nint)tap * channels + channel];
            return;
        }
        for (int channel = 0; channel < channels; channel++)
            for (int tap = 0; tap < kernel; tap++)
                workspace[(nint)tap * channels + channel] = weight[(nint)channel * kernel + (job.IsMirrored ? kernel - 1 - tap : tap)];
        bool isResult = job.Step == DepthwiseStep.Result;
        nint rows = (nint)job.ConvolutionGeometry.Batch
            * (isResult ? job.ConvolutionGeometry.Rows.Output : job.ConvolutionGeometry.Rows.Input);
        long work = (long)(isResult ? job.ConvolutionGeometry.Columns.Output : job.ConvolutionGeometry.Columns.Input) * kernel * channels;
        WorkerPool.For(rows, (nint)((1 << 16) / Math.Max(1, work) + 1), ref body);
    }
}
