namespace DeepNet.Ops;

/// <summary>Σ (x − mean)² / (n − correction) over any axes; NaN where the divisor is not positive.</summary>
internal sealed class Variance(uint mask, double correction, bool keepDim) : Operator, ISampled
{
    public static Tensor Of(Tensor x, uint mask, double correction, bool keepDim)
        => new Variance(mask, correction, keepDim).Apply(Reduction.RequireFloating("var", x));

    public override string Name => "var";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        Save(0, x);
        nint n = Reduction.Length(x.Shape, mask);
        double divisor = Divisor(n);
        if (n == 0) return Tensor.Full(Axis.Reduced(x.Shape, mask, keepDim), double.NaN, x.DType, x.Device);
        if (Reduction.IsTrailing(mask, x.Rank) && x.IsContiguous)
        {
            var y = Tensor.Allocate(Axis.Reduced(x.Shape, mask, keepDim), x.DType, x.Device);
            x.Device.Variance(x, n, divisor, y);
            return y;
        }
        var distance = x - Mean.Of(x, mask, keepDim: true);
        return Reduction.Run(new Square(), new AddUp(), distance, mask, keepDim) / divisor;
    }

    // As in PyTorch, a correction of n or more leaves a divisor of zero: ∞, or NaN where there is no spread at all.
    private double Divisor(nint n) => Math.Max(0, n - correction);

    protected override void Vjp(Tensor gradient)
    {
        var x = Saved(0);
        var distance = x - Mean.Of(x, mask, keepDim: true);
        Give(0, Reduction.Keep(gradient, x.Shape, mask) * (2 / Divisor(Reduction.Length(x.Shape, mask))) * distance);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].Var(), Sample.Values(2, 3)),
        new("rows, biased", x => x[0].Var(1, correction: 0), Sample.Values(2, 3)),
        new("columns, kept", x => x[0].Var(0, keepDim: true), Sample.Values(4, 3)),
        new("standard deviation", x => x[0].Std(1), Sample.Values(2, 5)),
        new("outer axes", x => x[0].Var([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
