namespace DeepNet.Ops;

/// <summary>Sums over all that broadcasting repeats. Its adjoint is <see cref="Expand"/>, and the other way round.</summary>
internal sealed class SumTo(Tensor x) : LinearNode(x.Node!), ISampled
{
    private readonly Shape from = x.Shape;

    public static Tensor Apply(Tensor x, Shape to)
    {
        if (x.Shape.Equals(to)) return x;
        if (x.DType.IsHalf()) return Apply(Halves.Wide(x), to).To(x.DType);
        // The kernel takes results of the same rank, with length 1 where it sums.
        int[] lengths = new int[x.Rank];
        int added = x.Rank - to.Rank;
        if (added < 0) throw CannotSum(x.Shape, to);
        for (int i = 0; i < x.Rank; i++)
        {
            lengths[i] = i < added ? 1 : to[i - added];
            if (lengths[i] != x.Shape[i] && lengths[i] != 1) throw CannotSum(x.Shape, to);
        }
        var sum = Tensor.Allocate(new Shape(lengths), x.DType, x.Device);
        x.Kernels.Reduce(new Identity(), new AddUp(), x, sum);
        x.EndRead("sum_to");
        var result = added == 0 ? sum : sum.View(to, to.RowMajor, 0);
        if (x.Node is not null && Autograd.IsEnabled) result.Node = new SumTo(x);
        return result;
    }

    private static ArgumentException CannotSum(Shape from, Shape to)
        => new($"[sum_to] shape {from} does not come from broadcasting {to}: aligned at the last axis, each length must be equal or 1 "
        + "on the right.");

    public static IEnumerable<Sample> Samples =>
    [
        new("columns", x => x[0].SumTo(new Shape(1, 3)), Sample.Values(2, 3)),
        new("rows", x => x[0].SumTo(new Shape(2, 1)), Sample.Values(2, 3)),
        new("leading axes", x => x[0].SumTo(new Shape(4)), Sample.Values(2, 3, 4)),
        new("everything", x => x[0].SumTo(Shape.Scalar), Sample.Values(2, 3)),
        new("of a transpose", x => x[0].T.SumTo(new Shape(2)), Sample.Values(2, 3)),
    ];

    public override string Name => "sum_to";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, gradient.Expand(from));
}
