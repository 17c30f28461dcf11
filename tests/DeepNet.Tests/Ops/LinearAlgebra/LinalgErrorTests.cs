namespace DeepNet.Tests.Operators;

/// <summary>Matrices without a result, and shapes that do not fit: the error names the matrix, and says what would be right.</summary>
public class LinalgErrorTests
{
    private static Tensor WithBad(double bad, params int[] at)
    {
        var a = Tensor.Eye(3, dtype: DType.Float64).Expand(2, 2, 3, 3).Clone();
        a[at[0], at[1], 1, 1] = bad;
        return a;
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_numbers_that_are_not_finite_come_errors_or_nan(double bad)
    {
        var a = WithBad(bad, 1, 0);
        Throws("[eigh] matrix (1, 0) of the batch of shape (2, 2, 3, 3) has an element that is NaN", () => Linalg.Eigh(a));
        Throws("[svd] matrix (1, 0) of the batch", () => Linalg.Svd(a));
        Throws("[svd] matrix (1, 0) of the batch", () => Linalg.Svdvals(a));
        Throws("[cholesky] matrix (1, 0) of the batch of shape (2, 2, 3, 3) is not positive definite: its leading minor of 2 rows",
            () => Linalg.Cholesky(a));
        if (!double.IsNaN(bad)) return;
        Assert.True(double.IsNaN(Linalg.Det(a).ToArray<double>()[2]));
        Assert.True(double.IsNaN(Linalg.SlogDet(a).LogAbs.ToArray<double>()[2]));
        Assert.Equal(1, Linalg.Det(a).ToArray<double>()[1]);
        Assert.Contains(double.NaN, Linalg.Inverse(a).ToArray<double>());
        Assert.Contains(double.NaN, Linalg.Qr(a).R.ToArray<double>());
        Assert.Contains(double.NaN, Linalg.MatrixExp(a).ToArray<double>());
    }

    [Fact]
    public void Singular_matrices_are_named()
    {
        var a = WithBad(0, 0, 1);
        var b = Tensor.Ones([3], DType.Float64);
        Throws("[solve] matrix (0, 1) of the batch of shape (2, 2, 3, 3) is singular: pivot 1", () => Linalg.Solve(a, b));
        Throws("[solve] matrix (0, 1)", () => Linalg.Inverse(a));
        Throws("[solve] the matrix of shape (2, 2) is singular: pivot 1", () => Linalg.Inverse(Tensor.Ones(2, 2)));
        Throws("[solve_triangular] matrix (0, 1) of the batch of shape (2, 2, 3, 3) is singular: element 1 of its diagonal",
            () => Linalg.SolveTriangular(a, b));
        Throws("[lstsq] matrix (0, 1) of the batch of shape (2, 2, 3, 3) has not the full rank of 3", () => Linalg.Lstsq(a, b));
        Throws("[cholesky] matrix (0, 1) of the batch", () => Linalg.Cholesky(a));
        Throws("[slogdet] matrix (0, 1) of the batch", () => Linalg.SlogDet(a.WithGrad()).LogAbs.Sum().Backward());
    }

    [Fact]
    public void Shapes_that_do_not_fit()
    {
        Tensor a = Tensor.Eye(3), tall = Tensor.Ones(4, 3);
        Wrong("[solve] matrices of shape (4, 3) have 4 rows and 3 columns; they must be square.", () => Linalg.Solve(tall, a));
        Wrong("[det] a tensor of shape (3,) is not a matrix", () => Linalg.Det(Tensor.Ones(3)));
        Wrong("[solve] matrices of shape (3, 3) and right-hand sides of shape (4, 3): these must be vectors of 3 numbers",
            () => Linalg.Solve(a, tall));
        Wrong("[solve] (2,) and (5,)", () => Linalg.Solve(a.Expand(2, 3, 3), Tensor.Ones(5, 3, 1)));
        Wrong("[lstsq] matrices of shape (4, 3) and right-hand sides of shape (3,)", () => Linalg.Lstsq(tall, Tensor.Ones(3)));
        Wrong("[cross] (2,) and (3,)", () => Tensor.Ones(2).Cross(Tensor.Ones(3)));
        Wrong("[kron] (2,) and (2, 2)", () => Tensor.Ones(2).Kron(Tensor.Ones(2, 2)));
        Wrong("[cdist] (2, 3) and (2, 4)", () => Tensor.Ones(2, 3).Cdist(Tensor.Ones(2, 4)));
    }

    [Fact]
    public void Equal_values_have_a_gradient_and_their_vectors_have_none()
    {
        var a = Tensor.Eye(3, dtype: DType.Float64).WithGrad();
        Linalg.Svd(a).S.Sum().Backward();
        Assert.Equal(Tensor.Eye(3, dtype: DType.Float64).ToArray<double>(), a.Grad!.ToArray<double>());
        a.Grad = null;
        Linalg.Eigvalsh(a).Sum().Backward();
        Assert.Equal(Tensor.Eye(3, dtype: DType.Float64).ToArray<double>(), a.Grad!.ToArray<double>());
        a.Grad = null;
        (Linalg.Eigh(a).Vectors * Tensor.Arange(0, 9).To(DType.Float64).Reshape(3, 3)).Sum().Backward();
        Assert.DoesNotContain(a.Grad!.ToArray<double>(), x => double.IsFinite(x) && x != 0);
    }

    private static void Throws(string text, Action action)
        => Assert.StartsWith(text, Assert.Throws<ArithmeticException>(action).Message, StringComparison.Ordinal);

    private static void Throws(string text, Func<object?> function) => Throws(text, () => { function(); });

    private static void Wrong(string text, Func<object?> function)
        => Assert.StartsWith(text, Assert.Throws<ArgumentException>(function).Message, StringComparison.Ordinal);
}
