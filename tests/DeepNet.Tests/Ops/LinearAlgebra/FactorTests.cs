using static DeepNet.Tests.Operators.Batches;

namespace DeepNet.Tests.Operators;

/// <summary>
/// Properties of factors whatever the matrix: products, orthogonality, order, and the same bits from any number of threads.
/// </summary>
public class FactorTests
{
    private static readonly DType[] types = [DType.Float32, DType.Float64];

    [Theory]
    [MemberData(nameof(Batches.Shapes), MemberType = typeof(Batches))]
    public void Cholesky(int[] shape)
    {
        foreach (var type in types)
        {
            var a = Definite(type, shape);
            var l = Linalg.Cholesky(a);
            Near(l.Tril(), l, 0, "the upper triangle");
            Near(a, l.MatMul(l.T), 40, "L·Lᵀ");
            Near(l, Linalg.Cholesky(a.T.Contiguous().T), 0, "of a transposed view");
            Near(l, Linalg.Cholesky(a.Tril()), 0, "of the lower triangle alone");
        }
    }

    [Theory]
    [MemberData(nameof(Batches.Rectangles), MemberType = typeof(Batches))]
    public void Lu(int[] shape)
    {
        foreach (var type in types)
        {
            var a = Normal(type, shape);
            var (p, l, u) = Linalg.Lu(a);
            Near(a, p.MatMul(l).MatMul(u), 60, "P·L·U");
            Near(Identity(p, shape[^2]), p.MatMul(p.T), 0, "P·Pᵀ");
            if (l.Count > 0) Assert.Equal(1, l.Abs().Max().Item<double>());
            Near(u.Triu(), u, 0, "the lower triangle of U");
        }
    }

    [Theory]
    [MemberData(nameof(Batches.Rectangles), MemberType = typeof(Batches))]
    public void Qr(int[] shape)
    {
        int k = Math.Min(shape[^1], shape[^2]);
        foreach (var type in types)
        {
            var a = Normal(type, shape);
            var (q, r) = Linalg.Qr(a);
            Near(a, q.MatMul(r), 60, "Q·R");
            Near(Identity(q, k), q.T.MatMul(q), 60, "Qᵀ·Q");
            Near(r.Triu(), r, 0, "the lower triangle of R");
        }
    }

    [Theory]
    [MemberData(nameof(Batches.Rectangles), MemberType = typeof(Batches))]
    public void Svd(int[] shape)
    {
        int k = Math.Min(shape[^1], shape[^2]);
        foreach (var type in types)
        {
            var a = Normal(type, shape);
            var (u, s, vt) = Linalg.Svd(a);
            Near(a, (u * s.Unsqueeze(-2)).MatMul(vt), 80, "U·S·Vᵀ");
            Near(Identity(u, k), u.T.MatMul(u), 80, "Uᵀ·U");
            Near(Identity(vt, k), vt.MatMul(vt.T), 80, "Vᵀ·V");
            Near(s.Sort(descending: true).Values.Abs(), s, 0, "the order");
            Near(s, Linalg.Svdvals(a), 8, "the values alone");
            if (s.Count > 0) Near(s * s, Linalg.Eigvalsh(shape[^2] < shape[^1] ? a.MatMul(a.T) : a.T.MatMul(a)).Flip(-1), 80, "squares");
        }
    }

    [Theory]
    [MemberData(nameof(Batches.Shapes), MemberType = typeof(Batches))]
    public void Eigh(int[] shape)
    {
        foreach (var type in types)
        {
            var a = Symmetric(type, shape);
            var (values, v) = Linalg.Eigh(a);
            Near(a, (v * values.Unsqueeze(-2)).MatMul(v.T), 80, "V·Λ·Vᵀ");
            Near(Identity(v, shape[^1]), v.T.MatMul(v), 80, "Vᵀ·V");
            Near(values.Sort().Values, values, 0, "the order");
            Near(values, Linalg.Eigvalsh(a), 8, "the values alone");
            Near(values, Linalg.Eigh(a.Tril()).Values, 0, "of the lower triangle alone");
        }
    }

    [Fact]
    public void Single_precision_comes_within_a_millionth_of_the_largest_singular_value()
    {
        var a = Normal(DType.Float64, 200, 200);
        Tensor exact = Linalg.Svdvals(a), values = Linalg.Svd(a.To(DType.Float32)).S.To(DType.Float64);
        double off = (exact - values).Abs().Max().Item<double>() / exact.Max().Item<double>();
        Assert.InRange(off, 0, 1e-6);
    }

