using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>Convolutions that mix channels, with the widest vectors that the machine has. Results are bit-identical for any number of threads.</summary>
internal static unsafe class DirectConvolution
{
    public static void Result<T>(in Lattice lattice, T* image, T* weight, T* bias, T* result, T* packed) where T : unmanaged
        => Run(ConvolutionPlan.Result(lattice), true, image, weight, bias, result, packed);

    public static void Image<T>(in Lattice lattice, T* result, T* weight, T* image, T* packed) where T : unmanaged
        => Run(ConvolutionPlan.Image(lattice), false, result, weight, null, image, packed);

    /// <summary>How many elements the gradient of the weight needs for its sums.</summary>
    public static nint RoomForWeight<T>(in Lattice lattice) where T : unmanaged
    {
        var plan = ConvolutionPlan.Weight(lattice);
        if (typeof(T) == typeof(float))
        {
            if (Vector512.IsHardwareAccelerated) return new WeightBody<Lanes512<float>, Vector512<float>, float>(plan, null, null).RoomForSums;
            if (Vector256.IsHardwareAccelerated) return new WeightBody<Lanes256<float>, Vector256<float>, float>(plan, null, null).RoomForSums;
            return new WeightBody<Lanes128<float>, Vector128<float>, float>(plan, null, null).RoomForSums;
        }
        if (Vector512.IsHardwareAccelerated) return new WeightBody<Lanes512<double>, Vector512<double>, double>(plan, null, null).RoomForSums;
        if (Vector256.IsHardwareAccelerated) return new WeightBody<Lanes256<double>, Vector256<double>, double>(plan, null, null).RoomForSums;
        return new WeightBody<Lanes128<double>, Vector128<double>, double>(plan, null, null).RoomForSums;
    }

    public static void Weight<T>(in Lattice lattice, T* image, T* result, T* weight, T* sums) where T : unmanaged
    {
        var plan = ConvolutionPlan.Weight(lattice);
        if (typeof(T) == typeof(float))
        {
            if (Vector512.IsHardwareAccelerated) Weight<Lanes512<float>, Vector512<float>, float>(plan, image, result, weight, sums);
            else if (Vector256.IsHardwareAccelerated) Weight<Lanes256<float>, Vector256<float>, float>(plan, image, result, weight, sums);
            else Weight<Lanes128<float>, Vector128<float>, float>(plan, image, result, weight, sums);
        }
        else if (Vector512.IsHardwareAccelerated) Weight<Lanes512<double>, Vector512<double>, double>(plan, image, result, weight, sums);
        else if (Vector256.IsHardwareAccelerated) Weight<Lanes256<double>, Vector256<double>, double>(plan, image, result, weight, sums);
        else Weight<Lanes128<double>, Vector128<double>, double>(plan, image, result, weight, sums);
    }

    private static void Run<T>(in ConvolutionPlan plan, bool outputsFirst, T* source, T* weight, T* bias, T* target, T* packed) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            if (Vector512.IsHardwareAccelerated) Run<Lanes512<float>, Vector512<float>, float>(plan, outputsFirst, source, weight, bias, target, packed);
            else if (Vector256.IsHardwareAccelerated) Run<Lanes256<float>, Vector256<float>, float>(plan, outputsFirst, source, weight, bias, target, packed);
            else Run<Lanes128<float>, Vector128<float>, float>(plan, outputsFirst, source, weight, bias, target, packed);
        }
        else if (Vector512.IsHardwareAccelerated) Run<Lanes512<double>, Vector512<double>, double>(plan, outputsFirst, source, weight, bias, target, packed);
        else if (Vector256.IsHardwareAccelerated) Run<Lanes256<double>, Vector256<double>, double>(plan, outputsFirst, source, weight, bias, target, packed);
        else Run<Lanes128<double>, Vector128<double>, double>(plan, outputsFirst, source, weight, bias, target, packed);
    }

    /// <summary>The same with a vector width; internal so that the widths this machine does not prefer can be tested too.</summary>
    internal static void Run<TLanes, TVector, T>(in ConvolutionPlan plan, bool outputsFirst, void* source, void* weight, void* bias, void* target, void* packed)
        where TLanes : ILanes<TVector, T> where TVector : struct where T : unmanaged, INumberBase<T>
    {
        var panels = new PackedWeight<T>(plan, (T*)weight, (T*)packed, outputsFirst, TLanes.TileRows);
        panels.PackAll();
        new DirectBody<TLanes, TVector, T>(plan, panels, (T*)source, (T*)bias, (T*)target).RunAll();
    }

    /// <summary>The same for the gradient of the weight.</summary>
    internal static void Weight<TLanes, TVector, T>(in ConvolutionPlan plan, void* image, void* result, void* weight, void* sums)
        where TLanes : ILanes<TVector, T> where TVector : struct where T : unmanaged, INumberBase<T>
    {
        var body = new WeightBody<TLanes, TVector, T>(plan, (T*)image, (T*)result);
        body.RunAll((T*)sums);
        body.Finish((T*)weight);
    }
}
