using DeepNet.Ops;
using static DeepNet.Tests.Formulas.Operators;

namespace DeepNet.Tests.Operators;

/// <summary>
/// Every formula, found by reflection, through tensors: derivatives of two orders against finite differences, and the
/// derivative that the tensor itself interprets against the one that the kernel computes.
/// </summary>
public class FormulaGradientTests
{
    public static IEnumerable<object[]> UnaryOperators => Unary;

    public static IEnumerable<object[]> BinaryOperators => Binary;

    [Theory]
    [MemberData(nameof(UnaryOperators))]
    public void Unary_gradients_are_those_of_finite_differences(Type op) => Call(typeof(FormulaGradientTests), nameof(CheckUnary), op);

    [Theory]
    [MemberData(nameof(BinaryOperators))]
    public void Binary_gradients_are_those_of_finite_differences(Type op) => Call(typeof(FormulaGradientTests), nameof(CheckBinary), op);

    [Theory]
    [MemberData(nameof(UnaryOperators))]
    public void Unary_graph_agrees_with_the_kernel(Type op) => Call(typeof(FormulaGradientTests), nameof(CompareUnary), op);

    [Theory]
    [MemberData(nameof(BinaryOperators))]
    public void Binary_graph_agrees_with_the_kernel(Type op) => Call(typeof(FormulaGradientTests), nameof(CompareBinary), op);

    private static void CheckUnary<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        if (TOp.IsPredicate) return;
        foreach (var op in TOp.Samples) FiniteDifferences.Check(x => x[0].Apply(op), UnaryPoints(op));
    }

    private static void CheckBinary<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (TOp.IsPredicate) return;
        var (a, b) = BinaryPoints<TOp>();
        var rows = a.Reshape(1, -1) * Tensor.From<double>([1, 1.03125, 0.96875]).Reshape(3, 1);
        foreach (var op in TOp.Samples)
        {
            FiniteDifferences.Check(x => x[0].Apply(op, x[1]), a, b);
            FiniteDifferences.Check(x => x[0].Apply(op, x[1]), rows, b);                               // a row for all rows
            FiniteDifferences.Check(x => x[0].Apply(op, x[1]), rows.T.Contiguous(), b.Reshape(-1, 1)); // a column for all columns
        }
    }

    private static void CompareUnary<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        if (TOp.IsPredicate) return;
        foreach (var op in TOp.Samples)
            foreach (var dtype in new[] { DType.Float64, DType.Float32 })
                Compare(x => x[0].Apply(op), dtype, UnaryPoints(op));
    }

    private static void CompareBinary<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (TOp.IsPredicate) return;
        var (a, b) = BinaryPoints<TOp>();
        foreach (var op in TOp.Samples)
            foreach (var dtype in new[] { DType.Float64, DType.Float32 })
            {
                Compare(x => x[0].Apply(op, x[1]), dtype, a, b);
                Compare(x => x[0].Expand(3, -1).Apply(op, x[1]), dtype, a, b);
            }
    }

    private static void Compare(Func<Tensor[], Tensor> function, DType dtype, params Tensor[] inputs)
    {
        var kernel = Gradients(createGraph: false);
        var graph = Gradients(createGraph: true);
        double tolerance = dtype == DType.Float64 ? 1e-12 : 2e-5;
        for (int k = 0; k < kernel.Length; k++)
            for (int i = 0; i < kernel[k].Length; i++)
                Assert.True(Math.Abs(kernel[k][i] - graph[k][i]) <= tolerance * Math.Max(1, Math.Abs(kernel[k][i])),
                    $"{dtype.Name()}, input {k}, element {i}: the kernel gives {kernel[k][i]:R}, the graph {graph[k][i]:R}");

        double[][] Gradients(bool createGraph)
        {
            Tensor[] x = [.. inputs.Select(input => input.To(dtype).Clone().WithGrad())];
            var y = function(x);
            y.Backward(Tensor.Full(y.Shape, 0.75, dtype), createGraph: createGraph);
            return [.. x.Select(leaf => leaf.Grad!.ToArray<double>())];
        }
    }

    // A composition may leave the domain of its second formula at some of the points of its first.
    private static Tensor UnaryPoints<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp>
        => Tensor.From<double>([.. TOp.Points.ToArray().Where(x => double.IsFinite(op.Forward(new F64(x)).V))]);

    private static (Tensor A, Tensor B) BinaryPoints<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        var points = TOp.Points.ToArray();
        return (Tensor.From<double>([.. points.Select(p => p.A)]), Tensor.From<double>([.. points.Select(p => p.B)]));
    }
}
