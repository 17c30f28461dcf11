namespace DeepNet.Ops;

/// <summary>The lower factor L of A = L·Lᵀ; the lower triangle of A is read, and its gradient is symmetric.</summary>
internal sealed class Cholesky : Operator, ISampled
{
    public static Tensor Of(Tensor a) => new Cholesky().Apply(Matrices.Square("cholesky", a));

    public override string Name => "cholesky";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = inputs[0];
        var factor = Matrices.CopyOnHost(a);
        if (CpuDevice.Cholesky(factor) is { } failure)
            throw new ArithmeticException(
                $"[cholesky] {Matrices.Name(a.Shape, failure.Matrix)} is not positive definite: its leading minor of {failure.Code} rows "
                + "is not positive. Is it symmetric and finite? Adding a small multiple of the unit matrix often helps.");
        var result = factor.To(a.Device);
        SaveResult(0, result);
        return result;
    }

    // With Φ, which takes the lower triangle and half of the diagonal: L⁻ᵀ·Φ(Lᵀ·G)·L⁻¹, made symmetric.
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var l = Saved(0);
        var product = l.T.MatMul(gradient).Tril();
        var half = SolveTriangular.Of(l, product + product.Tril(-1).T, isUpper: false, isTransposed: true);
        Give(0, SolveTriangular.Of(l, half.T, isUpper: false, isTransposed: true) * 0.5);
    }

    /// <summary>A symmetric matrix with a diagonal that makes it positive definite, out of any numbers.</summary>
    internal static Tensor Definite(Tensor x)
    {
        int n = x.Shape[^1];
        return x + x.T + Matrices.Identity(x, n) * (4 * n);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("a matrix", x => Of(Definite(x[0])), Sample.Values(3, 3)),
        new("a batch", x => Of(Definite(x[0].T)), Sample.Values(2, 2, 2, 2)),
        new("one number", x => Of(x[0]), Sample.Positive(2, 1, 1)),
        new("nothing", x => Of(x[0]), Sample.Values(2, 0, 0)),
    ];
}
