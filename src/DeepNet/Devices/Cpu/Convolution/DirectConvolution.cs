namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolutions that mix channels, with the widest vectors that the machine has. Results are bit-identical for any number of threads.
/// </summary>
internal static unsafe class DirectConvolution
{
    public static void Result<T>(in ConvolutionGeometry geometry, T* image, T* weight, T* bias, T* result, T* packed) where T : unmanaged
        => Run(ConvolutionPlan.Result(geometry), true, image, weight, bias, result, packed);

    public static void Image<T>(in ConvolutionGeometry geometry, T* result, T* weight, T* image, T* packed) where T : unmanaged
        => Run(ConvolutionPlan.Image(geometry), false, result, weight, null, image, packed);

    /// <summary>Gets the size of the workspace for the sums of the weight's gradient.</summary>
    public static nint WorkspaceForWeight<T>(in ConvolutionGeometry geometry) where T : unmanaged
    {
        var call = new RoomCall(ConvolutionPlan.Weight(geometry));
        Simd.RunLanes(DTypes.Of<T>(), ref call);
        return call.Workspace;
    }

    public static void Weight<T>(in ConvolutionGeometry geometry, T* image, T* result, T* weight, T* sums) where T : unmanaged
    {
        var call = new WeightCall(ConvolutionPlan.Weight(geometry), image, result, weight, sums);
        Simd.RunLanes(DTypes.Of<T>(), ref call);
    }

    private static void Run<T>(in ConvolutionPlan plan, bool outputsFirst, T* source, T* weight, T* bias, T* target, T* packed)
        where T : unmanaged
    {
        var call = new RunCall(plan, outputsFirst, source, weight, bias, target, packed);
        Simd.RunLanes(DTypes.Of<T>(), ref call);
    }

    private struct RoomCall(ConvolutionPlan plan) : ILanesBody
    {
        public nint Workspace;

        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Workspace = new WeightBody<TLanes, TVector, T>(plan, null, null).WorkspaceForSums;
    }

    private readonly struct WeightCall(ConvolutionPlan plan, void* image, void* result, void* weight, void* sums) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Weight<TLanes, TVector, T>(plan, image, result, weight, sums);
    }

    private readonly struct RunCall(
        ConvolutionPlan plan, bool outputsFirst, void* source, void* weight, void* bias, void* target, void* packed) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => DirectConvolution.Run<TLanes, TVector, T>(plan, outputsFirst, source, weight, bias, target, packed);
    }

    /// <summary>The same with a vector width; internal so that the widths this machine does not prefer can be tested too.</summary>
    internal static void Run<TLanes, TVector, T>(
        in ConvolutionPlan plan, bool outputsFirst, void* source, void* weight, void* bias, void* target, void* packed)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
    {
        var panels = new PackedWeight<T>(plan, (T*)weight, (T*)packed, outputsFirst, TLanes.TileRows);
        panels.PackAll();
        new DirectBody<TLanes, TVector, T>(plan, panels, (T*)source, (T*)bias, (T*)target).RunAll();
    }

    /// <summary>The same for the gradient of the weight.</summary>
    internal static void Weight<TLanes, TVector, T>(in ConvolutionPlan plan, void* image, void* result, void* weight, void* sums)
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, INumberBase<T>
    {
        var body = new WeightBody<TLanes, TVector, T>(plan, (T*)image, (T*)result);
        body.RunAll((T*)sums);
        body.Finish((T*)weight);
    }
}