    [Theory]
    [InlineData(1e-18)]
    [InlineData(1e18)]
    public void Very_small_and_very_large_numbers(double size)
    {
        var a = Normal(DType.Float32, 9, 6) * size;
        var (u, s, vt) = Linalg.Svd(a);
        Near(a * (1 / size), (u * (s * (1 / size)).Unsqueeze(-2)).MatMul(vt), 40);
        var (q, r) = Linalg.Qr(a);
        Near(a * (1 / size), q.MatMul(r * (1 / size)), 40);
        var square = Symmetric(DType.Float32, 6, 6);
        Near(Linalg.Eigvalsh(square), Linalg.Eigvalsh(square * size) * (1 / size), 40);
    }

    [Fact]
    public void Repeated_and_vanishing_singular_values()
    {
        foreach (var type in types)
        {
            double[] wanted = [3, 3, 3, 1, 1, 0, 0];
            Tensor q = Linalg.Qr(Normal(type, 9, 7)).Q, p = Linalg.Qr(Normal(type, 7, 7)).Q;
            var (u, s, vt) = Linalg.Svd((q * Tensor.From<double>(wanted).To(type)).MatMul(p));
            Near(Tensor.From<double>(wanted).To(type), s, 30);
            Near(Identity(u, 7), u.T.MatMul(u), 30);
            Near(Identity(vt, 7), vt.MatMul(vt.T), 30);
            Near(Tensor.Zeros([4], type), Linalg.Svdvals(Tensor.Zeros([4, 6], type)), 0);
            Near(Identity(p, 5), Linalg.Eigh(Tensor.Zeros([5, 5], type)).Vectors, 0);
            // A Jordan block's singular values lie at both ends, and zeros on the bidiagonal's diagonal are met.
            var jordan = Tensor.Ones([6], type).Diag(1);
            Near(Tensor.From<double>([1, 1, 1, 1, 1, 1, 0]).To(type), Linalg.Svdvals(jordan), 4);
            Near(jordan, Linalg.Svd(jordan) is var (a, b, c) ? (a * b).MatMul(c) : jordan, 8);
        }
    }

    [Fact]
    public void A_matrix_of_a_wide_range_keeps_its_eigenvalues()
    {
        var q = Linalg.Qr(Normal(DType.Float64, 40, 40)).Q;
        var wanted = Tensor.Arange(-39, 1).To(DType.Float64).Apply(new Ops.Exp());
        var values = Linalg.Eigvalsh((q * wanted).MatMul(q.T));
        Assert.InRange((values - wanted).Abs().Max().Item<double>(), 0, 1e-14);
    }

    public static TheoryData<string> Algorithms => ["cholesky", "lu", "qr", "svd", "eigh", "solve", "solve_triangular"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Bits_do_not_depend_on_the_number_of_threads(string name)
    {
        int before = CpuDevice.Threads;
        try
        {
            foreach (var type in types)
                foreach (int[] shape in (int[][])[[150, 150], [40, 9, 9], [3, 130, 130]])
                {
                    double[][] results = [.. new[] { 1, 2, 7 }.Select(threads =>
                    {
                        CpuDevice.Threads = threads;
                        return Run(name, type, shape).SelectMany(t => t.ToArray<double>()).ToArray();
                    })];
                    Assert.Equal(results[0], results[1]);
                    Assert.Equal(results[0], results[2]);
                }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    private static Tensor[] Run(string name, DType type, int[] shape)
    {
        Tensor a = Normal(type, shape), symmetric = Symmetric(type, shape);
        switch (name)
        {
            case "cholesky": return [Linalg.Cholesky(Definite(type, shape))];
            case "lu": return Linalg.Lu(a) is var (p, l, u) ? [p, l, u] : [];
            case "qr": return Linalg.Qr(a) is var (q, r) ? [q, r] : [];
            case "svd": return Linalg.Svd(a) is var (left, s, right) ? [left, s, right] : [];
            case "eigh": return Linalg.Eigh(symmetric) is var (values, v) ? [values, v] : [];
            case "solve": return [Linalg.Solve(a, symmetric), Linalg.Solve(a, symmetric.Narrow(-1, 0, 1))];
            default: return [Linalg.SolveTriangular(a + Identity(a, shape[^1]) * 100, symmetric)];
        }
    }
}
