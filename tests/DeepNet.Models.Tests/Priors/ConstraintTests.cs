using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Priors;

public class ConstraintTests
{
    private static void Descend(IEnumerable<Parameter> parameters, Func<Tensor> loss, int steps, double rate = 0.05)
    {
        var optimizer = new Adam(parameters, rate);
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            loss().Backward();
            optimizer.Step();
        }
    }

    [Fact]
    public void Weights_stay_above_zero_and_keep_their_values_at_first()
    {
        var weight = new Parameter(Tensor.From(-2.0, 0.0, 1e-3, 0.5, 40.0));
        weight.Parametrize(new NonNegative());
        double[] w = weight.Value.ToArray<double>();
        Assert.Equal([1e-6, 1e-6, 1e-3, 0.5, 40], w.Select(v => Math.Round(v, 9)));
        Descend([weight.Parametrization!.Original], () => weight.Value.Sum(), 300, 0.5);
        Assert.All(weight.Value.ToArray<double>(), v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Rows_have_length_1_before_and_after_training()
    {
        var layer = new Linear(6, 4, generator: new Generator(1));
        layer.Weight.Parametrize(new UnitNorm());
        var x = Tensor.Randn(new Shape(8, 6), generator: new Generator(2));
        Descend(layer.Parameters(), () => (layer.Forward(x) - 3).Square().Mean(), 20);
        Assert.All(layer.Weight.Value.Norm(2, 1).ToArray<double>(), n => Assert.Equal(1, n, 1e-5));
    }

    [Fact]
    public void A_monotone_network_follows_its_directions_for_any_weights_and_data()
    {
        var generator = new Generator(4);
        var model = new MonotoneNetwork([1, 0, -1], hidden: 16, generator: generator);
        var x = Tensor.Rand(new Shape(128, 3), generator: generator) * 4 - 2;
        // Labels that go the other way, so that training does what it can to break the rule.
        var wrong = -x.Narrow(1, 0, 1) + x.Narrow(1, 2, 1) + (3 * x.Narrow(1, 1, 1)).Sin();
        for (int round = 0; round < 3; round++)
        {
            foreach (var (feature, sign) in new[] { (0, 1), (2, -1) })
            {
                var step = Tensor.From<float>([.. Enumerable.Range(0, 3).Select(i => i == feature ? 0.1f : 0)]);
                var change = (model.Forward(x + step) - model.Forward(x)).Detach() * sign;
                Assert.True(change.Min().Item<float>() >= 0, $"feature {feature} in round {round}");
            }
            Descend(model.Parameters(), () => Loss.Mse(model.Forward(x), wrong), 60);
        }
        var free = (model.Forward(x + Tensor.From(0f, 0.5f, 0f)) - model.Forward(x)).Detach();
        Assert.True(free.Min().Item<float>() < 0 && free.Max().Item<float>() > 0);
    }

    [Fact]
    public void A_monotone_network_fits_steps_that_a_noisy_sample_hides()
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            var generator = new Generator(seed);
            var x = Tensor.Rand(new Shape(24, 1), generator: generator) * 4 - 2;
            Tensor Truth(Tensor at) => (4 * at).Tanh() + 0.5 * at;
            var y = Truth(x) + 0.5 * Tensor.Randn(new Shape(24, 1), generator: generator);
            var test = Tensor.Linspace(-2, 2, 81).Reshape(-1, 1);
            double Error(Module model)
            {
                Descend(model.Parameters(), () => Loss.Mse(model.Forward(x), y), 500, 0.03);
                return Loss.Mse(model.Forward(test), Truth(test)).Item<double>();
            }
            double with = Error(new MonotoneNetwork([1], hidden: 16, generator: generator));
            double without = Error(new Sequential(
                new Linear(1, 16, generator: generator), new Tanh(), new Linear(16, 16, generator: generator), new Tanh(),
                new Linear(16, 1, generator: generator)));
            Assert.True(with < 0.75 * without, $"seed {seed}: {with} against {without}");
        }
    }

    [Fact]
    public void Periodic_features_are_the_same_a_period_later()
    {
        var layer = new PeriodicFeatures([24, 7], harmonics: 3);
        var x = Tensor.From(new float[,] { { 1, 2 }, { 23.5f, 6 }, { 12, 0 } });
        var y = layer.Forward(x);
        Assert.Equal(new Shape(3, 12), y.Shape);
        Assert.Equal(12, layer.Count);
        Assert.True((y - layer.Forward(x + Tensor.From(24f, 14f))).Abs().Max().Item<float>() < 1e-5);
        Assert.Equal(Math.Sin(2 * Math.PI / 24), y[0, 0].Item<double>(), 1e-6);
        Assert.Equal(Math.Sin(3 * 2 * 2 * Math.PI / 7), y[0, 5].Item<double>(), 1e-6);
        Assert.Equal(Math.Cos(2 * 2 * Math.PI / 24), y[0, 7].Item<double>(), 1e-6);
        Assert.Throws<LayerException>(() => layer.Forward(Tensor.Ones(3, 3)));
    }

    [Fact]
    public void A_season_is_carried_on_beyond_the_data()
    {
        var x = Tensor.Linspace(0, 48, 97).Reshape(-1, 1);
        Tensor Truth(Tensor at) => (at * (2 * Math.PI / 24)).Sin() + 0.4 * (at * (4 * Math.PI / 24)).Cos();
        var later = x + 240;
        double Error(Module model)
        {
            Descend(model.Parameters(), () => Loss.Mse(model.Forward(x), Truth(x)), 300);
            return Loss.Mse(model.Forward(later), Truth(later)).Item<double>();
        }
        double with = Error(new Sequential(new PeriodicFeatures([24], 2), new Linear(4, 1, generator: new Generator(1))));
        double without = Error(new Sequential(
            new Linear(1, 32, generator: new Generator(1)), new Tanh(), new Linear(32, 1, generator: new Generator(2))));
        Assert.True(with < 1e-4 && without > 0.3, $"{with} against {without}");
    }

    [Fact]
    public void Fourier_features_are_a_gaussian_kernel()
    {
        var layer = new FourierFeatures(2, 20_000, scale: 0.2, new Generator(3));
        var x = Tensor.From(new float[,] { { 0, 0 }, { 0.5f, -0.3f } });
        var y = layer.Forward(x);
        double kernel = y[0].Dot(y[1]).Item<double>() / 20_000, s = 2 * Math.PI * 0.2;
        Assert.Equal(Math.Exp(-0.5 * s * s * (0.25 + 0.09)), kernel, 0.02);
    }
}
