using DeepNet.Distributions;
using DeepNet.Ops;

namespace DeepNet.Tests.Distributions;

/// <summary>Gradients of samples: those of gamma numbers against the numeric derivative of the quantile that they are.</summary>
public class ImplicitGradientTests
{
    private static readonly double[] Concentrations = [0.02, 0.3, 0.9, 1, 1.7, 6, 33, 2000];

    /// <summary>ln x with P(a, x) = P(from, e^logX), by bisection.</summary>
    private static double LogQuantile(double a, double from, double logX)
    {
        double Tail(double concentration, double log)
            => GammaMoment.LowerTail(Tensor.From(concentration), Tensor.From(Math.Exp(log))).Item<double>();
        double wanted = Tail(from, logX), low = logX - 1, high = logX + 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Tail(a, middle) < wanted) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    [Fact]
    public void Gamma_samples_move_as_the_quantiles_do()
    {
        var a = Tensor.From<double>(Concentrations).WithGrad();
        for (ulong seed = 1; seed <= 4; seed++)
        {
            a.Grad = null;
            var log = GammaSample.Of(a, isLog: true, new Generator(seed));
            log.Sum().Backward();
            double[] logs = log.Detach().ToArray<double>(), slopes = a.Grad!.ToArray<double>();
            for (int i = 0; i < logs.Length; i++)
            {
                if (logs[i] < -300) continue; // no double of that size for the test's own bisection
                double step = 1e-4 * Concentrations[i];
                double numeric = (LogQuantile(Concentrations[i] + step, Concentrations[i], logs[i])
                    - LogQuantile(Concentrations[i] - step, Concentrations[i], logs[i])) / (2 * step);
                Assert.Equal(numeric, slopes[i], 1e-5 * Math.Max(1, Math.Abs(numeric)));
            }
        }
    }

    [Fact]
    public void Beta_and_Dirichlet_samples_move_with_the_gamma_samples_that_they_are_made_of()
    {
        double[] concentrations = [0.7, 2.5, 1.3];
        var a = Tensor.From<double>(concentrations).WithGrad();
        var x = new Dirichlet(a).RSample(generator: new Generator(5));
        (x * Tensor.From(1.0, -2.0, 0.5)).Sum().Backward();
        double[] logs = GammaSample.Of(a.Detach(), isLog: true, new Generator(5)).ToArray<double>();
        double Value(int changed, double by)
        {
            double[] moved = [.. logs.Select((log, i) => i == changed ? LogQuantile(concentrations[i] + by, concentrations[i], log) : log)];
            double sum = moved.Sum(Math.Exp);
            return (Math.Exp(moved[0]) - 2 * Math.Exp(moved[1]) + 0.5 * Math.Exp(moved[2])) / sum;
        }
        for (int i = 0; i < 3; i++) Assert.Equal((Value(i, 1e-4) - Value(i, -1e-4)) / 2e-4, a.Grad!.ToArray<double>()[i], 1e-6);

        Tensor one = Tensor.From(0.7).WithGrad(), zero = Tensor.From(2.5).WithGrad();
        new Beta(one, zero).RSample(generator: new Generator(6)).Backward();
        logs = GammaSample.Of(Tensor.From(0.7, 2.5), isLog: true, new Generator(6)).ToArray<double>();
        double Share(double byOne, double byZero)
            => 1 / (1 + Math.Exp(LogQuantile(2.5 + byZero, 2.5, logs[1]) - LogQuantile(0.7 + byOne, 0.7, logs[0])));
        Assert.Equal((Share(1e-4, 0) - Share(-1e-4, 0)) / 2e-4, one.Grad!.Item<double>(), 1e-6);
        Assert.Equal((Share(0, 1e-4) - Share(0, -1e-4)) / 2e-4, zero.Grad!.Item<double>(), 1e-6);
    }

    [Fact]
    public void A_second_derivative_is_that_of_the_quantile_too()
    {
        foreach (double concentration in new[] { 0.4, 1.2, 5.0 })
        {
            var a = Tensor.From(concentration).WithGrad();
            var x = new Gamma(a, 2.0).RSample(generator: new Generator(7));
            x.Backward(createGraph: true);
            var first = a.Grad!;
            a.Grad = null;
            first.Backward();
            double log = Math.Log(2 * x.Item<double>());
            double Quantile(double by) => Math.Exp(LogQuantile(concentration + by, concentration, log)) / 2;
            const double step = 3e-3;
            Assert.Equal((Quantile(step) - 2 * x.Item<double>() + Quantile(-step)) / (step * step), a.Grad!.Item<double>(), 2e-4);
        }
    }

    [Fact]
    public void The_mean_of_the_gradient_is_the_gradient_of_the_mean()
    {
        // E x = a/rate, and E ln x = ψ(a) − ln rate.
        var a = Tensor.From(0.5, 3.0).WithGrad();
        var x = new Gamma(a, 1.5).RSample([50_000], new Generator(8));
        (x.Sum() / 50_000).Backward();
        double[] slope = a.Grad!.ToArray<double>();
        Assert.InRange(slope[0], 1 / 1.5 - 0.02, 1 / 1.5 + 0.02);
        Assert.InRange(slope[1], 1 / 1.5 - 0.01, 1 / 1.5 + 0.01);
    }

    public static TheoryData<string> Smooth => ["Normal", "Uniform", "MultivariateNormal", "Independent"];

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Other_samples_are_functions_of_parameters_and_noise(string name)
        => Operators.FiniteDifferences.Check(x => (name switch
        {
            "Normal" => new Normal(x[0], x[1]),
            "Uniform" => new Uniform(x[0], x[0] + x[1]),
            "MultivariateNormal" => new MultivariateNormal(x[0],
                Tensor.Stack([x[1], Tensor.Stack([x[0].Select(0, 0), x[1].Select(0, 0)])], 0)),
            _ => (Distribution)new Independent(new Normal(x[0], x[1]), 1),
        }).RSample([3], new Generator(9)).Square(), Tensor.From(0.3, -1.2), Tensor.From(0.8, 1.7));
}
