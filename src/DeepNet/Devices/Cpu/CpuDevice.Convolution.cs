using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void Convolve(Lattice lattice, Tensor image, Tensor weight, Tensor? bias, Tensor result)
    {
        if (image.DType.IsHalf())
        {
            ConvolveHalves(lattice, image, weight, bias, result);
            return;
        }
        if (result.Count == 0) return;
        var (x, w, b) = (image.Contiguous(), weight.Contiguous(), bias?.Contiguous());
        if (result.DType == DType.Float32) Convolve<float>(lattice, x, w, b, result);
        else Convolve<double>(lattice, x, w, b, result);
        GiveBack(x, image);
        GiveBack(w, weight);
        if (bias is not null) GiveBack(b!, bias);
    }

    private static void Convolve<T>(Lattice lattice, Tensor image, Tensor weight, Tensor? bias, Tensor result) where T : unmanaged
    {
        T* b = bias is null ? null : bias.Pointer<T>();
        if (lattice.IsDepthwise)
        {
            Depthwise.Result(lattice, image.Pointer<T>(), weight.Pointer<T>(), b, result.Pointer<T>());
        }
        else if (lattice.IsPointwise)
        {
            Pointwise.Result(lattice, image.Pointer<T>(), weight.Pointer<T>(), b, result.Pointer<T>());
        }
        else if (Winograd.Suits(lattice, weight.DType))
        {
            var room = Tensor.Allocate(new Shape(checked((int)Winograd.RoomForWeight(lattice))), weight.DType, weight.Device);
            Winograd.Result(lattice, image.Pointer<float>(), weight.Pointer<float>(), (float*)b, result.Pointer<float>(), room.Pointer<float>());
            room.Storage.Release();
        }
        else
        {
            var packed = Tensor.Allocate(weight.Shape, weight.DType, weight.Device);
            DirectConvolution.Result(lattice, image.Pointer<T>(), weight.Pointer<T>(), b, result.Pointer<T>(), packed.Pointer<T>());
            packed.Storage.Release();
        }
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(result);
    }

    internal override void ConvolveImage(Lattice lattice, Tensor result, Tensor weight, Tensor image)
    {
        if (result.DType.IsHalf())
        {
            ConvolveImageHalves(lattice, result, weight, image);
            return;
        }
        if (image.Count == 0) return;
        var (y, w) = (result.Contiguous(), weight.Contiguous());
        if (image.DType == DType.Float32) ConvolveImage<float>(lattice, y, w, image);
        else ConvolveImage<double>(lattice, y, w, image);
        GiveBack(y, result);
        GiveBack(w, weight);
    }

    private static void ConvolveImage<T>(Lattice lattice, Tensor result, Tensor weight, Tensor image) where T : unmanaged, INumberBase<T>
    {
        if (lattice.IsDepthwise)
        {
            Depthwise.Image(lattice, result.Pointer<T>(), weight.Pointer<T>(), image.Pointer<T>());
        }
        else if (lattice.IsPointwise)
        {
            Pointwise.Image(lattice, result.Pointer<T>(), weight.Pointer<T>(), image.Pointer<T>());
        }
        else if (Winograd.Suits(lattice, weight.DType))
        {
            var room = Tensor.Allocate(new Shape(checked((int)Winograd.RoomForWeight(lattice))), weight.DType, weight.Device);
            Winograd.Image(lattice, result.Pointer<float>(), weight.Pointer<float>(), image.Pointer<float>(), room.Pointer<float>());
            room.Storage.Release();
        }
        else
        {
            var packed = Tensor.Allocate(weight.Shape, weight.DType, weight.Device);
            DirectConvolution.Image(lattice, result.Pointer<T>(), weight.Pointer<T>(), image.Pointer<T>(), packed.Pointer<T>());
            packed.Storage.Release();
        }
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
        var (x, y) = (image.Contiguous(), result.Contiguous());
        if (weight.DType == DType.Float32) ConvolveWeight<float>(lattice, x, y, weight);
        else ConvolveWeight<double>(lattice, x, y, weight);
        GiveBack(x, image);
        GiveBack(y, result);
    }

    private static void ConvolveWeight<T>(Lattice lattice, Tensor image, Tensor result, Tensor weight) where T : unmanaged, INumberBase<T>
    {
        if (lattice.IsDepthwise)
        {
            Depthwise.Weight(lattice, image.Pointer<T>(), result.Pointer<T>(), weight.Pointer<T>());
        }
        else
        {
            var sums = Tensor.Allocate(new Shape(checked((int)DirectConvolution.RoomForWeight<T>(lattice))), weight.DType, weight.Device);
            DirectConvolution.Weight(lattice, image.Pointer<T>(), result.Pointer<T>(), weight.Pointer<T>(), sums.Pointer<T>());
            sums.Storage.Release();
        }
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
    }

    /// <summary>Frees a dense copy that was made for a kernel.</summary>
    private static void GiveBack(Tensor dense, Tensor original)
    {
        if (!ReferenceEquals(dense, original)) dense.Storage.Release();
    }
}
