namespace DeepNet.Analysis.Tests.Eigenvalues;

public class LanczosTests
{
    [Fact]
    public void Ends_of_a_random_matrix_are_those_of_the_full_decomposition()
    {
        var matrix = new SymmetricMatrix(Problems.Random(120, 4));
        var full = matrix.Eigen();
        var ends = Lanczos.Extreme(matrix, largest: 3, smallest: 2, new() { Tolerance = 1e-10 });
        Assert.True(ends.IsConverged);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(full.Values[119 - i], ends.Largest[i].Value, 1e-9);
            for (int k = 0; k < 120; k++) Assert.Equal(full.Vector(119 - i)[k], ends.Largest[i].Vector[k], 1e-7);
        }
        for (int i = 0; i < 2; i++) Assert.Equal(full.Values[i], ends.Smallest[i].Value, 1e-9);
    }

    [Fact]
    public void Repeated_eigenvalues_come_as_often_as_they_are()
    {
        var matrix = new SymmetricMatrix(Problems.Diagonal(5, 5, 5, 1, 1, 1, 1, -2));
        var ends = Lanczos.Extreme(matrix, largest: 4, smallest: 1, new() { MaxSteps = 8 });
        Assert.Equal([5, 5, 5, 1], ends.Largest.Select(p => Math.Round(p.Value, 10)));
        Assert.Equal(-2, ends.Smallest[0].Value, 1e-10);
    }

    [Fact]
    public void All_eigenvalues_of_a_small_matrix_can_be_asked_for()
    {
        var matrix = new SymmetricMatrix(Problems.Random(6, 8));
        var ends = Lanczos.Extreme(matrix, largest: 6);
        Assert.True(ends.IsConverged);
        var full = matrix.Eigen().Values;
        for (int i = 0; i < 6; i++) Assert.Equal(full[5 - i], ends.Largest[i].Value, 1e-10);
    }

    [Fact]
    public void The_zero_matrix_has_eigenvalue_zero()
        => Assert.Equal(0, Lanczos.Extreme(new SymmetricMatrix(new double[5, 5]), 2, 1).Largest[1].Value);

    [Fact]
    public void Too_few_steps_are_reported_with_an_honest_residual()
    {
        var a = Problems.Random(200, 6);
        var matrix = new SymmetricMatrix(a);
        var ends = Lanczos.Extreme(matrix, 1, 0, new() { MaxSteps = 6, Tolerance = 1e-12 });
        Assert.False(ends.IsConverged);
        var pair = ends.Largest[0];
        double residual = Math.Sqrt(Problems.Product(a, pair.Vector).Zip(pair.Vector, (p, v) => Math.Pow(p - pair.Value * v, 2)).Sum());
        Assert.Equal(residual, pair.Residual, 1e-9);
        double nearest = matrix.Eigen(vectors: false).Values.Min(v => Math.Abs(v - pair.Value));
        Assert.InRange(nearest, 0, pair.Residual);
    }

    [Fact]
    public void Asking_for_nothing_or_too_much_is_refused()
    {
        var matrix = new SymmetricMatrix(Problems.Diagonal(1, 2));
        Assert.Contains(
            "at least one", Assert.Throws<ArgumentException>(() => Lanczos.Extreme(matrix, 0, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Lanczos.Extreme(matrix, 2, 1));
    }
}
