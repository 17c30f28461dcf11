namespace DeepNet.Ops;

/// <summary>X of A·X = B or Aᵀ·X = B.</summary>
/// <param name="factors">The factors of A, if they are known.</param>
/// <param name="isTransposed">Whether the transposes of the matrices are meant.</param>
internal sealed class Solve(LuFactors? factors = null, bool isTransposed = false) : Operator, ISampled
{
    private LuFactors? factors = factors;

    public static Tensor Of(Tensor a, Tensor b)
    {
        bool isVector = b is { Rank: 1 };
        (a, b) = Matrices.System("solve", a, b);
        var x = new Solve().Apply(a, b);
        return isVector ? x.Squeeze(-1) : x;
    }

    /// <summary>A⁻¹, or A⁻ᵀ: the solution for the unit matrix.</summary>
    public static Tensor Inverse(Tensor a, LuFactors? factors = null, bool isTransposed = false)
        => new Solve(factors, isTransposed).Apply(a, Matrices.Identity(a, a.Shape[^1]).Expand(a.Shape));

    public override string Name => "solve";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (a, b) = (inputs[0], inputs[1]);
        factors ??= new LuFactors(a);
        factors.RequireRegular(Name);
        var x = Matrices.CopyOnHost(b);
        CpuDevice.LuSolve(factors.Packed, factors.Pivots, isTransposed, x, Matrices.Places(a.Shape, b.Shape));
        var result = x.To(b.Device);
        Save(0, a);
        SaveResult(1, result);
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        Tensor a = Saved(0), x = Saved(1);
        var db = new Solve(factors, !isTransposed).Apply(a, gradient);
        if (Needs(1)) Give(1, db);
        if (Needs(0)) Give(0, -(isTransposed ? MatMul.Of(x, db.T, a.Shape) : MatMul.Of(db, x.T, a.Shape)));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("matrices", x => Of(x[0], x[1]), Sample.Values(3, 3), Sample.Values(3, 2)),
        new("a vector", x => Of(x[0].T, x[1]), Sample.Values(3, 3), Sample.Values(3)),
        new("one matrix for a batch", x => Of(x[0], x[1]), Sample.Values(2, 2), Sample.Values(3, 2, 2)),
        new("a batch for one right-hand side", x => Of(x[0], x[1]), Sample.Values(2, 1, 2, 2), Sample.Values(3, 2, 1)),
        new("the inverse", x => Inverse(x[0]), Sample.Values(2, 3, 3)),
        new("nothing", x => Of(x[0], x[1]), Sample.Values(0, 0), Sample.Values(0, 2)),
    ];
}
