using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Priors;

public class PenaltyTests
{
    [Fact]
    public void Rules_cost_what_breaks_them()
    {
        var (a, b) = (Tensor.From(1.0, 0.2, 0.7, 0), Tensor.From(0.4, 0.9, 0.7, 1));
        Assert.Equal(0.6 / 4, Rule.Implies(a, b).Item<double>(), 1e-12);
        Assert.Equal((0.4 + 0.1 + 0.4) / 4, Rule.Excludes(a, b).Item<double>(), 1e-12);
        Assert.Equal(0.35, Rule.AnyOf(Tensor.From(new double[,] { { 0.2, 0.1 }, { 0.8, 0.9 } })).Item<double>(), 1e-12);
        Assert.Equal((0.49 + 1) / 4, Rule.AtLeast(a, b).Item<double>(), 1e-12);
        Assert.Throws<ArgumentException>(() => Rule.Implies(a, b.Unsqueeze(0)));
    }

    [Fact]
    public void A_rule_teaches_a_class_without_labels()
    {
        // Labels say which pictures are dogs; the rule says that dogs are animals; nobody labelled animals.
        var generator = new Generator(2);
        var x = Tensor.Randn(new Shape(200, 2), generator: generator);
        var isDog = (x.Narrow(1, 0, 1) > 0).To(DType.Float32).Squeeze(1);
        var model = new Linear(2, 2, generator: generator);
        double Broken(double weight)
        {
            var net = Module.Clone(model);
            var optimizer = new Adam(net.Parameters(), 0.05);
            Tensor p = isDog;
            for (int i = 0; i < 150; i++)
            {
                optimizer.ZeroGrad();
                p = net.Forward(x).Sigmoid();
                (Loss.Bce(p.Select(1, 0), isDog) + weight * Rule.Implies(p.Select(1, 0), p.Select(1, 1))).Backward();
                optimizer.Step();
            }
            return Rule.Implies(p.Select(1, 0), p.Select(1, 1)).Item<double>();
        }
        Assert.True(Broken(0) > 0.1);
        Assert.True(Broken(1) < 0.02);
    }

    [Fact]
    public void Bends_cost_and_straight_lines_do_not()
    {
        var line = Tensor.Arange(0, 10).To(DType.Float64) * 3;
        Assert.Equal(0, Smoothness.Differences(line).Item<double>(), 1e-12);
        Assert.Equal(9, Smoothness.Differences(line, order: 1).Item<double>(), 1e-12);
        Assert.Equal(4, Smoothness.Differences(Tensor.Arange(0, 10).To(DType.Float64).Square()).Item<double>(), 1e-12);
        double noise = Smoothness.Nearby(x => 2 * x, Tensor.Zeros(new Shape(20_000), DType.Float64), 0.1, new Generator(1)).Item<double>();
        Assert.Equal(0.04, noise, 0.001);
    }

    [Fact]
    public void Smoothing_finds_the_curve_in_the_noise()
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            var truth = (Tensor.Linspace(0, 6.28, 100)).Sin();
            var seen = truth + 0.4 * Tensor.Randn(new Shape(100), generator: new Generator(seed));
            var curve = new Parameter(seen.Clone());
            var optimizer = new Adam([curve], 0.05);
            for (int i = 0; i < 500; i++)
            {
                optimizer.ZeroGrad();
                (Loss.Mse(curve, seen) + 300 * Smoothness.Differences(curve)).Backward();
                optimizer.Step();
            }
            double before = Loss.Mse(seen, truth).Item<double>(), after = Loss.Mse(curve, truth).Item<double>();
            Assert.True(after < 0.2 * before, $"seed {seed}: {before} to {after}");
        }
    }

    [Fact]
    public void The_pairs_of_a_ranking()
    {
        var scores = Tensor.From(1.0, -0.5, 2.0);
        var relevance = Tensor.From(2.0, 1.0, 2.0);
        double Pair(double d) => Math.Log(1 + Math.Exp(-d));
        Assert.Equal((Pair(1.5) + Pair(2.5)) / 2, Ranking.AllPairs(scores, relevance).Item<double>(), 1e-12);
        Assert.Equal(0, Ranking.AllPairs(scores, Tensor.Ones(3)).Item<double>());
        Assert.Equal(1, Ranking.Agreement(scores, relevance));
        Assert.Equal(0, Ranking.Agreement(-scores, relevance));
        Assert.Equal(0.5, Ranking.Agreement(Tensor.Zeros(3), relevance));
    }

    [Fact]
    public void Orders_alone_teach_a_score()
    {
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            var generator = new Generator(seed);
            var direction = Tensor.Randn(new Shape(5), generator: generator);
            var (x, test) = (Tensor.Randn(new Shape(60, 5), generator: generator), Tensor.Randn(new Shape(200, 5), generator: generator));
            var order = x.MatMul(direction).Detach().Exp();      // any scale will do: only the order is used
            var model = new Linear(5, 1, bias: false, generator);
            var optimizer = new Adam(model.Parameters(), 0.05);
            for (int i = 0; i < 100; i++)
            {
                optimizer.ZeroGrad();
                Ranking.AllPairs(model.Forward(x).Squeeze(1), order).Backward();
                optimizer.Step();
            }
            Assert.True(Ranking.Agreement(model.Forward(test).Squeeze(1), test.MatMul(direction)) > 0.95);
        }
    }

    [Fact]
    public void Maximum_a_posteriori_is_weight_decay_to_the_last_digits()
    {
        var x = Tensor.Randn(new Shape(40, 3), DType.Float64, generator: new Generator(1));
        var y = x.MatMul(Tensor.From(1.0, -2, 0.5)).Unsqueeze(1);
        Linear Train(bool byPrior)
        {
            var model = new Linear(3, 1, generator: new Generator(2));
            model.To(DType.Float64);
            var options = new SgdOptions { LearningRate = 0.1, Momentum = 0.9, WeightDecay = byPrior ? 0 : Prior.WeightDecay(0.3, 40) };
            var optimizer = new Sgd(model.Parameters(), options);
            for (int i = 0; i < 50; i++)
            {
                optimizer.ZeroGrad();
                var loss = Loss.Mse(model.Forward(x), y);
                if (byPrior) loss = loss + Prior.Gaussian(model.Parameters(), 0.3, 40);
                loss.Backward();
                optimizer.Step();
            }
            return model;
        }
        var (prior, decay) = (Train(true), Train(false));
        Assert.True((prior.Weight.Value - decay.Weight.Value).Abs().Max().Item<double>() < 1e-13);
        Assert.True((prior.Bias!.Value - decay.Bias!.Value).Abs().Max().Item<double>() < 1e-13);
        Assert.Equal(1 / (0.09 * 40), Prior.WeightDecay(0.3, 40), 1e-12);
    }

    [Fact]
    public void Priors_are_the_logarithms_of_their_densities()
    {
        var weights = new Parameter(Tensor.From(0.5, -1.5, 2.0));
        double Gauss(double w)
            => -Math.Log(Math.Exp(-w * w / (2 * 0.49)) / Math.Sqrt(2 * Math.PI * 0.49)) - 0.5 * Math.Log(2 * Math.PI * 0.49);
        Assert.Equal((Gauss(0.5) + Gauss(1.5) + Gauss(2)) / 10, Prior.Gaussian([weights], 0.7, 10).Item<double>(), 1e-12);
        Assert.Equal(4.0 / 0.7 / 10, Prior.Laplace([weights], 0.7, 10).Item<double>(), 1e-12);
    }
}
