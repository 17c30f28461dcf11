using System.Reflection;

namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private static readonly MethodInfo SymmetricOf = typeof(Symmetric).GetMethod(nameof(Symmetric.Of))!;
    private static readonly Operation Symmetrise = new(Signature.Of(SymmetricOf), SymmetricOf, _ => null);

    private void AddLinearAlgebra()
    {
        Add("Linalg.Solve(Tensor, Tensor)", d => Regular(d) is var a ? [a, RightHandSide(d, a)] : null);
        Add("Linalg.SolveTriangular(Tensor, Tensor, bool, bool, bool)", d => Regular(d) is var a
            ? [d.Emit("Tensor.op_Division(Tensor, Scalar)", a, Side(a)), RightHandSide(d, a), d.Coin(), d.Coin(), d.Coin()] : null);
        Add("Linalg.CholeskySolve(Tensor, Tensor)", d => Regular(d) is var a ? [a, RightHandSide(d, a)] : null);
        Add("Linalg.Lstsq(Tensor, Tensor)", d => Regular(d, d.Int(0, 3)) is var a ? [a, RightHandSide(d, a)] : null);
        foreach (string name in (string[])["Inverse", "MatrixExp", "Lu", "Svd", "Svdvals", "Qr"])
            Add($"Linalg.{name}(Tensor)", d => [name == "MatrixExp" ? Small(d, Regular(d)) : Regular(d)]);
        Add("Linalg.Pinv(Tensor, double?)", d => [Regular(d, d.Int(0, 3)), null]);
        Add("Linalg.MatrixRank(Tensor, double?)", d => [Regular(d), d.Coin() ? null : 0.1]);
        Add("Linalg.MatrixPower(Tensor, int)", d => [Small(d, Regular(d)), d.Int(-2, 4)]);
        Add("Linalg.MatrixNorm(Tensor, MatrixNorm)", d => Regular(d) is var a && d.IsAway(a, Zero) && d.IsDistinct(a.Tensor.Abs().Sum(-1))
            && d.IsDistinct(a.Tensor.Abs().Sum(-2)) ? [a, d.Of(Enum.GetValues<MatrixNorm>())] : null);
        Add("Linalg.Det(Tensor)", d => [Small(d, Regular(d))]);
        Add("Linalg.SlogDet(Tensor)", d => [Regular(d)]);
        foreach (string name in (string[])["Cholesky", "Eigh", "Eigvalsh"])
            Add($"Linalg.{name}(Tensor)", d => [d.Emit(Symmetrise, [Regular(d)])[0]]);
        Add("Tensor.Diag(int)", d => d.Float(rank: 1, where: v => v.Rank < 4 && v.Shape[^1] < 60) is var x ? [x, d.Int(-2, 2)] : null);
        Add("Tensor.Kron(Tensor)", d => [d.OfRank(2), d.OfRank(2, where: s => s.Count < 20, shape: () => [2, d.Int(1, 3)])]);
        Add("Tensor.Cross(Tensor, int)", d => d.Leaf([d.Int(1, 4), 3]) is var x ? [x, d.Like(x.Shape), d.Of(1, -1)] : null);
        Add("Tensor.Cdist(Tensor, double)", d => Rows(d) is var (a, b)
            && d.IsAway(a with { Tensor = a.Tensor.Unsqueeze(-2) - b.Tensor.Unsqueeze(-3) }, Zero) ? [a, b, d.Of(1.0, 2.0, 3.0)] : null);
        Add("Tensor.Cov(double)",
            d => d.OfRank(2, where: s => s[0] < 200 && s[1] > 1) is var x && x.Shape[1] > 1 ? [x, Correction(d)] : null);
    }

    private static int Side(Value a) => Math.Max(a.Shape[^2], a.Shape[^1]);

    private static Value RightHandSide(Choices d, Value a)
        => d.Like(new Shape(d.Of<int[]>([a.Shape[^2]], [a.Shape[^2], d.Int(1, 3)], [2, 1, a.Shape[^2], d.Int(1, 3)])));

    private static (Value A, Value B) Rows(Choices d)
    {
        int width = d.Int(1, 4);
        return (d.Leaf([d.Int(1, 4), width]), d.Leaf([d.Int(1, 4), width]));
    }

    /// <summary>
    /// Matrices whose diagonal is positive, larger than the rest of its row, and rises: they are regular, and singular values lie apart.
    /// </summary>
    private static Value Regular(Choices d, int more = 0)
    {
        int n = d.IsLarge ? d.Int(33, 70) : d.Int(1, 4);
        int[] shape = d.Coin() ? [n + more, n] : [d.Int(1, 3), n + more, n];
        var rising = d.Emit("Tensor.Arange(Scalar, Scalar, Scalar, DType?, Device)", 2 * n + 1, 5 * n - 1, 3, new RunType(), null);
        var diagonal = d.Emit("Tensor.Eye(int, int?, DType, Device)", n + more, n, new RunType(), null);
        var scaled = d.Emit("Tensor.op_Multiply(Tensor, Tensor)", diagonal, rising);
        return d.Emit("Tensor.op_Addition(Tensor, Tensor)", d.Like(new Shape(shape), -2, 2), scaled);
    }

    /// <summary>The same divided by their size, so that powers do not explode.</summary>
    private static Value Small(Choices d, Value a) => d.Emit("Tensor.op_Division(Tensor, Scalar)", a, 2.0 * Side(a));
}
