namespace DeepNet.Analysis.Tests.Eigenvalues;

public class EigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(60)]
    public void Vectors_are_orthonormal_and_satisfy_their_equation(int n)
    {
        var a = Problems.Random(n, 5);
        var eigen = new SymmetricMatrix(a).Eigen();
        for (int i = 0; i < n; i++)
        {
            var product = Problems.Product(a, eigen.Vector(i));
            for (int k = 0; k < n; k++) Assert.Equal(eigen.Values[i] * eigen.Vector(i)[k], product[k], 1e-12 * n);
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, eigen.Vector(i).Zip(eigen.Vector(j), (x, y) => x * y).Sum(), 1e-13 * n);
        }
        Assert.Equal(eigen.Values.Order(), eigen.Values);
    }

    [Fact]
    public void Second_differences_have_the_eigenvalues_of_the_textbook()
    {
        const int n = 50;
        var a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            a[i, i] = 2;
            if (i > 0) a[i, i - 1] = a[i - 1, i] = -1;
        }
        var values = new SymmetricMatrix(a).Eigen(vectors: false).Values;
        for (int k = 1; k <= n; k++) Assert.Equal(2 - 2 * Math.Cos(k * Math.PI / (n + 1)), values[k - 1], 1e-13);
    }

    [Fact]
    public void Values_alone_are_the_values_with_vectors()
    {
        var matrix = new SymmetricMatrix(Problems.Random(40, 9));
        var (with, without) = (matrix.Eigen().Values, matrix.Eigen(vectors: false).Values);
        for (int i = 0; i < 40; i++) Assert.Equal(with[i], without[i], 1e-12);
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(3.0, 3.0, 3.0)]
    [InlineData(-1.0, 0.0, 1e300)]
    [InlineData(1e-300, 2e-300, 3e-300)]
    public void Diagonal_matrices_of_any_size_stay(double a, double b, double c)
    {
        var eigen = new SymmetricMatrix(Problems.Diagonal(c, a, b)).Eigen();
        Assert.Equal(new[] { a, b, c }.Order(), eigen.Values);
    }

    [Fact]
    public void Huge_and_tiny_elements_neither_overflow_nor_vanish()
    {
        foreach (double scale in new[] { 1e200, 1e-200 })
        {
            var a = Problems.Random(8, 2);
            var expected = new SymmetricMatrix(a).Eigen().Values;
            for (int i = 0; i < 8; i++)
                for (int j = 0; j < 8; j++) a[i, j] *= scale;
            var values = new SymmetricMatrix(a).Eigen().Values;
            for (int i = 0; i < 8; i++) Assert.Equal(expected[i], values[i] / scale, 1e-12);
        }
    }

    [Fact]
    public void Repeated_eigenvalues_of_low_rank_are_found_with_their_number()
    {
        // The outer product of a vector with itself: its squared length once, and 0 for all the rest.
        var a = new double[30, 30];
        for (int i = 0; i < 30; i++)
            for (int j = 0; j < 30; j++) a[i, j] = (i + 1.0) * (j + 1);
        var values = new SymmetricMatrix(a).Eigen().Values;
        Assert.All(values.Take(29), v => Assert.Equal(0, v, 1e-10));
        Assert.Equal(30 * 31 * 61 / 6, values[29], 1e-9);
    }

    [Fact]
    public void What_is_not_symmetric_or_not_finite_is_refused()
    {
        Assert.Contains(
            "not symmetric", Assert.Throws<ArgumentException>(() => new SymmetricMatrix(new double[,] { { 1, 2 }, { 3, 1 } })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "NaN", Assert.Throws<ArgumentException>(() => new SymmetricMatrix(new double[,] { { double.NaN } })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "square", Assert.Throws<ArgumentException>(() => new SymmetricMatrix(new double[2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "vectors: true",
            Assert.Throws<InvalidOperationException>(() => new SymmetricMatrix(Problems.Diagonal(1)).Eigen(vectors: false)
                .Vector(0)).Message,
            StringComparison.Ordinal);
    }
}
