using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

public class DistillationTests
{
    private static Tensor Draw(ulong seed, params int[] shape)
        => Tensor.Randn(new Shape(shape), DType.Float64, generator: new Generator(seed));

    [Fact]
    public void Soft_targets_are_the_divergence_times_the_squared_temperature()
    {
        double[] student = [1, 2, -1], teacher = [0.5, 3, 0];
        double[] P(double[] logits)
        {
            double sum = logits.Sum(v => Math.Exp(v / 3));
            return [.. logits.Select(v => Math.Exp(v / 3) / sum)];
        }
        double expected = 9 * P(teacher).Zip(P(student), (t, s) => t * Math.Log(t / s)).Sum();
        var loss = Distillation.SoftTargets(Tensor.From(student).Unsqueeze(0), Tensor.From(teacher).Unsqueeze(0), temperature: 3);
        Assert.Equal(expected, loss.Item<double>(), 1e-12);
    }

    [Fact]
    public void With_a_high_temperature_the_gradient_is_that_of_the_logits_distance()
    {
        // Hinton's limit: (z − v) / classes for logits of mean 0, whatever the temperature.
        var student = Draw(1, 4, 5).WithGrad();
        var teacher = Draw(2, 4, 5);
        Distillation.SoftTargets(student, teacher, 1e4).Backward();
        var z = student.Detach() - student.Detach().Mean(1, true);
        var v = teacher - teacher.Mean(1, true);
        Assert.True((student.Grad! - (z - v) / 5 / 4).Abs().Max().Item<double>() < 1e-4);
        Assert.Equal(0, Distillation.SoftTargets(teacher, teacher).Item<double>(), 1e-12);
    }

    [Fact]
    public void The_mixture_has_both_ends()
    {
        var (student, teacher, y) = (Draw(1, 4, 5), Draw(2, 4, 5), Tensor.From<long>(0, 1, 4, 2));
        double soft = Distillation.SoftTargets(student, teacher, 2).Item<double>(), hard = Loss.CrossEntropy(student, y).Item<double>();
        Assert.Equal(soft, Distillation.Loss(student, teacher, y, 2, 1).Item<double>(), 1e-12);
        Assert.Equal(hard, Distillation.Loss(student, teacher, y, 2, 0).Item<double>(), 1e-12);
        Assert.Equal(0.25 * soft + 0.75 * hard, Distillation.Loss(student, teacher, y, 2, 0.25).Item<double>(), 1e-12);
        Assert.Throws<ArgumentException>(() => Distillation.SoftTargets(student, teacher.Narrow(1, 0, 4)));
    }

    [Fact]
    public void A_hint_can_be_followed_where_a_projection_exists()
    {
        var generator = new Generator(1);
        var features = Tensor.Randn(new Shape(64, 4), generator: generator);
        var maps = Tensor.Randn(new Shape(2, 4, 3, 5), generator: generator);
        var teacher = features.MatMul(Tensor.Randn(new Shape(4, 7), generator: generator));
        var hint = new FeatureHint(4, 7, generator);
        Assert.Equal(new Shape(2, 7, 3, 5), hint.Forward(maps).Shape);
        var first = hint.Forward(maps.Permute(0, 2, 3, 1).Reshape(-1, 4)).Reshape(2, 3, 5, 7).Permute(0, 3, 1, 2);
        Assert.True((first - hint.Forward(maps)).Abs().Max().Item<float>() < 1e-5);
        var optimizer = new Adam(hint.Parameters(), 0.05);
        for (int i = 0; i < 400; i++)
        {
            optimizer.ZeroGrad();
            hint.Loss(features, teacher).Backward();
            optimizer.Step();
        }
        Assert.True(hint.Loss(features, teacher).Item<double>() < 1e-4);
    }

    [Fact]
    public void Uncertainties_become_the_losses_of_the_tasks()
    {
        // At the minimum over s, exp(s) is the loss itself, and each task weighs ½ / L.
        var weights = new UncertaintyWeights(3);
        var losses = Tensor.From(0.01f, 1f, 25f);
        Assert.Equal(0.5 * (0.01 + 1 + 25), weights.Forward(losses).Item<double>(), 1e-5);
        var optimizer = new Adam(weights.Parameters(), 0.05);
        for (int i = 0; i < 800; i++)
        {
            optimizer.ZeroGrad();
            weights.Combine(losses[0], losses[1], losses[2]).Backward();
            optimizer.Step();
        }
        float[] variance = weights.LogVariance.Value.Detach().Exp().ToArray<float>();
        Assert.Equal(0.01, variance[0], 1e-4);
        Assert.Equal(1, variance[1], 1e-3);
        Assert.Equal(25, variance[2], 0.05);
        Assert.Throws<ArgumentException>(() => weights.Forward(Tensor.Ones(2)));
    }
}
