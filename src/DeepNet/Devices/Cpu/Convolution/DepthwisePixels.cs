using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions of each channel alone, over images whose channels lie side by side: a vector holds neighbouring channels, so
/// strides, dilations and borders cost nothing. Taps are added in order, and sums over images by runs of them.
/// </summary>
internal static unsafe class DepthwisePixels
{
    private const int MostRuns = 16;

    /// <summary>True for images (signals have one row, and no such layout) with as many outputs as channels, in whole vectors.</summary>
    public static bool Suits(in Lattice lattice) => lattice.IsDepthwise && lattice.OutPerGroup == 1 && lattice.In % 8 == 0 && lattice.Rows.Input > 1;

    /// <summary>Parts of the batch with a sum each.</summary>
    public static int Runs(in Lattice lattice) => Math.Clamp(lattice.Batch, 1, MostRuns);

    /// <summary>Elements for the weight with its channels side by side.</summary>
    public static nint RoomForTaps(in Lattice lattice) => (nint)lattice.Kernel * lattice.In;

    /// <summary>Elements for the sums of the weight's gradient.</summary>
    public static nint RoomForSums(in Lattice lattice) => Runs(lattice) * RoomForTaps(lattice);

    /// <summary>Images are dense with their channels side by side, the weight is as always.</summary>
    public static void Result<T>(in Lattice lattice, T* image, T* weight, T* bias, T* result, T* taps) where T : unmanaged
        => Dispatch(new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Bias = bias, Result = result }, DepthwiseStep.Result, taps);

    /// <inheritdoc cref="Result"/>
    public static void Image<T>(in Lattice lattice, T* result, T* weight, T* image, T* taps) where T : unmanaged
    {
        if (lattice.Rows.Stride == 1 && lattice.Columns.Stride == 1)
        {
            // Without steps it is a convolution itself, with the taps in reverse.
            var mirrored = lattice with { Rows = lattice.Rows.Mirrored, Columns = lattice.Columns.Mirrored };
            Dispatch(new DepthwiseJob { Lattice = mirrored, Image = result, Weight = weight, Result = image, IsMirrored = true }, DepthwiseStep.Result, taps);
            return;
        }
        Dispatch(new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Result = result }, DepthwiseStep.Image, taps);
    }

    /// <inheritdoc cref="Result"/>
    public static void Weight<T>(in Lattice lattice, T* image, T* result, T* weight, T* sums) where T : unmanaged
        => Dispatch(new DepthwiseJob { Lattice = lattice, Image = image, Weight = weight, Result = result }, DepthwiseStep.Weight, sums);

    private static void Dispatch<TElement>(in DepthwiseJob job, DepthwiseStep step, TElement* room) where TElement : unmanaged
    {
        var call = new Call(job, step, room);
        Simd.Run(DTypes.Of<TElement>(), ref call);
    }

    private readonly struct Call(DepthwiseJob job, DepthwiseStep step, void* room) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => DepthwisePixels.Run<V, T>(job, step, (T*)room);
    }

    private static void Run<V, T>(in DepthwiseJob job, DepthwiseStep step, T* room) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        int channels = job.Lattice.In, kernel = job.Lattice.Kernel;
        T* weight = (T*)job.Weight;
        var body = new DepthwisePixelBody<V, T>(job, step, room);
        if (step == DepthwiseStep.Weight)
        {
            int runs = Runs(job.Lattice);
            WorkerPool.ForEach(runs, ref body);
            for (nint at = 0; at < (nint)kernel * channels; at += V.Lanes)
            {
                int lanes = (int)Math.Min(V.Lanes, (nint)kernel * channels - at);
                V sum = V.Constant(0);
                for (int run = 0; run < runs; run++) sum += DepthwisePixelBody<V, T>.Load(room + run * (nint)kernel * channels + at, lanes);
                DepthwisePixelBody<V, T>.Store(sum, room + at, lanes);
            }
            for (int channel = 0; channel < channels; channel++)
                for (int tap = 0; tap < kernel; tap++) weight[(nint)channel * kernel + tap] = room[(nint)tap * channels + channel];
            return;
        }
        for (int channel = 0; channel < channels; channel++)
            for (int tap = 0; tap < kernel; tap++) room[(nint)tap * channels + channel] = weight[(nint)channel * kernel + (job.IsMirrored ? kernel - 1 - tap : tap)];
        bool isResult = step == DepthwiseStep.Result;
        nint rows = (nint)job.Lattice.Batch * (isResult ? job.Lattice.Rows.Output : job.Lattice.Rows.Input);
        long work = (long)(isResult ? job.Lattice.Columns.Output : job.Lattice.Columns.Input) * kernel * channels;
        WorkerPool.For(rows, (nint)((1 << 16) / Math.Max(1, work) + 1), ref body);
    }
}
