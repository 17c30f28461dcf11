using DeepNet.Distributions;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Generative;

public class BayesianMlpTests
{
    [Fact]
    public void Sums_have_the_moments_that_drawn_weights_give_them()
    {
        var layer = new BayesianLinear(3, 2, initialStd: 0.4, generator: new Generator(1));
        var state = layer.State();
        var x = Tensor.From<float>([0.5f, -1, 2], new Shape(1, 3));
        using var off = Autograd.NoGrad();
        var actual = layer.Forward(x.Expand(40_000, 3));

        Tensor Drawn(string name) => state[name + "_mu"] + state[name + "_rho"].Softplus()
            * Tensor.Randn(new Shape([40_000, .. state[name + "_mu"].Shape]), generator: new Generator(2));
        var expected = (Drawn("weight") * x).Sum(2) + Drawn("bias");
        Assert.True(actual.Mean(0).AllClose(expected.Mean(0), 0, 0.03));
        Assert.True(actual.Std(0).AllClose(expected.Std(0), 0, 0.02));
        Assert.Equal(0.4 * Math.Sqrt(0.25 + 1 + 4 + 1), actual[.., 0].Std().Item<float>(), 0.02);
    }

    [Fact]
    public void Divergence_is_that_of_the_distributions()
    {
        var layer = new BayesianLinear(3, 2, priorStd: 0.5, initialStd: 0.1, generator: new Generator(1));
        var state = layer.State();
        double expected = 0;
        foreach (string name in new[] { "weight", "bias" })
        {
            var mean = state[name + "_mu"];
            expected += Distribution.KlDivergence(
                new Normal(mean, state[name + "_rho"].Softplus()), new Normal(Tensor.ZerosLike(mean), Tensor.Full(mean.Shape, 0.5)))
                .Sum().Item<float>();
        }
        Assert.Equal(expected, layer.KlDivergence().Item<float>(), 1e-3);
        // That of a distribution from itself.
        Assert.Equal(0, Same(new BayesianLinear(3, 2, priorStd: 0.3, initialStd: 0.3)).KlDivergence().Item<float>(), 1e-4);

        static BayesianLinear Same(BayesianLinear layer)
        {
            Init.Zeros(layer.State()["weight_mu"]);
            return layer;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Uncertainty_grows_away_from_the_data(int seed)
    {
        var generator = new Generator((ulong)seed);
        var model = new BayesianMlp(new([1, 32, 32, 1]), generator);
        var x = Tensor.Linspace(-1, 1, 64).Unsqueeze(1);
        var y = (3 * x).Sin();
        const double noise = 0.1;
        Tensor Cost() => Loss.Mse(model.Forward(x), y) / (2 * noise * noise) + model.KlDivergence() / 64;
        Learning.ReachesAll(model, Cost());
        Learning.Lowers(model, Cost, steps: 600, rate: 1e-2, share: 0.5);

        var (mean, variance) = model.Predict(Tensor.From<float>([-4, -2, 0, 2, 4], new Shape(5, 1)), draws: 400);
        float[] std = variance.Sqrt().Reshape(-1).ToArray<float>();
        Assert.Equal(0, mean[2].Item<float>(), 0.2);
        Assert.True(std[1] > 2 * std[2] && std[3] > 2 * std[2], string.Join(", ", std));
        Assert.True(std[0] > std[1] && std[4] > std[3], string.Join(", ", std));
    }

    [Fact]
    public void Goes_through_a_file()
    {
        var (one, other) = (new BayesianMlp(new([2, 3, 1]), new(1)), new BayesianMlp(new([2, 3, 1]), new(2)));
        using var folder = new TemporaryFolder();
        one.SavePretrained(folder.Path);
        Assert.True(other.LoadPretrained(folder.Path).IsComplete);
        Assert.Equal(one.KlDivergence().Item<float>(), other.KlDivergence().Item<float>());
    }
}
