using System.Globalization;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    // Vectors come squared where their sign is free.
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> LinearAlgebra => new()
    {
        ["solve"] = One(c => Linalg.Solve(c[0], c[1])),
        ["solve_triangular"] = One(c => Linalg.SolveTriangular(
            c.Case.Flag("unit") ? c[0] / 8 : c[0], c[1], c.Case.Flag("upper"), c.Case.Flag("transpose"), c.Case.Flag("unit"))),
        ["cholesky_solve"] = One(c => Linalg.CholeskySolve(c[0], c[1])),
        ["inverse"] = One(c => Linalg.Inverse(c[0])),
        ["det"] = One(c => Linalg.Det(c[0])),
        ["slogdet"] = c => Linalg.SlogDet(c[0]) is var (sign, logAbs) ? [sign, logAbs] : [],
        ["matrix_exp"] = One(c => Linalg.MatrixExp(c.Case.Name.EndsWith("large", StringComparison.Ordinal) ? c[0] : c[0] / 4)),
        ["matrix_power"] = One(c => Linalg.MatrixPower(c[0] / 4, c.Case.Int("power"))),
        ["cholesky"] = One(c => Linalg.Cholesky(c[0].MatMul(c[0].T))),
        ["eigvalsh"] = One(c => Linalg.Eigvalsh(c[0] + c[0].T)),
        ["eigh"] = c => Linalg.Eigh(c[0] + c[0].T) is var (values, vectors) ? [values, vectors * vectors] : [],
        ["lu"] = c => Linalg.Lu(c[0]) is var (p, l, u) ? [p, l, u] : [],
        ["qr"] = c => Linalg.Qr(c[0]) is var (q, r) ? [q, r] : [],
        ["svdvals"] = One(c => Linalg.Svdvals(c[0])),
        ["svd"] = c => Linalg.Svd(c[0]) is var (u, s, vt) ? [u * u, s, vt * vt] : [],
        ["pinv"] = One(c => Linalg.Pinv(c[0])),
        ["lstsq"] = One(c => Linalg.Lstsq(c[0], c[1])),
        ["matrix_rank"] = One(c => Linalg.MatrixRank(c[0])),
        ["matrix_norm"] = One(c => Linalg.MatrixNorm(c[0], c.Case.Text("norm") switch
        {
            "fro" => MatrixNorm.Frobenius,
            "nuc" => MatrixNorm.Nuclear,
            "2" => MatrixNorm.Spectral,
            "1" => MatrixNorm.One,
            _ => MatrixNorm.Infinity,
        })),
        ["diag"] = One(c => c[0].Diag(c.Case.Int("offset"))),
        ["kron"] = One(c => c[0].Kron(c[1])),
        ["cross"] = One(c => c[0].Cross(c[1], c.Axis)),
        ["cdist"] = One(c => c[0].Cdist(
            c[1], c.Case.Text("p") is "inf" ? double.PositiveInfinity : double.Parse(c.Case.Text("p"), CultureInfo.InvariantCulture))),
        ["cov"] = One(c => c[0].Cov(c.Case.Int("correction"))),
    };
}
