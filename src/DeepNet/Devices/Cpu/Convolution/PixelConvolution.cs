using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions over pixels (channels side by side) with the widest vectors of the machine: no group, and as many outputs as fill
/// vectors. Images of either layout are read and written. Results are bit-identical for any number of threads.
/// </summary>
internal static unsafe class PixelConvolution
{
    /// <summary>Lists of taps live on the stack.</summary>
    private const int MostTaps = 1024;

    /// <summary>
    /// True for what is computed over pixels: the operator's result if <paramref name="outputs"/> are its channels, the image's gradient if
    /// they are the image's.
    /// </summary>
    public static bool Suits(in ConvolutionGeometry geometry, int outputs)
        => geometry.Groups == 1 && outputs % 8 == 0 && geometry.In > 0 && geometry.Out > 0 && geometry.Kernel <= MostTaps;

    public static nint WorkspaceForResult<T>(in ConvolutionGeometry geometry) where T : unmanaged
        => PixelWeight<T>.Size(new(geometry, false), 2 * Lanes<T>());

    public static nint WorkspaceForImage<T>(in ConvolutionGeometry geometry) where T : unmanaged
        => PixelWeight<T>.Size(new(geometry, true), 2 * Lanes<T>());

    private static int Lanes<T>() where T : unmanaged
        => (Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16) / sizeof(T);

    public static void Result<T>(
        in ConvolutionGeometry geometry, Pixels<T> image, T* weight, T* bias, Pixels<T> result, T* packed, BlockMap map)
        where T : unmanaged
        => Run(new PixelPlan(geometry, false), image, weight, bias, result, packed, map);

    public static void Image<T>(in ConvolutionGeometry geometry, Pixels<T> result, T* weight, Pixels<T> image, T* packed)
        where T : unmanaged
        => Run(new PixelPlan(geometry, true), result, weight, null, image, packed, default);

    /// <summary>Gets the size of the workspace for the sums of the weight's gradient.</summary>
    public static nint WorkspaceForWeight<T>(in ConvolutionGeometry geometry) where T : unmanaged
    {
        var plan = new PixelPlan(geometry, false);
        if (typeof(T) == typeof(float))
        {
            if (Vector512.IsHardwareAccelerated)
                return new PixelGradient<Float512, Vector512<float>, float>(plan, default, default).WorkspaceForSums;
            if (Vector256.IsHardwareAccelerated)
                return new PixelGradient<Float256, Vector256<float>, float>(plan, default, default).WorkspaceForSums;
            return new PixelGradient<Float128, Vector128<float>, float>(plan, default, default).WorkspaceForSums;
        }
        if (Vector512.IsHardwareAccelerated)
            return new PixelGradient<Double512, Vector512<double>, double>(plan, default, default).WorkspaceForSums;
        if (Vector256.IsHardwareAccelerated)
            return new PixelGradient<Double256, Vector256<double>, double>(plan, default, default).WorkspaceForSums;
        return new PixelGradient<Double128, Vector128<double>, double>(plan, default, default).WorkspaceForSums;
    }

    public static void Weight<T>(in ConvolutionGeometry geometry, Pixels<T> image, Pixels<T> result, T* weight, T* sums) where T : unmanaged
    {
        var plan = new PixelPlan(geometry, false);
        if (typeof(T) == typeof(float))
        {
            var (x, y) = (*(Pixels<float>*)&image, *(Pixels<float>*)&result);
            if (Vector512.IsHardwareAccelerated) Weight<Float512, Vector512<float>, float>(plan, x, y, (float*)weight, (float*)sums);
            else if (Vector256.IsHardwareAccelerated)
                Weight<Float256, Vector256<float>, float>(plan, x, y, (float*)weight, (float*)sums);
            else Weight<Float128, Vector128<float>, float>(plan, x, y, (float*)weight, (float*)sums);
        }
        else
        {
            var (x, y) = (*(Pixels<double>*)&image, *(Pixels<double>*)&result);
            if (Vector512.IsHardwareAccelerated)
                Weight<Double512, Vector512<double>, double>(plan, x, y, (double*)weight, (double*)sums);
            else if (Vector256.IsHardwareAccelerated)
                Weight<Double256, Vector256<double>, double>(plan, x, y, (double*)weight, (double*)sums);
            else Weight<Double128, Vector128<double>, double>(plan, x, y, (double*)weight, (double*)sums);
        }
    }

    private static void Run<T>(in PixelPlan plan, Pixels<T> source, T* weight, T* bias, Pixels<T> target, T* packed, BlockMap map)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var (x, y) = (*(Pixels<float>*)&source, *(Pixels<float>*)&target);
            if (Vector512.IsHardwareAccelerated)
                Run<Float512, Vector512<float>, float>(plan, x, (float*)weight, (float*)bias, y, (float*)packed, map);
            else if (Vector256.IsHardwareAccelerated)
                Run<Float256, Vector256<float>, float>(plan, x, (float*)weight, (float*)bias, y, (float*)packed, map);
            else Run<Float128, Vector128<float>, float>(plan, x, (float*)weight, (float*)bias, y, (float*)packed, map);
        }
        else
        {
            var (x, y) = (*(Pixels<double>*)&source, *(Pixels<double>*)&target);
            if (Vector512.IsHardwareAccelerated)
                Run<Double512, Vector512<double>, double>(plan, x, (double*)weight, (double*)bias, y, (double*)packed, map);
            else if (Vector256.IsHardwareAccelerated)
                Run<Double256, Vector256<double>, double>(plan, x, (double*)weight, (double*)bias, y, (double*)packed, map);
            else Run<Double128, Vector128<double>, double>(plan, x, (double*)weight, (double*)bias, y, (double*)packed, map);
        }
    }

    /// <summary>The same with a vector width; internal so that the widths this machine does not prefer can be tested too.</summary>
    internal static void Run<TLanes, TVector, T>(
        in PixelPlan plan, Pixels<T> source, T* weight, T* bias, Pixels<T> target, T* packed, BlockMap map)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged
    {
        var panels = new PixelWeight<T>(plan, weight, packed, 2 * TLanes.Count);
        panels.PackAll();
        new PixelBody<TLanes, TVector, T>(plan, panels, source, bias, target, map).RunAll();
    }

    /// <summary>The same for the gradient of the weight.</summary>
    internal static void Weight<TLanes, TVector, T>(in PixelPlan plan, Pixels<T> image, Pixels<T> result, T* weight, T* sums)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
        => new PixelGradient<TLanes, TVector, T>(plan, image, result).RunAll(sums, weight);
}
