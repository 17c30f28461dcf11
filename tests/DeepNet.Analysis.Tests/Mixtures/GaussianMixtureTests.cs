namespace DeepNet.Analysis.Tests.Mixtures;

public class GaussianMixtureTests
{
    // Three groups of 50, 30 and 20 %, the first of them a slanting ellipse.
    private static Tensor Draw(ulong seed, int count) => Draw(seed, count, out _);

    private static Tensor Draw(ulong seed, int count, out int[] groups)
    {
        groups = new int[count];
        var generator = new Generator(seed);
        var x = new double[count, 2];
        double[] n = Tensor.Randn(new Shape(count, 2), DType.Float64, generator: generator).ToArray<double>();
        for (int i = 0; i < count; i++)
        {
            double u = n[2 * i], v = n[2 * i + 1], at = generator.NextDouble();
            groups[i] = at < 0.5 ? 0 : at < 0.8 ? 1 : 2;
            (x[i, 0], x[i, 1]) = at < 0.5 ? (u, 0.8 * u + 0.6 * v) : at < 0.8 ? (6 + 0.5 * u, v) : (0.7 * u, 7 + 0.7 * v);
        }
        return Tensor.From(x);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Groups_are_found_with_their_shares_and_shapes(ulong seed)
    {
        var x = Draw(seed, 2000, out int[] groups);
        var mixture = GaussianMixture.Fit(x, 3, seed: seed);
        int[] order = [.. Enumerable.Range(0, 3).OrderByDescending(k => mixture.Weights[k])];
        for (int i = 0; i < 3; i++)
        {
            // What is known of the examples of each group, which the mixture is not told.
            var own = x[Tensor.From<long>([.. Enumerable.Range(0, 2000).Where(e => groups[e] == i).Select(e => (long)e)])];
            var covariance = own.T.Cov(correction: 0);
            Assert.Equal(own.Shape[0] / 2000.0, mixture.Weights[order[i]], 0.005);
            for (int f = 0; f < 2; f++)
            {
                Assert.Equal(own.Mean(0)[f].Item<double>(), mixture.Mean(order[i])[f], 0.03);
                for (int g = 0; g < 2; g++) Assert.Equal(covariance[f, g].Item<double>(), mixture.CovarianceOf(order[i])[f, g], 0.04);
            }
        }
        for (int i = 1; i < mixture.LogLikelihoods.Count; i++)
            Assert.True(mixture.LogLikelihoods[i] >= mixture.LogLikelihoods[i - 1] - 1e-9);
    }

    [Fact]
    public void The_likelihood_never_falls_from_a_bad_start_either()
    {
        var x = Draw(4, 400);
        foreach (var covariance in new[] { MixtureCovariance.Full, MixtureCovariance.Diagonal })
            for (ulong seed = 0; seed < 5; seed++)
            {
                var mixture = GaussianMixture.Fit(x, 6, covariance, starts: 1, seed: seed);
                Assert.True(mixture.LogLikelihoods.Count > 5);
                for (int i = 1; i < mixture.LogLikelihoods.Count; i++)
                    Assert.True(mixture.LogLikelihoods[i] >= mixture.LogLikelihoods[i - 1] - 1e-7, $"{covariance} {seed} {i}");
            }
    }

    [Fact]
    public void The_criterion_chooses_the_number_of_groups()
    {
        var x = Draw(6, 1500);
        Assert.Equal(3, Enumerable.Range(1, 5).MinBy(k => GaussianMixture.Fit(x, k).Bic));
    }

    [Fact]
    public void One_component_is_the_mean_and_the_covariance()
    {
        var x = Draw(7, 500);
        var mixture = GaussianMixture.Fit(x, 1);
        double[] mean = x.Mean(0).ToArray<double>();
        var covariance = x.T.Cov(correction: 0);
        for (int f = 0; f < 2; f++)
        {
            Assert.Equal(mean[f], mixture.Mean(0)[f], 1e-9);
            for (int g = 0; g < 2; g++) Assert.Equal(covariance[f, g].Item<double>(), mixture.CovarianceOf(0)[f, g], 1e-4);
        }
        // ln N(x; μ, Σ) by its formula.
        double a = mixture.CovarianceOf(0)[0, 0], b = mixture.CovarianceOf(0)[0, 1], d = mixture.CovarianceOf(0)[1, 1], det = a * d - b * b;
        double u = 1 - mean[0], v = -2 - mean[1];
        double expected = -0.5 * ((d * u * u - 2 * b * u * v + a * v * v) / det + Math.Log(det)) - Math.Log(2 * Math.PI);
        Assert.Equal(expected, mixture.LogDensity(Tensor.From(new double[,] { { 1, -2 } }))[0].Item<double>(), 1e-10);
        Assert.Equal(-2 * 500 * mixture.LogLikelihoods[^1] + 5 * Math.Log(500), mixture.Bic, 1e-6);
        var diagonal = GaussianMixture.Fit(x, 1, MixtureCovariance.Diagonal);
        Assert.Equal(-2 * 500 * diagonal.LogLikelihoods[^1] + 4 * Math.Log(500), diagonal.Bic, 1e-6);
    }

    [Fact]
    public void Diagonal_components_have_no_covariances()
    {
        var mixture = GaussianMixture.Fit(Draw(8, 500), 3, MixtureCovariance.Diagonal);
        for (int k = 0; k < 3; k++) Assert.Equal(0, mixture.CovarianceOf(k)[0, 1]);
        Assert.True(GaussianMixture.Fit(Draw(8, 500), 3).LogLikelihoods[^1] > mixture.LogLikelihoods[^1] + 0.05);
    }

    [Fact]
    public void Responsibilities_sum_to_1_and_samples_have_the_moments()
    {
        var x = Draw(9, 2000);
        var mixture = GaussianMixture.Fit(x, 3);
        var shares = mixture.Responsibilities(x);
        Assert.All(shares.Sum(1).ToArray<double>(), s => Assert.Equal(1, s, 1e-12));
        Assert.True(shares.Max(1).Mean().Item<double>() > 0.99);
        var drawn = mixture.Sample(20_000, new Generator(3));
        for (int f = 0; f < 2; f++)
        {
            Assert.Equal(x.Mean(0)[f].Item<double>(), drawn.Mean(0)[f].Item<double>(), 0.1);
            Assert.Equal(x.Std(0)[f].Item<double>(), drawn.Std(0)[f].Item<double>(), 0.1);
        }
        Assert.Equal(mixture.LogLikelihoods[^1], mixture.LogDensity(x).Mean().Item<double>(), 1e-9);
    }

    [Fact]
    public void Points_that_coincide_are_no_division_by_zero()
    {
        var mixture = GaussianMixture.Fit(Tensor.From(new double[,] { { 1, 2 }, { 1, 2 }, { 1, 2 }, { 5, 5 } }), 2);
        Assert.True(double.IsFinite(mixture.Bic));
        Assert.Equal([0.25, 0.75], mixture.Weights.Order().Select(w => Math.Round(w, 6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianMixture.Fit(Tensor.Ones(3, 2), 4));
        Assert.Throws<ArgumentException>(() => mixture.LogDensity(Tensor.Ones(3, 3)));
    }
}
