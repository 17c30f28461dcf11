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

    /// <summary>Gets the number of elements of the packed weight.</summary>
    public static nint WorkspaceForResult<T>(in ConvolutionGeometry geometry) where T : unmanaged
        => PixelWeight<T>.Size(new(geometry, false), 2 * Simd.Size / sizeof(T));

    /// <inheritdoc cref="WorkspaceForResult{T}"/>
    public static nint WorkspaceForImage<T>(in ConvolutionGeometry geometry) where T : unmanaged
        => PixelWeight<T>.Size(new(geometry, true), 2 * Simd.Size / sizeof(T));

    /// <summary>Computes the operator's result, or the image's gradient, as the plan says.</summary>
    public static void Run<TLanes, TVector, T>(
        in PixelPlan plan, Pixels<T> source, T* weight, T* bias, Pixels<T> target, T* packed, BlockMap map)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged
    {
        var panels = new PixelWeight<T>(plan, weight, packed, 2 * TLanes.Count);
        panels.PackAll();
        new PixelBody<TLanes, TVector, T>(plan, panels, source, bias, target, map).RunAll();
    }
}
