using static DeepNet.Tests.Operators.Batches;

namespace DeepNet.Tests.Operators;

/// <summary>Systems, inverses and functions of matrices by what must hold of them.</summary>
public class SolveTests
{
    private static readonly DType[] types = [DType.Float32, DType.Float64];

    // Away from singular ones, so that roundings can be counted.
    private static Tensor Regular(DType type, params int[] shape)
        => Normal(type, shape) + Tensor.Eye(shape[^1], dtype: type) * (2 * Math.Sqrt(Math.Max(1, shape[^1])) + 1);

    [Theory]
    [MemberData(nameof(Batches.Shapes), MemberType = typeof(Batches))]
    public void Solutions_solve(int[] shape)
    {
        foreach (var type in types)
        {
            Tensor a = Regular(type, shape), b = Normal(type, [.. shape[..^1], 3]);
            Near(b, a.MatMul(Linalg.Solve(a, b)), 80, "A·X");
            Near(b, a.T.MatMul(Linalg.Solve(a.T, b)), 80, "Aᵀ·X");
            Near(Identity(a, shape[^1]), a.MatMul(Linalg.Inverse(a)), 80, "A·A⁻¹");
            Tensor lower = a.Tril(), upper = a.Triu();
            Near(b, lower.MatMul(Linalg.SolveTriangular(a, b)), 80, "L·X");
            Near(b, upper.MatMul(Linalg.SolveTriangular(a, b, upper: true)), 80, "U·X");
            Near(b, lower.T.MatMul(Linalg.SolveTriangular(a, b, transpose: true)), 80, "Lᵀ·X");
            Near(b, upper.T.MatMul(Linalg.SolveTriangular(a, b, upper: true, transpose: true)), 80, "Uᵀ·X");
            var small = a * (0.1 / Math.Max(1, shape[^1]));
            var unit = small.Tril(-1) + Tensor.Eye(shape[^1], dtype: type);
            Near(b, unit.MatMul(Linalg.SolveTriangular(small, b, unitDiagonal: true)), 80, "unit L·X");
            var definite = Definite(type, shape) + Tensor.Eye(shape[^1], dtype: type) * shape[^1];
            Near(b, definite.MatMul(Linalg.CholeskySolve(Linalg.Cholesky(definite), b)), 80, "positive definite A·X");
        }
    }

    [Theory]
    [InlineData(new[] { 2, 3, 4, 4 }, new[] { 4, 2 })]
    [InlineData(new[] { 4, 4 }, new[] { 2, 3, 4, 2 })]
    [InlineData(new[] { 2, 1, 4, 4 }, new[] { 3, 4, 1 })]
    [InlineData(new[] { 5, 4, 4 }, new[] { 4 })]
    public void Leading_axes_broadcast(int[] left, int[] right)
    {
        Tensor a = Regular(DType.Float64, left), b = Normal(DType.Float64, right);
        var x = Linalg.Solve(a, b);
        var product = right.Length == 1 ? a.MatMul(x.Unsqueeze(-1)).Squeeze(-1) : a.MatMul(x);
        Near(b.Expand(product.Shape), product, 80);
    }

    [Theory]
    [InlineData(5, 3, 2)]
    [InlineData(3, 5, 2)]
    [InlineData(4, 4, 1)]
    [InlineData(60, 35, 4)]
    public void Least_squares_leave_a_residual_that_is_orthogonal(int rows, int columns, int right)
    {
        foreach (var type in types)
        {
            Tensor a = Normal(type, 2, rows, columns), b = Normal(type, 2, rows, right);
            var x = Linalg.Lstsq(a, b);
            var residual = a.MatMul(x) - b;
            Near(Tensor.Zeros(new Shape(2, columns, right), type), a.T.MatMul(residual), 600);
            Near(x, Linalg.Pinv(a).MatMul(b), 600);
            if (columns > rows) Near(x, a.T.MatMul(Linalg.Solve(a.MatMul(a.T), b)), 600);
        }
    }

    [Fact]
    public void Penroses_conditions_hold_for_any_rank()
    {
        foreach (var type in types)
        {
            var a = Normal(type, 3, 7, 2).MatMul(Normal(type, 3, 2, 5));
            var y = Linalg.Pinv(a);
            Near(a, a.MatMul(y).MatMul(a), 60);
            Near(y, y.MatMul(a).MatMul(y), 60);
            Near(a.MatMul(y), a.MatMul(y).T, 60);
            Near(y.MatMul(a), y.MatMul(a).T, 60);
            Assert.Equal([2L, 2, 2], Linalg.MatrixRank(a).ToArray<long>());
        }
    }

