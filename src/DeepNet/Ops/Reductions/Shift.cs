namespace DeepNet.Ops;

/// <summary>
/// Everything one or more places further along an axis; what comes in at the end is a given number, what goes out is lost.
/// </summary>
internal sealed class Shift(int axis, int by, double fill) : Operator, ISampled
{
    public static Tensor Of(Tensor x, int axis, int by, double fill) => new Shift(axis, by, fill).Apply(x);

    public override string Name => "shift";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        var y = Tensor.Full(x.Shape, fill, x.DType, x.Device);
        int length = x.Shape[axis] - Math.Abs(by);
        if (length > 0) y.Kernels.Copy(Part(x, Math.Max(0, -by), length), Part(y, Math.Max(0, by), length));
        return y;
    }

    private Tensor Part(Tensor x, int start, int length)
    {
        Span<int> lengths = stackalloc int[x.Rank];
        x.Shape.Axes.CopyTo(lengths);
        lengths[axis] = length;
        return x.View(new Shape(lengths), x.Strides, x.Offset + start * x.StrideArray[axis]);
    }

    protected override void Vjp(Tensor gradient) => Give(0, Of(gradient, axis, -by, 0));

    public static IEnumerable<Sample> Samples =>
    [
        new("forwards", x => Of(x[0], 1, 1, 1), Sample.Values(2, 3)),
        new("backwards", x => Of(x[0], 0, -2, 0), Sample.Values(3, 2)),
        new("out of sight", x => Of(x[0], 0, 4, 0.5), Sample.Values(3, 2)),
    ];
}
