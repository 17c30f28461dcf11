namespace DeepNet.Ops;

/// <summary>
/// The largest element of each window, and where in its image it was: the first of equal ones, and NaN before all. Which element
/// that is does not change under a small change of the input, so the derivative only moves numbers to and from those places.
/// </summary>
internal sealed class MaxPool(PoolGrid grid) : Operator, ISampled
{
    /// <summary>The source position of each element of the result, within one image: int32.</summary>
    private Tensor? places;
    private bool keepsPlaces, ofPixels;

    public static Tensor Of(PoolGrid grid, Tensor x) => new MaxPool(grid).Apply(x);

    public static (Tensor Values, Tensor Indices) WithIndices(PoolGrid grid, Tensor x)
    {
        var op = new MaxPool(grid) { keepsPlaces = true };
        var values = op.Apply(x);
        return (values, op.places!.To(DType.Int64));
    }

    /// <summary>Gets the windows.</summary>
    public PoolGrid Grid => grid;

    public override string Name => "max_pool2d";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        ofPixels = x.IsChannelsLast && !x.DType.IsHalf();      // which are widened, and so row-major
        Tensor New(DType dtype)
            => ofPixels ? Tensor.AllocateChannelsLast(grid.Result, dtype, x.Device) : Tensor.Allocate(grid.Result, dtype, x.Device);
        var y = New(x.DType);
        if (Needs(0) || keepsPlaces) places = New(DType.Int32);
        y.Kernels.PoolImages(PoolKind.Max, grid, x, y, places);
        if (places is not null) Save(0, places);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, new Unpool(grid, Saved(0), isGather: false, ofPixels).Apply(gradient));

    public static IEnumerable<Sample> Samples =>
    [
        new("2 × 2", x => x[0].MaxPool2d(2), Sample.Values(2, 1, 4, 5)),
        new("overlapping, padded", x => x[0].MaxPool2d(3, stride: 2, padding: 1), Sample.Values(1, 2, 5, 4)),
        new("dilated, rounded up", x => x[0].MaxPool2d(2, stride: 2, dilation: 2, ceilMode: true), Sample.Values(1, 1, 6, 5)),
        new("adaptive", x => x[0].AdaptiveMaxPool2d((2, 3)), Sample.Values(1, 2, 5, 4)),
        new("one axis", x => x[0].MaxPool1d(3, stride: 1), Sample.Values(2, 1, 5)),
        new("volume", x => x[0].MaxPool3d(2, stride: (1, 2, 1)), Sample.Values(1, 2, 3, 4, 3)),
    ];
}