    [Fact]
    public void Determinants_multiply()
    {
        foreach (var type in types)
        {
            Tensor a = Normal(type, 4, 6, 6), b = Normal(type, 4, 6, 6);
            Near(Linalg.Det(a) * Linalg.Det(b), Linalg.Det(a.MatMul(b)), 200);
            var (sign, log) = Linalg.SlogDet(a);
            Near(Linalg.Det(a), sign * log.Exp(), 100);
            Near(Linalg.Eigvalsh(a).Prod(-1), Linalg.Det(a.Tril() + a.Tril(-1).T), 100);
        }
        var large = Tensor.Eye(400, dtype: DType.Float64) * -10;
        var (one, logarithm) = Linalg.SlogDet(large);
        Assert.Equal(1, one.Item());
        Assert.Equal(400 * Math.Log(10), logarithm.Item<double>(), 1e-10);
        Assert.Equal((0.0, double.NegativeInfinity), Linalg.SlogDet(Tensor.Ones(2, 2)) is var (s, l) ? (s.Item(), l.Item()) : default);
        Assert.Equal(1, Linalg.Det(Tensor.Zeros(0, 0)).Item());
    }

    [Fact]
    public void The_gradient_of_a_singular_determinant_is_the_cofactors()
    {
        var a = Tensor.From<double>([1, 2, 3, 2, 4, 6, 1, 0, 1], [3, 3]).WithGrad();
        Linalg.Det(a).Backward();
        Near(Tensor.From<double>([4, 4, -4, -2, -2, 2, 0, 0, 0], [3, 3]), a.Grad!, 40);
        var zero = Tensor.Zeros([2, 2], DType.Float64).WithGrad();
        Linalg.Det(zero).Backward();
        Near(Tensor.Zeros([2, 2], DType.Float64), zero.Grad!, 0);
    }

    [Fact]
    public void Powers_and_exponentials()
    {
        foreach (var type in types)
        {
            var a = Normal(type, 3, 5, 5);
            Near(Identity(a, 5), Linalg.MatrixPower(a, 0), 0);
            Near(a.MatMul(a).MatMul(a).MatMul(a).MatMul(a), Linalg.MatrixPower(a, 5), 30);
            var regular = Regular(type, 3, 5, 5);
            Near(Identity(a, 5), Linalg.MatrixPower(regular, -3).MatMul(Linalg.MatrixPower(regular, 3)), 400);
            Near(Identity(a, 5), Linalg.MatrixExp(a).MatMul(Linalg.MatrixExp(-a)), 20_000, "exp(A)·exp(−A)");
            Near(Linalg.MatrixExp(a).MatMul(Linalg.MatrixExp(a)), Linalg.MatrixExp(a * 2), 400, "exp(A)²");
            var diagonal = Tensor.From<double>([-30, 0, 0.5, 3]).To(type);
            Near(diagonal.Exp().Diag(), Linalg.MatrixExp(diagonal.Diag()), 60);
            double trace = a.Select(0, 0).Trace().Item<double>();
            Near(Tensor.Full([], Math.Exp(trace), type), Linalg.Det(Linalg.MatrixExp(a.Select(0, 0))), 4000, "det(exp(A))");
        }
    }

    [Fact]
    public void An_ill_conditioned_system_is_solved_as_well_as_its_condition_allows()
    {
        int n = 8; // Hilbert's matrix: a condition of 1.5e10
        var i = Tensor.Arange(0, n).To(DType.Float64);
        var hilbert = (i.Unsqueeze(-1) + i + 1).Reciprocal();
        var wanted = Tensor.Ones([n], DType.Float64);
        var x = Linalg.Solve(hilbert, hilbert.MatMul(wanted));
        Assert.InRange((x - wanted).Abs().Max().Item<double>(), 0, 1e-5);
        Near(hilbert.MatMul(wanted), hilbert.MatMul(x), 8); // the residual is that of a well-conditioned one
    }

    [Fact]
    public void Half_types_and_integers_become_float32()
    {
        var a = Tensor.From<long>([4, 1, 1, 3], [2, 2]);
        Assert.Equal(DType.Float32, Linalg.Inverse(a).DType);
        Assert.Equal(DType.Float32, Linalg.Cholesky(a.To(DType.BFloat16)).DType);
        Assert.Equal(DType.Float64, Linalg.Solve(a, Tensor.Ones([2], DType.Float64)).DType);
        using (Autocast.To(DType.BFloat16))
            Near(Linalg.MatrixPower(a.To(DType.Float32), 3), Tensor.From<float>([75, 38, 38, 37], [2, 2]), 0);
    }
}
