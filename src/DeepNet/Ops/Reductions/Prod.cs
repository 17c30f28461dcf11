namespace DeepNet.Ops;

/// <summary>
/// The product over one axis. The gradient of a factor is the product of all others, before it and after it: right with zeros,
/// and differentiable again.
/// </summary>
internal sealed class Prod(int axis, bool keepDim) : Operator, ISampled, IReduced
{
    public static Tensor Of(Tensor x, uint mask, bool keepDim)
    {
        x = Reduction.Widen(x);
        if (mask == 0) return x.Clone();                      // a result is never the input itself
        if (uint.IsPow2(mask)) return new Prod(System.Numerics.BitOperations.Log2(mask), keepDim).Apply(x);
        var product = new Prod(x.Rank - System.Numerics.BitOperations.PopCount(mask), keepDim: false).Apply(Reduction.MergeToLast(x, mask));
        return keepDim ? Reduction.Keep(product, x.Shape, mask) : product;
    }

    /// <inheritdoc/>
    public uint Mask => 1u << axis;

    /// <inheritdoc/>
    public bool KeepsAxes => keepDim;

    public override string Name => "prod";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[0]);
        return Reduction.Run(new Identity(), new MultiplyUp(), inputs[0], 1u << axis, keepDim);
    }

    protected override void Vjp(Tensor gradient)
    {
        var x = Saved(0);
        var before = Shift.Of(Recurrence.Product(x, axis), axis, 1, 1);
        var after = Shift.Of(Recurrence.Product(x, axis, isReverse: true), axis, -1, 1);
        Give(0, Reduction.Keep(gradient, x.Shape, 1u << axis) * (before * after));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].Prod(), Sample.Values(2, 3)),
        new("rows", x => x[0].Prod(1), Sample.Values(2, 4)),
        new("outer axes, kept", x => x[0].Prod([0, 2], keepDim: true), Sample.Values(2, 3, 2)),
        new("a zero", x => x[0].Prod(1), Tensor.From<double>([1.5, 0, -0.7, 2, 0.3, 1], new Shape(2, 3))),
        new("two zeros", x => x[0].Prod(1), Tensor.From<double>([0, 1.5, 0, 2, 0, 1], new Shape(2, 3))),
        new("of one", x => x[0].Prod(), Sample.Values()),
    ];
}
