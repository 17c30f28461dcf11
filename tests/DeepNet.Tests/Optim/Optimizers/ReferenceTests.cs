using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Optimizers that PyTorch does not have, against the plain formulas, number by number.</summary>
public class ReferenceTests
{
    private delegate double Rule(double p, double g, int t, double[] memory);

    /// <summary>50 steps of an optimizer beside 50 steps of a formula on each element.</summary>
    private static void Compare(Func<Parameter[], Optimizer> make, Rule rule, double tolerance = 1e-12)
    {
        var problem = new Problem(DType.Float64);
        var optimizer = make(problem.Parameters);
        double[] p = problem.Values;
        var memory = p.Select(_ => new double[3]).ToArray();
        for (int t = 1; t <= 50; t++)
        {
            int at = 0;
            for (int k = 0; k < 2; k++)
            {
                for (int i = 0; i < Problem.Shapes[k].Count; i++, at++)
                    p[at] = rule(p[at], Problem.Gradient(k, i, p[at], t), t, memory[at]);
            }
            problem.Gradients(t);
            optimizer.Step();
        }
        Problem.AssertClose(p, problem.Values, tolerance, "after 50 steps");
    }

    [Fact]
    public void AdaGrad_by_the_root_mean_square() => Compare(
        p => new AdaGrad(p, new AdaGradOptions { LearningRate = 0.05, Scale = AdaGradScale.RootMean }),
        (p, g, t, m) =>
        {
            m[0] += g * g;
            return p - 0.05 * g / (Math.Sqrt(m[0] / t) + 1e-10);
        });

    [Fact]
    public void Lion_with_decay() => Compare(
        p => new Lion(p, new LionOptions { LearningRate = 0.01, Beta2 = 0.97, WeightDecay = 0.2 }),
        (p, g, t, m) =>
        {
            double mix = 0.9 * m[0] + (1 - 0.9) * g;
            m[0] = 0.97 * m[0] + (1 - 0.97) * g;
            return p * (1 - 0.01 * 0.2) - 0.01 * Math.Sign(mix);
        });

    [Fact]
    public void Proximal_L1_makes_exact_zeros()
    {
        Compare(p => new Sgd(p, 0.05, 0.5) { L1 = 1, ProximalL1 = true }, (p, g, t, m) =>
        {
            m[0] = 0.5 * m[0] + g;
            p -= 0.05 * m[0];
            return Math.Sign(p) * Math.Max(Math.Abs(p) - 0.05, 0);
        });
        var x = new Parameter(Tensor.From(0.3f, -0.2f, 5f));
        x.Grad = Tensor.Zeros(3);
        new Sgd([x], 1) { L1 = 0.3, ProximalL1 = true }.Step();
        Assert.Equal([0, 0, 4.7f], x.Value.ToArray());
    }

    [Fact]
    public void Subgradient_L1_and_coupled_decay_with_Adam() => Compare(
        p => new Adam(p, 0.02) { WeightDecay = 0.03, L1 = 0.2 },
        (p, g, t, m) => AdamStep(p, g + 0.03 * p + 0.2 * Math.Sign(p), t, m, 0.02));

    [Fact]
    public void Decoupled_decay_serves_every_optimizer() => Compare(
        p => new RmsProp(p, 0.02) { WeightDecay = 0.1, DecoupledDecay = true },
        (p, g, t, m) =>
        {
            p *= 1 - 0.02 * 0.1;
            m[0] = 0.99 * m[0] + (1 - 0.99) * g * g;
            return p - 0.02 * g / (Math.Sqrt(m[0]) + 1e-8);
        });

    [Fact]
    public void Clipping_by_value_in_the_step() => Compare(
        p => new Adam(p, 0.02) { ClipValue = 0.4 },
        (p, g, t, m) => AdamStep(p, Math.Clamp(g, -0.4, 0.4), t, m, 0.02));

    [Fact]
    public void From_Adam_to_SGD()
    {
        var problem = new Problem(DType.Float64);
        var adam = new Adam(problem.Parameters, 0.05);
        double[] p = problem.Values;
        var memory = p.Select(_ => new double[3]).ToArray();
        Optimizer optimizer = adam;
        for (int t = 1; t <= 50; t++)
        {
            if (t == 21)
            {
                optimizer = new Sgd(problem.Parameters, 0.01, momentum: 0.8).ContinueFrom(adam);
                foreach (var m in memory) m[0] /= (1 - Math.Pow(0.9, 20)) * (1 - 0.8);
            }
            int at = 0;
            for (int k = 0; k < 2; k++)
            {
                for (int i = 0; i < Problem.Shapes[k].Count; i++, at++)
                {
                    double g = Problem.Gradient(k, i, p[at], t);
                    if (t <= 20) p[at] = AdamStep(p[at], g, t, memory[at], 0.05);
                    else p[at] -= 0.01 * (memory[at][0] = 0.8 * memory[at][0] + g);
                }
            }
            problem.Gradients(t);
            optimizer.Step();
        }
        Problem.AssertClose(p, problem.Values, 1e-12, "after 20 and 30 steps");
        Assert.Equal(50, optimizer.SaveState().Numbers["0/step"]);
    }

    private static double AdamStep(double p, double g, int t, double[] m, double lr)
    {
        m[0] = 0.9 * m[0] + (1 - 0.9) * g;
        m[1] = 0.999 * m[1] + (1 - 0.999) * g * g;
        return p - lr * (m[0] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(m[1] / (1 - Math.Pow(0.999, t))) + 1e-8);
    }
}
