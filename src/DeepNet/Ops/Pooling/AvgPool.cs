namespace DeepNet.Ops;

/// <summary>
/// The mean over windows, or the adjoint of that: each output handed back evenly to its window. One is the other's derivative.
/// </summary>
internal sealed class AvgPool(PoolGrid grid, bool isAdjoint, bool ofPixels = false) : Operator, ISampled
{
    /// <summary>True to write images with their channels side by side, as the first one was.</summary>
    private bool ofPixels = ofPixels;

    public static Tensor Of(PoolGrid grid, Tensor x) => new AvgPool(grid, isAdjoint: false).Apply(x);

    /// <summary>Gets the windows.</summary>
    public PoolGrid Grid => grid;

    /// <summary>Gets a value that is true for the adjoint.</summary>
    public bool IsAdjoint => isAdjoint;

    public override string Name => isAdjoint ? "avg_pool2d_adjoint" : "avg_pool2d";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        ofPixels |= x.IsChannelsLast;
        var shape = isAdjoint ? grid.Image : grid.Result;
        var y = ofPixels ? Tensor.AllocateChannelsLast(shape, x.DType, x.Device) : Tensor.Allocate(shape, x.DType, x.Device);
        y.Kernels.PoolImages(isAdjoint ? PoolKind.AverageAdjoint : PoolKind.Average, grid, x, y);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, new AvgPool(grid, !isAdjoint, ofPixels).Apply(gradient));

    public static IEnumerable<Sample> Samples =>
    [
        new("2 × 2", x => x[0].AvgPool2d(2), Sample.Values(2, 1, 4, 5)),
        new("overlapping, padded", x => x[0].AvgPool2d(3, stride: 2, padding: 1), Sample.Values(1, 2, 5, 4)),
        new("padding not counted, rounded up", x => x[0].AvgPool2d(3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false),
            Sample.Values(1, 1, 4, 6)),
        new("adaptive", x => x[0].AdaptiveAvgPool2d((2, 3)), Sample.Values(1, 2, 5, 4)),
        new("global", x => x[0].AdaptiveAvgPool2d(1), Sample.Values(2, 2, 3, 3)),
        new("one axis", x => x[0].AvgPool1d(2), Sample.Values(2, 1, 5)),
        new("volume", x => x[0].AvgPool3d((2, 3, 2), stride: (1, 2, 2), padding: (1, 1, 0)), Sample.Values(1, 2, 3, 3, 4)),
        new("adaptive, volume", x => x[0].AdaptiveAvgPool3d((2, 1, 3)), Sample.Values(2, 3, 2, 4)),
    ];
}
