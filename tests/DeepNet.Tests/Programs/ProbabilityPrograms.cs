using DeepNet.Distributions;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Inference, and how sure a model is.</summary>
public class ProbabilityPrograms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gaussian_process_fits_its_scales_and_covers_the_function(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Uniform([30, 1], -3, 3, DType.Float64, generator: random);
        var y = x.Sin() + Tensor.Normal([30, 1], 0, 0.1, DType.Float64, generator: random);
        var logs = new Parameter(Tensor.From(0.0, 0.0, -1.0));             // length, amplitude, noise
        Tensor Kernel(Tensor a, Tensor b) => (2 * logs.Value[1] - 0.5 * ((a - b.T) / logs.Value[0].Exp()).Square()).Exp();
        Tensor Factor() => Linalg.Cholesky(Kernel(x, x) + (2 * logs.Value[2]).Exp() * Tensor.Eye(30, dtype: DType.Float64));
        Loop.Fit(new Adam([logs], 0.05), 150, () =>
        {
            var l = Factor();
            return 0.5 * (y * Linalg.CholeskySolve(l, y)).Sum() + l.Diagonal().Log().Sum();
        });
        using var off = Autograd.NoGrad();
        var (at, factor) = (Tensor.Linspace(-2.5, 2.5, 50, DType.Float64).Unsqueeze(1), Factor());
        var cross = Kernel(at, x);
        var mean = cross.MatMul(Linalg.CholeskySolve(factor, y)).Squeeze(1);
        var std = ((2 * logs.Value[1]).Exp() - Linalg.SolveTriangular(factor, cross.T).Square().Sum(0)).Sqrt();
        var error = (mean - at.Squeeze(1).Sin()).Abs();
        Assert.InRange(error.Max().Item(), 0, 0.25f);
        Assert.InRange((error < 3 * std).To(DType.Float64).Mean().Item(), 0.9f, 1f);
        Assert.Equal(0.1, logs.Value[2].Exp().Item(), 0.05);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Logistic_regression_by_newton_steps_has_no_gradient_left_after_eight(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Randn([200, 4], DType.Float64, generator: random);
        var p = x.MatMul(Tensor.From(1.0, -2, 0.5, 0)).Sigmoid();
        var y = Tensor.Bernoulli(p, random).To(DType.Float64);
        Tensor LossOf(Tensor w) => Loss.BceWithLogits(x.MatMul(w), y);

        var w = Tensor.Zeros([4], DType.Float64);
        for (int step = 0; step < 8; step++)
            w = w - Linalg.Solve(Autograd.Hessian(LossOf, w), Slope(w));
        Assert.InRange(Slope(w).Norm().Item<double>(), 0, 1e-12);
        Assert.InRange((w - Tensor.From(1.0, -2, 0.5, 0)).Abs().Max().Item(), 0, 1f);

        Tensor Slope(Tensor at)
        {
            var leaf = at.Detach().WithGrad();
            return Autograd.Grad(LossOf(leaf), leaf);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Variational_inference_finds_the_conjugate_posterior(int seed)
    {
        // Prior N(0, 1), 20 samples of N(μ, 2²): the posterior is normal, of precision 1 + 20 / 4.
        var random = new Generator((ulong)seed);
        var data = Tensor.Normal([20], 1.5, 2, generator: random);
        var (mean, logStd) = (new Parameter(Tensor.Zeros(1)), new Parameter(Tensor.Zeros(1)));
        Loop.Fit(new Adam([mean, logStd], 2e-2), 300, () =>
        {
            var posterior = new Normal(mean, logStd.Value.Exp());
            var mu = posterior.RSample([64], random);
            var logLikelihood = new Normal(mu, 2.0).LogProb(data).Sum(-1).Mean();
            return Distribution.KlDivergence(posterior, new Normal(0.0, 1.0)).Sum() - logLikelihood;
        });
        Assert.Equal(data.Sum().Item() / 4 / 6, mean.Value.Item(), 0.06);
        Assert.Equal(Math.Sqrt(1.0 / 6), logStd.Value.Exp().Item(), 0.06);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Dropout_at_test_time_is_less_sure_away_from_the_data(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Uniform([128, 1], -1, 1, generator: random);
        var y = (2 * x).Sin() + Tensor.Normal([128, 1], 0, 0.05, generator: random);
        var model = new Sequential(
            new Linear(1, 64, generator: random, activation: new Relu()), new Dropout(0.1, random),
            new Linear(64, 64, generator: random, activation: new Relu()), new Dropout(0.1, random), new Linear(64, 1, generator: random));
        Loop.Fit(new Adam(model.Parameters(), 1e-2), 300, () => Loss.Mse(model.Forward(x), y));
        using var off = Autograd.NoGrad();
        Tensor Spread(double from, double to)
        {
            var at = Tensor.Linspace(from, to, 20).Unsqueeze(1).Repeat(100, 1);
            return model.Forward(at).Reshape(100, 20).Std(0).Mean();
        }
        Assert.InRange(Spread(3, 4).Item() / Spread(-1, 1).Item(), 2, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Quantile_regression_covers_four_fifths_where_the_noise_is_small_and_where_it_is_large(int seed)
    {
        var random = new Generator((ulong)seed);
        (Tensor X, Tensor Y) Draw(int n)
        {
            var x = Tensor.Rand([n, 1], generator: random);
            return (x, x + (0.1 + x) * Tensor.Randn([n, 1], generator: random));
        }
        var (x, y) = Draw(2000);
        var model = Loop.Mlp(random, () => new Tanh(), 1, 16, 2);
        Loop.Fit(new Adam(model.Parameters(), 1e-2), 300, () => Loss.Quantile(model.Forward(x), y.Squeeze(1), [0.1, 0.9]));
        var (unseen, truth) = Draw(4000);
        var band = model.Forward(unseen);
        var covered = (truth > band[.., ..1]) & (truth < band[.., 1..]);
        Assert.Equal(0.8, covered.MaskedSelect(unseen < 0.3).To(DType.Float32).Mean().Item(), 0.08);
        Assert.Equal(0.8, covered.MaskedSelect(unseen > 0.7).To(DType.Float32).Mean().Item(), 0.08);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Poisson_regression_finds_the_coefficients_of_the_counts(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Randn([1000, 3], generator: random);
        var truth = Tensor.From<float>(0.5f, -0.3f, 0.2f);
        var counts = new Poisson((x.MatMul(truth) + 1).Exp()).Sample(generator: random);
        var model = new Linear(3, 1, generator: random);
        Loop.Fit(new Adam(model.Parameters(), 5e-2), 150, () => Loss.PoissonNll(model.Forward(x).Squeeze(1), counts));
        Assert.InRange((model.Weight.Value[0] - truth).Abs().Max().Item(), 0, 0.08f);
        Assert.Equal(1, model.Bias!.Value.Item(), 0.08);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Survival_regression_finds_the_hazard_although_a_third_is_censored(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Randn([1000, 2], generator: random);
        var truth = Tensor.From<float>(0.8f, -0.5f);
        var life = -(1 - Tensor.Rand([1000], generator: random)).Log() / x.MatMul(truth).Exp();
        var end = Tensor.Uniform([1000], 0.5, 3, generator: random);
        var (seen, died) = (life.Minimum(end), life <= end);
        var w = new Parameter(Tensor.Zeros(2));
        Loop.Fit(new Adam([w], 5e-2), 150, () =>
        {
            var logHazard = x.MatMul(w);
            return (logHazard.Exp() * seen - died * logHazard).Mean();
        });
        Assert.InRange(died.To(DType.Float32).Mean().Item(), 0.5f, 0.8f);
        Assert.InRange((w.Value - truth).Abs().Max().Item(), 0, 0.15f);
    }
}
