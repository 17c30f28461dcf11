namespace DeepNet.Ops;

/// <summary>The largest or smallest element over any axes; NaN if there is one. Equal ones share the gradient evenly.</summary>
internal sealed class Extreme<TRule>(string name, uint mask, bool keepDim) : Operator, ISampled where TRule : unmanaged, IReduceOp<TRule>
{
    public static Tensor Of(string name, Tensor x, uint mask, bool keepDim)
    {
        Reduction.RequireElements(name, x.Shape, mask);
        return new Extreme<TRule>(name, mask, keepDim).Apply(x.To(DTypes.Compute(x.DType)));
    }

    public override string Name => name;

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var y = Reduction.Run(new Identity(), default(TRule), inputs[0], mask, keepDim);
        Save(0, inputs[0]);
        Save(1, y);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        var (x, y) = (Saved(0), Saved(1));
        var isExtreme = x.Detach().Equal(Reduction.Keep(y, x.Shape, mask)).To(x.DType);
        var share = isExtreme / Sum.Of(isExtreme, mask, keepDim: true);
        Give(0, Reduction.Keep(gradient, x.Shape, mask) * share);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => Of("max", x[0], 3, keepDim: false), Sample.Values(2, 3)),
        new("rows", x => Of("max", x[0], 2, keepDim: false), Sample.Values(2, 3)),
        new("columns, kept, nonlinear", x => Of("max", x[0], 1, keepDim: true).Square(), Sample.Values(2, 3)),
    ];
}
