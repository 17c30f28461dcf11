using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <summary>The ways to compute a convolution; chosen by shape and type alone, so that results are always the same.</summary>
    private enum Way
    {
        Depthwise,
        DepthwisePixels,
        Winograd,
        Pixels,
        Pointwise,
        Planes,
    }

    /// <param name="lattice">The sizes.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="outputs">Channels of what is computed; for the gradient of the weight, of the result.</param>
    private static Way WayOf(in Lattice lattice, DType dtype, int outputs)
        => DepthwisePixels.Suits(lattice) ? Way.DepthwisePixels
            : lattice.IsDepthwise ? Way.Depthwise
            : Winograd.Suits(lattice, dtype) ? Way.Winograd
            : PixelConvolution.Suits(lattice, outputs) ? Way.Pixels
            : lattice.IsPointwise ? Way.Pointwise : Way.Planes;

    /// <summary>Images as the kernel reads them: it works on pixels, which may lie anyhow, or wants dense planes.</summary>
    private static Tensor Readable(Way way, Tensor image) => way switch
    {
        Way.Winograd or Way.Pixels => image,
        Way.DepthwisePixels => image.InChannelsLast(),
        _ => image.Contiguous(),
    };

    /// <summary>The target, or one for the time being if the kernel writes pixels that are dense.</summary>
    private static Tensor Writable(Way way, Tensor target)
        => way != Way.DepthwisePixels || target.IsChannelsLast || Tensor.IsEitherLayout(target.Shape) ? target : Tensor.AllocateChannelsLast(target.Shape, target.DType, target.Device);

    private static void Settle(Tensor written, Tensor target)
    {
        if (ReferenceEquals(written, target)) return;
        target.Device.Copy(written, target);
        written.Storage.Release();
    }

    internal override bool KnowsChannelsLast => true;

    internal override bool PrefersChannelsLast(Lattice lattice, DType dtype, bool isResult)
    {
        int outputs = isResult ? lattice.Out : lattice.In;
        // Signals have no second axis of pixels: nothing behind them knows the layout. Half types are copied around the kernel anyway.
        return !dtype.IsHalf() && lattice.Rows.Input > 1 && outputs % 8 == 0 && WayOf(lattice, dtype, outputs) is Way.Winograd or Way.Pixels or Way.DepthwisePixels;
    }

    internal override void Convolve(Lattice lattice, Tensor image, Tensor weight, Tensor result, Epilogue end)
    {
        if (image.DType.IsHalf())
        {
            ConvolveHalves(lattice, image, weight, result, end);
            return;
        }
        if (result.Count == 0) return;
        var way = WayOf(lattice, result.DType, lattice.Out);
        var (x, w, b, y) = (Readable(way, image), weight.Contiguous(), end.Bias?.Contiguous(), Writable(way, result));
        if (result.DType == DType.Float32) Convolve<float>(way, lattice, x, w, b, y, end.Activation);
        else Convolve<double>(way, lattice, x, w, b, y, end.Activation);
        if (way is not (Way.Winograd or Way.Pixels)) end.Activation?.Map(y, y);
        Settle(y, result);
        GiveBack(x, image);
        GiveBack(w, weight);
        if (b is not null) GiveBack(b, end.Bias!);
    }

    private static void Convolve<T>(Way way, Lattice lattice, Tensor image, Tensor weight, Tensor? bias, Tensor result, Formula? activation)
        where T : unmanaged
    {
        var map = BlockMap.Of(activation, result.DType);
        var room = way switch
        {
            Way.Winograd => Room(weight, Winograd.RoomForResult(lattice)),
            Way.Pixels => Room(weight, PixelConvolution.RoomForResult<T>(lattice)),
            Way.Planes => Room(weight, weight.Count),
            Way.DepthwisePixels => Room(weight, DepthwisePixels.RoomForTaps(lattice)),
            _ => null,
        };
        T* w = weight.Pointer<T>(), b = bias is null ? null : bias.Pointer<T>();
        switch (way)
        {
            case Way.Depthwise: Depthwise.Result(lattice, image.Pointer<T>(), w, b, result.Pointer<T>()); break;
            case Way.DepthwisePixels: DepthwisePixels.Result(lattice, image.Pointer<T>(), w, b, result.Pointer<T>(), room!.Pointer<T>()); break;
            case Way.Pointwise: Pointwise.Result(lattice, image.Pointer<T>(), w, b, result.Pointer<T>()); break;
            case Way.Winograd: Winograd.Result(lattice, new(image), (float*)w, (float*)b, new(result), room!.Pointer<float>(), map); break;
            case Way.Pixels: PixelConvolution.Result(lattice, new(image), w, b, new(result), room!.Pointer<T>(), map); break;
            default: DirectConvolution.Result(lattice, image.Pointer<T>(), w, b, result.Pointer<T>(), room!.Pointer<T>()); break;
        }
        room?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(result);
        GC.KeepAlive(activation);
    }

    internal override void ConvolveImage(Lattice lattice, Tensor result, Tensor weight, Tensor image)
    {
        if (result.DType.IsHalf())
        {
            ConvolveImageHalves(lattice, result, weight, image);
            return;
        }
        if (image.Count == 0) return;
        var way = WayOf(lattice, image.DType, lattice.In);
        var (y, w, x) = (Readable(way, result), weight.Contiguous(), Writable(way, image));
        if (image.DType == DType.Float32) ConvolveImage<float>(way, lattice, y, w, x);
        else ConvolveImage<double>(way, lattice, y, w, x);
        Settle(x, image);
        GiveBack(y, result);
        GiveBack(w, weight);
    }

    private static void ConvolveImage<T>(Way way, Lattice lattice, Tensor result, Tensor weight, Tensor image) where T : unmanaged, INumberBase<T>
    {
        var room = way switch
        {
            Way.Winograd => Room(weight, Winograd.RoomForImage(lattice)),
            Way.Pixels => Room(weight, PixelConvolution.RoomForImage<T>(lattice)),
            Way.Planes => Room(weight, weight.Count),
            Way.DepthwisePixels => Room(weight, DepthwisePixels.RoomForTaps(lattice)),
            _ => null,
        };
        T* w = weight.Pointer<T>();
        switch (way)
        {
            case Way.Depthwise: Depthwise.Image(lattice, result.Pointer<T>(), w, image.Pointer<T>()); break;
            case Way.DepthwisePixels: DepthwisePixels.Image(lattice, result.Pointer<T>(), w, image.Pointer<T>(), room!.Pointer<T>()); break;
            case Way.Pointwise: Pointwise.Image(lattice, result.Pointer<T>(), w, image.Pointer<T>()); break;
            case Way.Winograd: Winograd.Image(lattice, new(result), (float*)w, new(image), room!.Pointer<float>()); break;
            case Way.Pixels: PixelConvolution.Image(lattice, new(result), w, new(image), room!.Pointer<T>()); break;
            default: DirectConvolution.Image(lattice, result.Pointer<T>(), w, image.Pointer<T>(), room!.Pointer<T>()); break;
        }
        room?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
    }

    internal override void ConvolveWeight(Lattice lattice, Tensor image, Tensor result, Tensor weight)
    {
        if (image.DType.IsHalf())
        {
            ConvolveWeightHalves(lattice, image, result, weight);
            return;
        }
        if (weight.Count == 0) return;
        var way = WayOf(lattice, weight.DType, lattice.Out);
        var (x, y) = (Readable(way, image), Readable(way, result));
        if (weight.DType == DType.Float32) ConvolveWeight<float>(way, lattice, x, y, weight);
        else ConvolveWeight<double>(way, lattice, x, y, weight);
        GiveBack(x, image);
        GiveBack(y, result);
    }

    private static void ConvolveWeight<T>(Way way, Lattice lattice, Tensor image, Tensor result, Tensor weight) where T : unmanaged, INumberBase<T>
    {
        var room = way switch
        {
            Way.Depthwise => null,
            Way.DepthwisePixels => Room(weight, DepthwisePixels.RoomForSums(lattice)),
            Way.Winograd => Room(weight, Winograd.RoomForWeight(lattice)),
            Way.Pixels => Room(weight, PixelConvolution.RoomForWeight<T>(lattice)),
            _ => Room(weight, DirectConvolution.RoomForWeight<T>(lattice)),
        };
        T* w = weight.Pointer<T>();
        switch (way)
        {
            case Way.Depthwise: Depthwise.Weight(lattice, image.Pointer<T>(), result.Pointer<T>(), w); break;
            case Way.DepthwisePixels: DepthwisePixels.Weight(lattice, image.Pointer<T>(), result.Pointer<T>(), w, room!.Pointer<T>()); break;
            case Way.Winograd: Winograd.Weight(lattice, new(image), new(result), (float*)w, room!.Pointer<float>()); break;
            case Way.Pixels: PixelConvolution.Weight(lattice, new(image), new(result), w, room!.Pointer<T>()); break;
            default: DirectConvolution.Weight(lattice, image.Pointer<T>(), result.Pointer<T>(), w, room!.Pointer<T>()); break;
        }
        room?.Storage.Release();
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
    }

    /// <summary>Elements that a kernel needs for itself.</summary>
    private static Tensor Room(Tensor model, nint elements) => Tensor.Allocate(new Shape(checked((int)elements)), model.DType, model.Device);

    /// <summary>Frees a dense copy that was made for a kernel.</summary>
    private static void GiveBack(Tensor dense, Tensor original)
    {
        if (!ReferenceEquals(dense, original)) dense.Storage.Release();
    }
}
