namespace DeepNet.Ops;

/// <summary>X of T·X = B or Tᵀ·X = B with triangular T, of which the other triangle is not read.</summary>
internal sealed class SolveTriangular(bool isUpper, bool isTransposed, bool isUnit) : Operator, ISampled
{
    public static Tensor Of(Tensor t, Tensor b, bool isUpper, bool isTransposed = false, bool isUnit = false)
    {
        bool isVector = b is { Rank: 1 };
        (t, b) = Matrices.System("solve_triangular", t, b);
        var x = new SolveTriangular(isUpper, isTransposed, isUnit).Apply(t, b);
        return isVector ? x.Squeeze(-1) : x;
    }

    public override string Name => "solve_triangular";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (t, b) = (inputs[0], inputs[1]);
        var triangle = Matrices.OnHost(t);
        if (!isUnit) RequireRegular(triangle);
        var x = Matrices.CopyOnHost(b);
        CpuDevice.SolveTriangular(triangle, isUpper, isTransposed, isUnit, x, Matrices.Places(t.Shape, b.Shape));
        var result = x.To(b.Device);
        Save(0, t);
        SaveResult(1, result);
        return result;
    }

    private static void RequireRegular(Tensor triangle)
    {
        double[] diagonal = triangle.Diagonal(0, -2, -1).ToArray<double>();
        int zero = Array.IndexOf(diagonal, 0.0), n = triangle.Shape[^1];
        if (zero >= 0)
            throw new ArithmeticException(
                $"[solve_triangular] {Matrices.Name(triangle.Shape, zero / n)} is singular: element {zero % n} of its diagonal is zero.");
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        Tensor t = Saved(0), x = Saved(1);
        var db = new SolveTriangular(isUpper, !isTransposed, isUnit).Apply(t, gradient);
        if (Needs(1)) Give(1, db);
        if (!Needs(0)) return;
        var dt = isTransposed ? MatMul.Of(x, db.T, t.Shape) : MatMul.Of(db, x.T, t.Shape);
        int diagonal = isUnit ? 1 : 0;
        Give(0, -(isUpper ? dt.Triu(diagonal) : dt.Tril(-diagonal)));
    }

    // A diagonal that is not small.
    private static Tensor Regular(Tensor x) => x + Matrices.Identity(x, x.Shape[^1]) * 5;

    public static IEnumerable<Sample> Samples =>
    [
        new("lower", x => Of(Regular(x[0]), x[1], isUpper: false), Sample.Values(3, 3), Sample.Values(3, 2)),
        new("upper, transposed", x => Of(Regular(x[0]), x[1], isUpper: true, isTransposed: true), Sample.Values(3, 3), Sample.Values(3)),
        new("a unit diagonal", x => Of(x[0], x[1], isUpper: true, isUnit: true), Sample.Values(3, 3), Sample.Values(3, 2)),
        new("one matrix for a batch", x => Of(Regular(x[0]), x[1], isUpper: true), Sample.Values(2, 2), Sample.Values(3, 2, 2)),
        new("a batch for one right-hand side", x => Of(Regular(x[0]).T, x[1], isUpper: true), Sample.Values(2, 2, 2), Sample.Values(2, 2)),
    ];
}
