namespace DeepNet.Ops;

/// <summary>The sum of a formula's values over any axes, without the values ever being in memory: norms are made of it.</summary>
internal sealed class SumOf<TMap>(TMap map, uint mask, bool keepDim) : Operator, ISampled, ISumOf where TMap : unmanaged, IUnaryOp<TMap>
{
    public static Tensor Of(TMap map, Tensor x, uint mask, bool keepDim) => new SumOf<TMap>(map, mask, keepDim).Apply(x);

    /// <inheritdoc/>
    public uint Mask => mask;

    /// <inheritdoc/>
    public bool KeepsAxes => keepDim;

    /// <inheritdoc/>
    public FormulaSource Formula => FormulaSource.Of(map);

    public override string Name => "sum_of_" + TMap.Name;

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[0]);
        return Reduction.Run(map, new AddUp(), inputs[0], mask, keepDim);
    }

    protected override void Vjp(Tensor gradient)
    {
        var x = Saved(0);
        var g = Reduction.Keep(gradient, x.Shape, mask).Expand(x.Shape);
        // What the formula's derivative reads of its value was not kept, so it is computed again.
        var y = Needs<TMap>.Y ? x.Apply(map) : g;
        Give(0, Constant.Fit(TMap.Backward(map, x, y, g), g));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => Of(TMap.Samples[0], x[0], 3, keepDim: false), Sample.Values(2, 3)),
        new("columns, kept", x => Of(TMap.Samples[0], x[0], 1, keepDim: true), Sample.Values(2, 3)),
    ];
}
