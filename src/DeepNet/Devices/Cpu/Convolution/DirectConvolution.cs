namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions that mix channels, with the widest vectors that the machine has. Results are bit-identical for any number of threads.
/// </summary>
internal static unsafe class DirectConvolution
{
    /// <summary>Computes the result or the gradient of the image, as the plan says.</summary>
    public static void Run<TLanes, TVector, T>(
        in ConvolutionPlan plan, bool outputsFirst, T* source, T* weight, T* bias, T* target, T* packed)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
    {
        var panels = new PackedWeight<T>(plan, weight, packed, outputsFirst, TLanes.TileRows);
        panels.PackAll();
        new DirectBody<TLanes, TVector, T>(plan, panels, source, bias, target).RunAll();
    }

    /// <summary>Computes the gradient of the weight.</summary>
    public static void Weight<TLanes, TVector, T>(in ConvolutionPlan plan, T* image, T* result, T* weight, T* sums)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
    {
        var body = new WeightBody<TLanes, TVector, T>(plan, image, result);
        body.RunAll(sums);
        body.Finish(weight);
    }
}
