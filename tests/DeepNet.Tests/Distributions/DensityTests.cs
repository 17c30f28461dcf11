using DeepNet.Distributions;

namespace DeepNet.Tests.Distributions;

/// <summary>Densities and divergences by identities that need no reference.</summary>
public class DensityTests
{
    public static TheoryData<string> Rows => [.. Families.All.Keys];

    [Theory]
    [InlineData("Normal")]
    [InlineData("Gamma")]
    [InlineData("Beta")]
    public void Integrate_to_one(string name)
    {
        // The trapezoidal rule over the whole line: for Gamma in ln x, for Beta in the logit.
        var distribution = Families.All[name]();
        var s = Tensor.Linspace(-150, 150, 60_001, DType.Float64).Unsqueeze(1);
        var (x, logSlope) = name switch
        {
            "Gamma" => (s.Exp(), s),
            "Beta" => (s.Sigmoid(), s.LogSigmoid() + (-s).LogSigmoid()),
            _ => (s, Tensor.ZerosLike(s)),
        };
        // Where x rounds to 0 or 1 the logarithm of the density is not what it is there.
        var density = Tensor.Where((x > 0) & (x < 1) | name != "Beta", distribution.LogProb(x) + logSlope, double.NegativeInfinity).Exp();
        foreach (double total in (density.Sum(0) * 0.005).ToArray<double>()) Assert.Equal(1, total, name == "Beta" ? 1e-7 : 1e-10);
    }

    [Fact]
    public void Of_vectors_integrate_to_one()
    {
        var axis = Tensor.Linspace(-15, 15, 601, DType.Float64);
        var grid = Tensor.Meshgrid(axis, axis);
        var points = Tensor.Stack(grid, -1).Reshape(-1, 1, 2);
        foreach (double total in (Families.All["MultivariateNormal"]().LogProb(points).Exp().Sum(0) * 0.0025).ToArray<double>())
            Assert.Equal(1, total, 1e-8);
        // Three concentrations, of which two are free. None is below 1, so the density is finite.
        var side = Tensor.Linspace(0, 1, 1001, DType.Float64);
        grid = Tensor.Meshgrid(side, side);
        var last = 1 - grid[0] - grid[1];
        var density = new Dirichlet(Tensor.From(2.0, 3.0, 2.5)).LogProb(Tensor.Stack([grid[0], grid[1], last], -1)).Exp();
        Assert.Equal(1, density.Sum().Item<double>() * 1e-6, 1e-5);
    }

