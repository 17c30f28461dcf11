namespace DeepNet.Ops;

/// <summary>ln Σ eˣ over any axes, shifted by the maximum so that nothing overflows; −∞ over nothing.</summary>
internal sealed class LogSumExp(uint mask, bool keepDim) : Operator, ISampled
{
    public static Tensor Of(Tensor x, uint mask, bool keepDim)
        => new LogSumExp(mask, keepDim).Apply(x.To(DTypes.ComputeFloating(x.DType)));

    public override string Name => "log_sum_exp";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var y = Compute(inputs[0]);
        Save(0, inputs[0]);
        SaveResult(1, y);
        return y;
    }

    private Tensor Compute(Tensor x)
    {
        nint n = Reduction.Length(x.Shape, mask);
        var shape = Axis.Reduced(x.Shape, mask, keepDim);
        if (n == 0) return Tensor.Full(shape, double.NegativeInfinity, x.DType, x.Device);
        if (Reduction.IsTrailing(mask, x.Rank) && x.IsContiguous)
        {
            var y = Tensor.Allocate(shape, x.DType, x.Device);
            x.Device.LogSumExp(x, n, y);
            return y;
        }
        var max = Reduction.Run(new Identity(), new Largest(), x, mask, keepDim: true);
        var shift = Tensor.Where(max.IsFinite(), max, Tensor.Full(Shape.Scalar, 0, x.DType, x.Device));
        var sum = Reduction.Run(new Exp(), new AddUp(), x - shift, mask, keepDim);
        return sum.Log() + shift.Reshape(shape.Axes);
    }

    protected override void Vjp(Tensor gradient)
    {
        var x = Saved(0);
        Give(0, Reduction.Keep(gradient, x.Shape, mask) * (x - Reduction.Keep(Saved(1), x.Shape, mask)).Exp());
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].LogSumExp(), Sample.Values(2, 3)),
        new("rows", x => x[0].LogSumExp(1), Sample.Values(2, 3)),
        new("columns, kept", x => x[0].LogSumExp(0, keepDim: true), Sample.Values(4, 3)),
        new("outer axes", x => x[0].LogSumExp([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
