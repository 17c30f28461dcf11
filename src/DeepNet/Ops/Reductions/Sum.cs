namespace DeepNet.Ops;

/// <summary>The sum over any axes; of integers and bools as int64.</summary>
internal sealed class Sum(Tensor x, uint mask) : LinearNode(x.Node!), ISampled
{
    private readonly Shape from = x.Shape;

    public static Tensor Of(Tensor x, uint mask, bool keepDim)
    {
        if (x.DType != DType.Bool) x = Reduction.Widen(x);
        using var step = Listener.IsOn ? Recording.Enter("sum") : default;
        var sum = Reduction.Run(new Identity(), new AddUp(), x, mask, keepDim);
        x.EndRead("sum");
        if (x.Node is not null && Autograd.IsEnabled) sum.Node = new Sum(x, mask);
        if (Listener.IsOn) Anomaly.CheckResult("sum", sum, x);
        step.Applied(new Reduced(mask, keepDim), sum, x);
        return sum;
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].Sum(), Sample.Values(2, 3)),
        new("rows", x => x[0].Sum(1), Sample.Values(2, 3)),
        new("columns, kept", x => x[0].Sum(0, keepDim: true), Sample.Values(2, 3)),
        new("outer axes", x => x[0].Sum([0, -1]), Sample.Values(2, 3, 4)),
        new("of a scalar", x => x[0].Sum(), Sample.Values()),
        new("of nothing", x => x[0].Sum(0), Sample.Values(0, 3)),
        new("twice, nonlinear", x => x[0].Square().Sum(1).Square().Sum(), Sample.Values(2, 3)),
    ];

    public override string Name => "sum";
    internal override void Backward(Tensor gradient, Engine engine)
        => engine.Give(Source, Reduction.Keep(gradient, from, mask).Expand(from));
}
