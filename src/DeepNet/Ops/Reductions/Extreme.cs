namespace DeepNet.Ops;

/// <summary>The largest or smallest element over any axes; NaN if there is one. Equal ones share the gradient evenly.</summary>
internal sealed class Extreme(bool isLargest, uint mask, bool keepDim) : Operator, ISampled, IReduced
{
    public static Tensor Max(Tensor x, uint mask, bool keepDim) => Of(x, isLargest: true, mask, keepDim);

    public static Tensor Min(Tensor x, uint mask, bool keepDim) => Of(x, isLargest: false, mask, keepDim);

    private static Tensor Of(Tensor x, bool isLargest, uint mask, bool keepDim)
    {
        var extreme = new Extreme(isLargest, mask, keepDim);
        Reduction.RequireElements(extreme.Name, x.Shape, mask);
        return extreme.Apply(x.To(DTypes.Compute(x.DType)));
    }

    /// <inheritdoc/>
    public uint Mask => mask;

    /// <inheritdoc/>
    public bool KeepsAxes => keepDim;

    /// <summary>Gets a value that is true for the largest element.</summary>
    public bool IsLargest => isLargest;

    public override string Name => isLargest ? "max" : "min";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var y = isLargest
            ? Reduction.Run(new Identity(), new Largest(), inputs[0], mask, keepDim)
            : Reduction.Run(new Identity(), new Smallest(), inputs[0], mask, keepDim);
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
        new("everything", x => x[0].Max(), Sample.Values(2, 3)),
        new("rows", x => x[0].Min(1), Sample.Values(2, 3)),
        new("columns, kept, nonlinear", x => x[0].Max(0, keepDim: true).Square(), Sample.Values(2, 3)),
        new("outer axes", x => x[0].Min([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
