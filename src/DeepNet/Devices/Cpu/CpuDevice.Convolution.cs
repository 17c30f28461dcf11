using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

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
        if (image.DType.IsHalf())
        {
            ConvolveHalves(geometry, image, weight, result, end);
            return;
        }
        if (result.Count == 0) return;
        var algorithm = AlgorithmOf(geometry, result.DType, geometry.Out);
        var (x, w, b, y) = (Readable(algorithm, image), weight.Contiguous(), end.Bias?.Contiguous(), Writable(algorithm, result));
        if (result.DType == DType.Float32) Convolve<float>(algorithm, geometry, x, w, b, y, end.Activation);
        else Convolve<double>(algorithm, geometry, x, w, b, y, end.Activation);
        if (algorithm is not (Algorithm.Winograd or Algorithm.Pixels)) end.Activation?.Map(y, y);
        Settle(y, result);
        GiveBack(x, image);
        GiveBack(w, weight);
        if (b is not null) GiveBack(b, end.Bias!);
    }

    private static void Convolve<T>(
        Algorithm algorithm, ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor? bias, Tensor result, Formula? activation)
        where T : unmanaged
    {
        var map = BlockMap.Of(activation, result.DType);
        var workspace = algorithm switch
        {
            Algorithm.Winograd => Workspace(weight, Winograd.WorkspaceForResult(geometry)),
            Algorithm.Pixels => Workspace(weight, PixelConvolution.WorkspaceForResult<T>(geometry)),
            Algorithm.Planes => Workspace(weight, weight.Count),
            Algorithm.DepthwisePixels => Workspace(weight, DepthwisePixels.WorkspaceForTaps(geometry)),
            _ => null,
        };
        T* w = weight.Pointer<T>(), b = bias is null ? null : bias.Pointer<T>();
        switch (algorithm)
        {
            case Algorithm.Depthwise: Depthwise.Result(geometry, image.Pointer<T>(), w, b, result.Pointer<T>()); break;
            case Algorithm.DepthwisePixels:
                DepthwisePixels.Result(
                geometry, image.Pointer<T>(), w, b, result.Pointer<T>(), workspace!.Pointer<T>()); break;
            case Algorithm.Pointwise: Pointwise.Result(geometry, image.Pointer<T>(), w, b, result.Pointer<T>()); break;
            case Algorithm.Winograd:
                Winograd.Result(
                geometry, new(image), (float*)w, (float*)b, new(result), workspace!.Pointer<float>(), map); break;
            case Algorithm.Pixels: PixelConvolution.Result(geometry, new(image), w, b, new(result), workspace!.Pointer<T>(), map); break;
            default: DirectConvolution.Result(geometry, image.Pointer<T>(), w, b, result.Pointer<T>(), workspace!.Pointer<T>()); break;
        }
        workspace?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(result);
        GC.KeepAlive(activation);
    }

    /// <inheritdoc/>
    protected internal override void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
    {
        if (result.DType.IsHalf())
        {
            ConvolveImageHalves(geometry, result, weight, image);
            return;
        }
        if (image.Count == 0) return;
        var algorithm = AlgorithmOf(geometry, image.DType, geometry.In);
        var (y, w, x) = (Readable(algorithm, result), weight.Contiguous(), Writable(algorithm, image));
        if (image.DType == DType.Float32) ConvolveImage<float>(algorithm, geometry, y, w, x);
        else ConvolveImage<double>(algorithm, geometry, y, w, x);
        Settle(x, image);
        GiveBack(y, result);
        GiveBack(w, weight);
    }

    private static void ConvolveImage<T>(Algorithm algorithm, ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
        where T : unmanaged, INumberBase<T>
    {
        var workspace = algorithm switch
        {
            Algorithm.Winograd => Workspace(weight, Winograd.WorkspaceForImage(geometry)),
            Algorithm.Pixels => Workspace(weight, PixelConvolution.WorkspaceForImage<T>(geometry)),
            Algorithm.Planes => Workspace(weight, weight.Count),
            Algorithm.DepthwisePixels => Workspace(weight, DepthwisePixels.WorkspaceForTaps(geometry)),
            _ => null,
        };
        T* w = weight.Pointer<T>();
        switch (algorithm)
        {
            case Algorithm.Depthwise: Depthwise.Image(geometry, result.Pointer<T>(), w, image.Pointer<T>()); break;
            case Algorithm.DepthwisePixels:
                DepthwisePixels.Image(
                geometry, result.Pointer<T>(), w, image.Pointer<T>(), workspace!.Pointer<T>()); break;
            case Algorithm.Pointwise: Pointwise.Image(geometry, result.Pointer<T>(), w, image.Pointer<T>()); break;
            case Algorithm.Winograd: Winograd.Image(geometry, new(result), (float*)w, new(image), workspace!.Pointer<float>()); break;
            case Algorithm.Pixels: PixelConvolution.Image(geometry, new(result), w, new(image), workspace!.Pointer<T>()); break;
            default: DirectConvolution.Image(geometry, result.Pointer<T>(), w, image.Pointer<T>(), workspace!.Pointer<T>()); break;
        }
        workspace?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
    }

    /// <inheritdoc/>
    protected internal override void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
    {
        if (image.DType.IsHalf())
        {
            ConvolveWeightHalves(geometry, image, result, weight);
            return;
        }
        if (weight.Count == 0) return;
        var algorithm = AlgorithmOf(geometry, weight.DType, geometry.Out);
        var (x, y) = (Readable(algorithm, image), Readable(algorithm, result));
        if (weight.DType == DType.Float32) ConvolveWeight<float>(algorithm, geometry, x, y, weight);
        else ConvolveWeight<double>(algorithm, geometry, x, y, weight);
        GiveBack(x, image);
        GiveBack(y, result);
    }

    private static void ConvolveWeight<T>(Algorithm algorithm, ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
        where T : unmanaged, INumberBase<T>
    {
        var workspace = algorithm switch
        {
            Algorithm.Depthwise => null,
            Algorithm.DepthwisePixels => Workspace(weight, DepthwisePixels.WorkspaceForSums(geometry)),
            Algorithm.Winograd => Workspace(weight, Winograd.WorkspaceForWeight(geometry)),
            Algorithm.Pixels => Workspace(weight, PixelConvolution.WorkspaceForWeight<T>(geometry)),
            _ => Workspace(weight, DirectConvolution.WorkspaceForWeight<T>(geometry)),
        };
        T* w = weight.Pointer<T>();
        switch (algorithm)
        {
            case Algorithm.Depthwise: Depthwise.Weight(geometry, image.Pointer<T>(), result.Pointer<T>(), w); break;
            case Algorithm.DepthwisePixels:
                DepthwisePixels.Weight(
                geometry, image.Pointer<T>(), result.Pointer<T>(), w, workspace!.Pointer<T>()); break;
            case Algorithm.Winograd: Winograd.Weight(geometry, new(image), new(result), (float*)w, workspace!.Pointer<float>()); break;
            case Algorithm.Pixels: PixelConvolution.Weight(geometry, new(image), new(result), w, workspace!.Pointer<T>()); break;
            default: DirectConvolution.Weight(geometry, image.Pointer<T>(), result.Pointer<T>(), w, workspace!.Pointer<T>()); break;
        }
        workspace?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
    }

    /// <summary>Elements that a kernel needs for itself.</summary>
    private static Tensor Workspace(Tensor model, nint elements)
        => Tensor.Allocate(new Shape(checked((int)elements)), model.DType, model.Device);

    /// <summary>Frees a dense copy that was made for a kernel.</summary>
    internal static void GiveBack(Tensor dense, Tensor original)
    {
        if (!ReferenceEquals(dense, original)) dense.Storage.Release();
    }
}
