using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <summary>The ways to compute a convolution; chosen by shape and type alone, so that results are always the same.</summary>
    private enum Algorithm
    {
        Depthwise,
        DepthwisePixels,
        Winograd,
        Pixels,
        Pointwise,
        Planes,
    }

    /// <param name="geometry">The sizes.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="outputs">Channels of what is computed; for the gradient of the weight, of the result.</param>
    private static Algorithm AlgorithmOf(in ConvolutionGeometry geometry, DType dtype, int outputs)
        => DepthwisePixels.Suits(geometry) ? Algorithm.DepthwisePixels
            : geometry.IsDepthwise ? Algorithm.Depthwise
            : Winograd.Suits(geometry, dtype) ? Algorithm.Winograd
            : PixelConvolution.Suits(geometry, outputs) ? Algorithm.Pixels
            : geometry.IsPointwise ? Algorithm.Pointwise : Algorithm.Planes;

    /// <summary>Images as the kernel reads them: it works on pixels, which may lie anyhow, or wants dense planes.</summary>
    private static Tensor Readable(Algorithm algorithm, Tensor image) => algorithm switch
    {
        Algorithm.Winograd or Algorithm.Pixels => image,
        Algorithm.DepthwisePixels => image.InChannelsLast(),
        _ => image.Contiguous(),
    };

    /// <summary>The target, or one for the time being if the kernel writes pixels that are dense.</summary>
    private static Tensor Writable(Algorithm algorithm, Tensor target)
        => algorithm != Algorithm.DepthwisePixels || target.IsChannelsLast || Tensor.IsEitherLayout(target.Shape) ? target
        : Tensor.AllocateChannelsLast(target.Shape, target.DType, target.Device);

    private static void Settle(Tensor written, Tensor target)
    {
        if (ReferenceEquals(written, target)) return;
        target.Device.Copy(written, target);
        written.Storage.Release();
    }

    /// <inheritdoc/>
    protected internal override bool KnowsChannelsLast => true;

    /// <inheritdoc/>
    protected internal override bool PrefersChannelsLast(ConvolutionGeometry geometry, DType dtype, bool isResult)
    {
        int outputs = isResult ? geometry.Out : geometry.In;
        // Signals have no second axis of pixels: nothing behind them knows the layout. Half types are copied around the kernel anyway.
        return !dtype.IsHalf() && geometry.Rows.Input > 1 && outputs % 8 == 0
            && AlgorithmOf(geometry, dtype, outputs) is Algorithm.Winograd or Algorithm.Pixels or Algorithm.DepthwisePixels;
    }

    /// <inheritdoc/>
    protected internal override void Convolve(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, Epilogue end)
    {
        if (result.Count == 0) return;
        using var wide = new Widening();
        (image, weight, result) = (wide.Read(image), wide.Read(weight), wide.Write(result));
        var algorithm = AlgorithmOf(geometry, result.DType, geometry.Out);
        var (x, w, b, y) = (Readable(algorithm, image), weight.Contiguous(), end.Bias?.Contiguous(), Writable(algorithm, result));
        // A residual is added to blocks that lie in the result itself: vectors of channels side by side.
        bool inBlocks = algorithm is Algorithm.Winograd or Algorithm.Pixels
            && (end.Residual is null || (y.IsChannelsLast && geometry.Out % (Simd.Size / y.DType.Size()) == 0));
        var residual = inBlocks ? end.Residual?.InLayoutOf(y) : end.Residual;
        var call = new ConvolveCall(algorithm, geometry, x, w, b, y, inBlocks ? end with { Residual = residual } : default);
        Simd.RunLanes(y.DType, ref call);
        if (!inBlocks) Finish(y, end);
        GiveBack(residual, end.Residual);
        Settle(y, result);
        GiveBack(x, image);
        GiveBack(w, weight);
        GiveBack(b, end.Bias);
    }

    private readonly struct ConvolveCall(
        Algorithm algorithm, ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor? bias, Tensor result, Epilogue end)
        : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var map = BlockMap.Of(end, result);
            using var workspace = new Workspace<T>(algorithm switch
            {
                Algorithm.Winograd => Winograd.WorkspaceForResult(geometry),
                Algorithm.Pixels => PixelConvolution.WorkspaceForResult<T>(geometry),
                Algorithm.Planes => weight.Count,
                Algorithm.DepthwisePixels => DepthwisePixels.WorkspaceForTaps(geometry),
                _ => 0,
            });
            T* x = image.Pointer<T>(), w = weight.Pointer<T>(), b = Address<T>(bias), y = result.Pointer<T>(), own = workspace.Start;
            switch (algorithm)
            {
                case Algorithm.Depthwise: Depthwise.Run<TLanes, TVector, T>(Channels(geometry, x, w, b, y)); break;
                case Algorithm.DepthwisePixels: DepthwisePixels.Run(Channels(geometry, x, w, b, y), own); break;
                case Algorithm.Pointwise: Pointwise.Run(geometry, true, x, w, b, y); break;
                case Algorithm.Winograd:
                    Winograd.Result(geometry, new(image), (float*)w, (float*)b, new(result), (float*)own, map); break;
                case Algorithm.Pixels:
                    PixelConvolution.Run<TLanes, TVector, T>(new(geometry, false), new(image), w, b, new(result), own, map); break;
                default:
                    DirectConvolution.Run<TLanes, TVector, T>(ConvolutionPlan.Result(geometry), true, x, w, b, y, own); break;
            }
        }
    }

    private static DepthwiseJob Channels(
        in ConvolutionGeometry geometry, void* image, void* weight, void* bias, void* result, DepthwiseStep step = DepthwiseStep.Result)
        => new() { Step = step, ConvolutionGeometry = geometry, Image = image, Weight = weight, Bias = bias, Result = result };

    /// <inheritdoc/>
    protected internal override void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
    {
        if (image.Count == 0) return;
        using var wide = new Widening();
        (result, weight, image) = (wide.Read(result), wide.Read(weight), wide.Write(image));
        var algorithm = AlgorithmOf(geometry, image.DType, geometry.In);
        var (y, w, x) = (Readable(algorithm, result), weight.Contiguous(), Writable(algorithm, image));
        var call = new ConvolveImageCall(algorithm, geometry, y, w, x);
        Simd.RunLanes(x.DType, ref call);
        Settle(x, image);
        GiveBack(y, result);
        GiveBack(w, weight);
    }

    private readonly struct ConvolveImageCall(
        Algorithm algorithm, ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var workspace = new Workspace<T>(algorithm switch
            {
                Algorithm.Winograd => Winograd.WorkspaceForImage(geometry),
                Algorithm.Pixels => PixelConvolution.WorkspaceForImage<T>(geometry),
                Algorithm.Planes => weight.Count,
                Algorithm.DepthwisePixels => DepthwisePixels.WorkspaceForTaps(geometry),
                _ => 0,
            });
            T* y = result.Pointer<T>(), w = weight.Pointer<T>(), x = image.Pointer<T>(), own = workspace.Start;
            switch (algorithm)
            {
                case Algorithm.Depthwise: Depthwise.Run<TLanes, TVector, T>(DepthwiseJob.ForImage(geometry, y, w, x)); break;
                case Algorithm.DepthwisePixels: DepthwisePixels.Run(DepthwiseJob.ForImage(geometry, y, w, x), own); break;
                case Algorithm.Pointwise: Pointwise.Run(geometry, false, y, w, null, x); break;
                case Algorithm.Winograd: Winograd.Image(geometry, new(result), (float*)w, new(image), (float*)own); break;
                case Algorithm.Pixels:
                    PixelConvolution.Run<TLanes, TVector, T>(new(geometry, true), new(result), w, null, new(image), own, default); break;
                default: DirectConvolution.Run<TLanes, TVector, T>(ConvolutionPlan.Image(geometry), false, y, w, null, x, own); break;
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
    {
        if (weight.Count == 0) return;
        using var wide = new Widening();
        (image, result, weight) = (wide.Read(image), wide.Read(result), wide.Write(weight));
        var algorithm = AlgorithmOf(geometry, weight.DType, geometry.Out);
        var (x, y) = (Readable(algorithm, image), Readable(algorithm, result));
        var call = new ConvolveWeightCall(algorithm, geometry, x, y, weight);
        Simd.RunLanes(weight.DType, ref call);
        GiveBack(x, image);
        GiveBack(y, result);
    }

    private readonly struct ConvolveWeightCall(
        Algorithm algorithm, ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var workspace = new Workspace<T>(algorithm switch
            {
                Algorithm.Depthwise => 0,
                Algorithm.DepthwisePixels => DepthwisePixels.WorkspaceForSums(geometry),
                Algorithm.Winograd => Winograd.WorkspaceForWeight(geometry),
                Algorithm.Pixels => new PixelGradient<TLanes, TVector, T>(new(geometry, false), default, default).WorkspaceForSums,
                _ => new WeightBody<TLanes, TVector, T>(ConvolutionPlan.Weight(geometry), null, null).WorkspaceForSums,
            });
            T* x = image.Pointer<T>(), y = result.Pointer<T>(), w = weight.Pointer<T>(), own = workspace.Start;
            switch (algorithm)
            {
                case Algorithm.Depthwise:
                    Depthwise.Run<TLanes, TVector, T>(Channels(geometry, x, w, null, y, DepthwiseStep.Weight)); break;
                case Algorithm.DepthwisePixels:
                    DepthwisePixels.Run(Channels(geometry, x, w, null, y, DepthwiseStep.Weight), own); break;
                case Algorithm.Winograd: Winograd.Weight(geometry, new(image), new(result), (float*)w, (float*)own); break;
                case Algorithm.Pixels:
                    new PixelGradient<TLanes, TVector, T>(new(geometry, false), new(image), new(result)).RunAll(own, w); break;
                default: DirectConvolution.Weight<TLanes, TVector, T>(ConvolutionPlan.Weight(geometry), x, y, w, own); break;
            }
        }
    }

    /// <summary>Elements that a kernel needs for itself.</summary>
    private readonly ref struct Workspace<T>(nint elements) where T : unmanaged
    {
        private readonly Tensor? tensor = elements == 0 ? null : Tensor.Allocate(new Shape(checked((int)elements)), DTypes.Of<T>(), Cpu);

        public T* Start => Address<T>(tensor);

        public void Dispose() => tensor?.Storage.Release();
    }
}
