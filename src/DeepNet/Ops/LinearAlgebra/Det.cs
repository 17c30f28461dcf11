namespace DeepNet.Ops;

/// <summary>
/// The determinant. Its gradient are the cofactors, which singular matrices have too: det(A)·A⁻ᵀ, or from singular values where a matrix of
/// the batch has no inverse.
/// </summary>
internal sealed class Det : Operator, ISampled
{
    private LuFactors? factors;

    public static Tensor Of(Tensor a) => new Det().Apply(Matrices.Square("det", a));

    public override string Name => "det";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = inputs[0];
        factors = new LuFactors(a);
        double[] diagonals = factors.SignedDiagonals(), values = new double[Matrices.Batch(a.Shape).Count];
        int n = a.Shape[^1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 1;
            foreach (double pivot in diagonals.AsSpan(i * n, n)) values[i] *= pivot;
        }
        var result = Tensor.From<double>(values, Matrices.Batch(a.Shape)).To(a.DType).To(a.Device);
        Save(0, a);
        SaveResult(1, result);
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var a = Saved(0);
        Give(0, factors!.IsSingular ? Wide(gradient) * Cofactors(a)
            : Wide(gradient * Saved(1)) * Solve.Inverse(a, factors, isTransposed: true));
    }

    private static Tensor Wide(Tensor x) => x.Unsqueeze(-1).Unsqueeze(-1);

    /// <summary>det(U)·det(V)·U·P·Vᵀ, where P is diagonal: the product of all singular values but one.</summary>
    private static Tensor Cofactors(Tensor a)
    {
        var (u, s, vt) = Svd.Of(a);
        int n = a.Shape[^1];
        var sign = Of(u.Detach()) * Of(vt.Detach());
        var others = Tensor.Where(Matrices.OnDiagonal(s, n), Tensor.OnesLike(s).Unsqueeze(-2), s.Unsqueeze(-2)).Prod(-1);
        return Wide(sign) * (u * others.Unsqueeze(-2)).MatMul(vt);
    }

    private static Tensor Singular => Tensor.From<double>([1, 2, 0.5, 2, 4, 1, 0.3, -1, 2], [3, 3]);

    public static IEnumerable<Sample> Samples =>
    [
        new("a matrix", x => Of(x[0]), Sample.Values(3, 3)),
        new("a batch", x => Of(x[0].T), Sample.Values(2, 2, 2, 2)),
        new("a singular matrix", x => Of(x[0]), Singular),
        new("nothing", x => Of(x[0]), Sample.Values(2, 0, 0)),
    ];
}

/// <summary>The logarithm of the determinant's magnitude, −∞ for singular matrices.</summary>
internal sealed class LogAbsDet : Operator, ISampled
{
    private LuFactors? factors;

    public static (Tensor Sign, Tensor LogAbs) Of(Tensor a)
    {
        a = Matrices.Square("slogdet", a);
        var op = new LogAbsDet();
        var result = op.Apply(a);
        return (op.Sign!, result);
    }

    public override string Name => "slogdet";

    /// <summary>Gets the sign of the determinant: −1, 0 or 1.</summary>
    public Tensor? Sign { get; private set; }

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = inputs[0];
        factors = new LuFactors(a);
        var batch = Matrices.Batch(a.Shape);
        double[] diagonals = factors.SignedDiagonals(), signs = new double[batch.Count], logs = new double[batch.Count];
        int n = a.Shape[^1];
        for (int i = 0; i < signs.Length; i++)
        {
            signs[i] = 1;
            foreach (double pivot in diagonals.AsSpan(i * n, n))
            {
                signs[i] *= double.IsNaN(pivot) ? pivot : Math.Sign(pivot);
                logs[i] += Math.Log(Math.Abs(pivot));
            }
        }
        Sign = Tensor.From<double>(signs, batch).To(a.DType).To(a.Device);
        Save(0, a);
        return Tensor.From<double>(logs, batch).To(a.DType).To(a.Device);
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        factors!.RequireRegular(Name);
        Give(0, gradient.Unsqueeze(-1).Unsqueeze(-1) * Solve.Inverse(Saved(0), factors, isTransposed: true));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("a matrix", x => Of(x[0]).LogAbs, Sample.Values(3, 3)),
        new("a batch", x => Of(x[0]).LogAbs, Sample.Values(2, 2, 2)),
        new("with its sign", x => { var (s, l) = Of(x[0]); return s * l; }, Sample.Values(2, 2)),
    ];
}
