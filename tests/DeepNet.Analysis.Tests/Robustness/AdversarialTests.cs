using DeepNet.Nn;

namespace DeepNet.Analysis.Tests.Robustness;

public class AdversarialTests
{
    private static readonly double[] Weights = [2, -3, 0.5];

    private static Tensor Linear(Tensor x) => (x * Tensor.From<double>(Weights)).Sum();

    [Fact]
    public void A_sign_step_raises_a_linear_loss_by_the_radius_times_the_sum_of_weights()
    {
        var x = Tensor.From<double>(0.1, 0.2, 0.3);
        var worse = Adversarial.SignStep(Linear, x, radius: 0.05);
        Assert.Equal([0.15, 0.15, 0.35], worse.ToArray<double>().Select(v => Math.Round(v, 12)));
        Assert.Equal(0.05 * 5.5, (Linear(worse) - Linear(x)).Item<double>(), 1e-12);
        Assert.Equal([0.1, 0.2, 0.3], x.ToArray<double>());
        Assert.False(worse.RequiresGrad);
    }

    [Fact]
    public void Elements_stay_within_radius_and_range()
    {
        var x = Tensor.From<double>(0.02, 0.5, 0.98);
        var worse = Adversarial.Projected(
            y => (y - 0.5).Square().Sum(), x, radius: 0.1, steps: 20, start: new Generator(1), low: 0, high: 1);
        Assert.All(
            worse.ToArray<double>().Zip(x.ToArray<double>()), p
                => Assert.InRange(p.First, Math.Max(0, p.Second - 0.1 - 1e-12), Math.Min(1, p.Second + 0.1 + 1e-12)));
        Assert.Equal(0, worse[0].Item<double>(), 1e-12);
        Assert.Equal(1, worse[2].Item<double>(), 1e-12);
        Assert.Equal(0.1, Math.Abs(worse[1].Item<double>() - 0.5), 1e-9);         // from beside the middle, to whichever edge
    }

    [Fact]
    public void Several_steps_find_what_one_cannot()
    {
        // Uphill at first, over a ridge, and down: the far end of the radius is lower than the ridge.
        static Tensor Ridge(Tensor x) => -(x - 0.3).Square().Sum();
        var x = Tensor.From<double>(0.0);
        double one = Ridge(Adversarial.SignStep(Ridge, x, radius: 1)).Item<double>(),
            many = Ridge(Adversarial.Projected(Ridge, x, radius: 1, steps: 20, stepSize: 0.1)).Item<double>();
        Assert.Equal(-0.49, one, 1e-12);
        Assert.InRange(many, -0.011, 0);
    }

    [Fact]
    public void A_radius_of_zero_changes_nothing_and_parameters_keep_their_gradients()
    {
        var model = new Sequential(new Linear(3, 4), new Relu(), new Linear(4, 2));
        var x = Tensor.Randn(new Shape(5, 3), generator: new Generator(1));
        var y = Tensor.From<long>(0, 1, 0, 1, 0);
        using (Autograd.NoGrad())
            Assert.Equal(x.ToArray(), Adversarial.SignStep(v => Loss.CrossEntropy(model.Forward(v), y), x, radius: 0).ToArray());
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Mistakes_are_reported()
    {
        var x = Tensor.From<double>(0.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => Adversarial.SignStep(Linear, x, radius: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Adversarial.SignStep(Linear, x, radius: 1, low: 1, high: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Adversarial.Projected(Linear, x, radius: 1, steps: 0));
        Assert.Contains(
            "int64", Assert.Throws<ArgumentException>(() => Adversarial.SignStep(Linear, Tensor.From<long>(1), radius: 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "does not depend",
            Assert.Throws<InvalidOperationException>(() => Adversarial.SignStep(
                _ => Linear(Tensor.From<double>(1, 2, 3).WithGrad()), x, radius: 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "single number",
            Assert.Throws<InvalidOperationException>(() => Adversarial.SignStep(v => v + Tensor.Zeros(2), x, radius: 1)).Message,
            StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Adversarial.Projected(Linear, x, radius: 1, cancellation: cancelled.Token));
    }
}
