namespace DeepNet.Analysis.Tests.Curvature;

public class TraceAndDensityTests
{
    [Fact]
    public void Trace_of_a_diagonal_matrix_is_exact()
    {
        var estimate = StochasticTrace.Of(new SymmetricMatrix(Problems.Diagonal(1, -2, 5.5)), samples: 4);
        Assert.Equal(4.5, estimate.Mean, 1e-14);
        Assert.Equal(0, estimate.StandardError, 1e-14);
    }

    [Fact]
    public void Trace_lies_within_two_standard_errors_in_nineteen_of_twenty_runs()
    {
        var matrix = new SymmetricMatrix(Problems.Random(40, 11));
        int inside = Enumerable.Range(0, 200).Count(seed =>
        {
            var estimate = StochasticTrace.Of(matrix, 50, (ulong)seed);
            return Math.Abs(estimate.Mean - matrix.Trace) <= 2 * estimate.StandardError;
        });
        Assert.InRange(inside, 182, 198);       // 190.9 expected of Student's t with 49 degrees, deviation 2.9
    }

    [Fact]
    public void Standard_error_is_that_of_theory()
    {
        // Var zᵀAz = 2 Σ_{i≠j} a²ᵢⱼ for random signs.
        var a = Problems.Random(30, 12);
        double off = 0;
        for (int i = 0; i < 30; i++)
            for (int j = 0; j < 30; j++)
                if (i != j) off += a[i, j] * a[i, j];
        double error = StochasticTrace.Of(new SymmetricMatrix(a), 2000, 3).StandardError;
        Assert.Equal(1, error / Math.Sqrt(2 * off / 2000), 0.05);
    }

    [Fact]
    public void One_sample_has_no_standard_error_to_give() => Assert.Equal(double.PositiveInfinity, Estimate.Of([3.0]).StandardError);

    [Fact]
    public void Density_has_weight_one_and_the_mean_and_ends_of_the_spectrum()
    {
        var matrix = new SymmetricMatrix(Problems.Random(150, 13));
        var values = matrix.Eigen(vectors: false).Values;
        var density = SpectralDensity.Of(matrix, probes: 20, steps: 40, seed: 2);
        Assert.Equal(1, density.Weights.Sum(), 1e-12);
        // A start's mean has the variance 2/n of the eigenvalues'; three deviations over twenty starts.
        double spread = Math.Sqrt(values.Sum(v => v * v) / 150);
        Assert.Equal(matrix.Trace / 150, density.Mean, 3 * spread * Math.Sqrt(2.0 / 150 / 20));
        Assert.Equal(values[0], density.Values[0], 0.05);
        Assert.Equal(values[149], density.Values[^1], 0.05);
        Assert.Equal(values.Count(v => v < 3) / 150.0, density.ShareBelow(3), 0.05);
        var (at, curve) = density.Curve(400);
        Assert.Equal(1, curve.Sum() * (at[1] - at[0]), 1e-3);
    }

    [Fact]
    public void Density_finds_two_heaps_and_their_sizes()
    {
        // 90 eigenvalues near 0 and 10 at 5.
        double[] diagonal = [.. Enumerable.Range(0, 100).Select(i => i < 90 ? 0.001 * i : 5)];
        var density = SpectralDensity.Of(new SymmetricMatrix(Problems.Diagonal(diagonal)), probes: 30, steps: 20, seed: 4);
        Assert.Equal(0.9, density.ShareBelow(2), 0.04);
    }

    [Fact]
    public void A_single_eigenvalue_is_a_bell()
        => Assert.Equal(
            1 / Math.Sqrt(2 * Math.PI),
                SpectralDensity.Of(new SymmetricMatrix(Problems.Diagonal(2, 2)), 3, 2).Curve(201).Density.Max(), 1e-9);
}