    [Theory]
    [InlineData("Bernoulli")]
    [InlineData("Poisson")]
    [InlineData("Categorical")]
    public void Probabilities_add_up_to_one_and_to_the_distribution_function(string name)
    {
        var distribution = Families.All[name]();
        int n = name switch { "Bernoulli" => 2, "Categorical" => 3, _ => 200 };
        var values = Tensor.Arange(0, n).Unsqueeze(1).Expand(n, distribution.BatchShape[0]);
        var p = distribution.LogProb(values).Exp();
        foreach (double total in p.Sum(0).ToArray<double>()) Assert.Equal(1, total, 1e-12);
        if (name == "Categorical") return;
        Assert.True(p.CumSum(0).AllClose(distribution.Cdf(values), 1e-12, 1e-12));
        Assert.Equal(0, distribution.Cdf(-0.5).Max().Item<double>());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_divergence_is_zero_from_itself_and_positive_from_another(string name)
    {
        Distribution p = Families.All[name](), q = Families.Others[name]();
        Assert.True(Distribution.KlDivergence(p, p).Abs().Max().Item<double>() < 1e-12);
        Assert.True(Distribution.KlDivergence(p, q).Min().Item<double>() > 0);
        Assert.Equal(p.BatchShape, Distribution.KlDivergence(p, q).Shape);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_divergence_and_an_entropy_are_means_over_samples(string name)
    {
        const int n = 200_000;
        Distribution p = Families.All[name](), q = Families.Others[name]();
        var x = p.Sample([n], new Generator(31));
        Check(p.LogProb(x) - q.LogProb(x), Distribution.KlDivergence(p, q));
        Check(-p.LogProb(x), p.Entropy());

        static void Check(Tensor terms, Tensor expected)
        {
            var margin = 5 * terms.Std(0) / Math.Sqrt(n) + 1e-12;
            Assert.True(((terms.Mean(0) - expected).Abs() <= margin).All().Item<bool>(), $"{terms.Mean(0)}, should be {expected}");
        }
    }

    [Fact]
    public void The_entropy_of_counts_rises_with_their_rate()
    {
        // Its derivative is the mean of ln((k + 1)/λ), and both ways of computing it meet at 100.
        var rate = Tensor.From(0.3, 1, 7, 99.999, 100.001, 250).WithGrad();
        var entropy = new Poisson(rate).Entropy();
        entropy.Sum().Backward();
        var k = Tensor.Arange(0, 600, 1, DType.Float64).Unsqueeze(1);
        var p = new Poisson(rate.Detach()).LogProb(k).Exp();
        Assert.True(rate.Grad!.AllClose((p * ((k + 1) / rate.Detach()).Log()).Sum(0), 1e-10, 1e-12), $"{rate.Grad}");
        double[] h = entropy.ToArray<double>();
        Assert.Equal(0.002 * rate.Grad!.ToArray<double>()[3], h[4] - h[3], 1e-9);
        Assert.Equal([0.0], new Poisson(Tensor.From(0.0)).Entropy().Reshape(1).ToArray<double>());
    }

    [Fact]
    public void Where_there_is_no_density_the_logarithm_is_minus_infinity_and_has_no_gradient()
    {
        var a = Tensor.From(2.0).WithGrad();
        Distribution[] all = [new Gamma(a, 1.0), new Beta(a, 3.0), new Poisson(a), new Uniform(0.0, a), new Bernoulli(logits: a)];
        foreach (var distribution in all)
        {
            var density = distribution.LogProb(Tensor.From(-0.5));
            Assert.Equal(double.NegativeInfinity, density.Item<double>());
            a.Grad = null;
            density.Backward();
            Assert.Equal(0, a.Grad?.Item<double>() ?? 0);
        }
        Assert.Equal(double.NegativeInfinity, new Poisson(2.0).LogProb(1.5).Item<double>());
        Assert.Equal(0, new Beta(Tensor.From(1.0), 1.0).LogProb(0.0).Item<double>(), 1e-14);
        Assert.Equal(double.PositiveInfinity, Distribution.KlDivergence(new Uniform(0.0, 2.0), new Uniform(0.0, 1.0)).Item<double>());
        Assert.Equal(0, new Bernoulli(1.0).LogProb(1).Item<double>());
        Assert.Equal(0, new Bernoulli(1.0).Entropy().Item<double>());
    }

    [Fact]
    public void Errors_name_the_distribution_and_what_was_wrong()
    {
        static string Message(Func<object> make) => Record.Exception(make)?.Message ?? "no error";
        Assert.Contains("[normal] the standard deviation of shape (2,) has the element -1: it must be positive",
            Message(() => new Normal(0.0, Tensor.From(1f, -1f))), StringComparison.Ordinal);
        Assert.Contains("[gamma] the rate", Message(() => new Gamma(1.0, 0.0)), StringComparison.Ordinal);
        Assert.Contains("[uniform] the width", Message(() => new Uniform(1.0, 1.0)), StringComparison.Ordinal);
        Assert.Contains("[bernoulli] probs or logits", Message(() => new Bernoulli()), StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Message(() => new Bernoulli(1.5)), StringComparison.Ordinal);
        Assert.Contains("[categorical] the sum of the weights", Message(() => new Categorical(Tensor.Zeros(3))), StringComparison.Ordinal);
        Assert.Contains("(..., n) and (..., n, n)", Message(() => new MultivariateNormal(Tensor.Zeros(2), Tensor.Eye(3))),
            StringComparison.Ordinal);
        Assert.Contains("diagonal of the factor", Message(() => new MultivariateNormal(Tensor.Zeros(2), Tensor.Zeros(2, 2))),
            StringComparison.Ordinal);
        Assert.Contains("[independent] 2 axes of a batch of shape (3,)",
            Message(() => new Independent(new Normal(Tensor.Zeros(3), 1.0), 2)),
            StringComparison.Ordinal);
        Assert.Contains("Gamma and Normal", Message(() => Distribution.KlDivergence(new Gamma(1.0, 1.0), new Normal(0.0, 1.0))),
            StringComparison.Ordinal);
        Assert.Contains("[cdf] the distribution function of Dirichlet", Message(() => new Dirichlet(Tensor.Ones(3)).Cdf(0.5)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_covariance_matrix_gives_the_distribution_of_its_factor()
    {
        var factor = Tensor.From<double>([1.5, 0, -0.4, 0.8], new Shape(2, 2));
        var (mean, x) = (Tensor.From<double>(1, -2), Tensor.From<double>(0.3, 0.1));
        var expected = new MultivariateNormal(mean, factor);
        var found = MultivariateNormal.FromCovariance(mean, factor.MatMul(factor.T));
        Assert.Equal(expected.LogProb(x).Item<double>(), found.LogProb(x).Item<double>(), 1e-12);
        Assert.Equal(expected.Covariance.ToArray<double>(), found.Covariance.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void Numbers_take_on_the_type_of_a_tensor_and_are_float32_alone()
    {
        Assert.Equal(DType.Float32, new Normal(0, 1.0).Sample().DType);
        Assert.Equal(DType.Float64, new Normal(0.0, Tensor.From(1.0)).Sample().DType);
        Assert.Equal(DType.Float32, new Normal(Tensor.From((Half)1), 1.0).Sample().DType);
        Assert.Equal(new Shape(3), new Normal(Tensor.Zeros(3), 2.0).Variance.Shape);
        Assert.True(double.IsNaN(new Categorical(Tensor.Ones(3)).Mean.Item<double>()));
    }
}
