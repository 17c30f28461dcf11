namespace DeepNet.Models.Tests.Generative;

public class DiffusionTests
{
    private static readonly DiffusionUNetConfig small = new(1, [8, 12])
    {
        BlocksPerLevel = 1, AttentionLevels = [1], Groups = 4, Classes = 3,
    };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new DiffusionUNet(small);
        Golden.Check("diffusion", model, x => [model.Forward(x[0], x[1], x[2])]);
    }

    public static TheoryData<string> Schedules => ["linear", "cosine"];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Noise_in_one_step_is_that_of_all_steps_before_it(string kind)
    {
        var diffusion = kind == "linear" ? Diffusion.Linear(100) : Diffusion.Cosine(100);
        // x ← √(1 − β)·x + √β·noise: the factor of the picture, and the variance of the noise.
        double factor = 1, variance = 0;
        for (int t = 0; t < 100; t++)
        {
            factor *= Math.Sqrt(1 - diffusion.Betas[t]);
            variance = (1 - diffusion.Betas[t]) * variance + diffusion.Betas[t];
            var step = Tensor.From<long>(t);
            Tensor one = Tensor.Ones(1, 1), zero = Tensor.Zeros(1, 1);
            Assert.Equal(factor, diffusion.AddNoise(one, zero, step).Item<float>(), 1e-6);
            Assert.Equal(Math.Sqrt(variance), diffusion.AddNoise(zero, one, step).Item<float>(), 1e-6);
        }
        Assert.Equal(kind == "linear" ? 0.364 : 0, diffusion.Kept[99], 1e-3);
    }

    [Fact]
    public void Noise_step_by_step_has_the_same_mean_and_variance()
    {
        var diffusion = Diffusion.Linear(20, 0.01, 0.2);
        var generator = new Generator(1);
        var x = Tensor.Full(new Shape(100_000, 1), 2);
        foreach (double beta in diffusion.Betas)
            x = Math.Sqrt(1 - beta) * x + Math.Sqrt(beta) * Tensor.Randn(x.Shape, generator: generator);
        Assert.Equal(2 * Math.Sqrt(diffusion.Kept[^1]), x.Mean().Item<float>(), 0.01);
        Assert.Equal(1 - diffusion.Kept[^1], x.Var().Item<float>(), 0.01);
    }

    // For data from a normal distribution the noise that is expected in a picture is known.
    private static Func<Tensor, Tensor, Tensor> Oracle(Diffusion diffusion, double mean, double std) => (x, steps) =>
    {
        double kept = diffusion.Kept[(int)steps[0].Item<long>()];
        return Math.Sqrt(1 - kept) / (kept * std * std + 1 - kept) * (x - Math.Sqrt(kept) * mean);
    };

    [Theory]
    [InlineData(1.0, null)]
    [InlineData(0.0, null)]
    [InlineData(0.0, 250)]
    [InlineData(0.5, 250)]
    public void Samples_are_distributed_as_the_data(double eta, int? steps)
    {
        var diffusion = Diffusion.Linear(500, 1e-4, 0.04);
        var made = diffusion.Sample(
            Oracle(diffusion, 0.3, 0.2), new Shape(20_000, 1), steps, eta, clip: false, generator: new Generator(1));
        Assert.Equal(0.3, made.Mean().Item<float>(), 0.01);
        Assert.Equal(0.2, made.Std().Item<float>(), 0.01);
    }

    [Fact]
    public void All_steps_with_fresh_noise_are_the_sampler_of_the_paper()
    {
        var diffusion = Diffusion.Linear(10, 0.05, 0.3);
        var model = Oracle(diffusion, 0.3, 0.2);
        var made = diffusion.Sample(model, new Shape(4, 1), clip: false, generator: new Generator(1));

        var generator = new Generator(1);
        var x = Tensor.Randn(new Shape(4, 1), generator: generator);
        for (int t = 9; t >= 0; t--)
        {
            double beta = diffusion.Betas[t], kept = diffusion.Kept[t], before = t > 0 ? diffusion.Kept[t - 1] : 1;
            x = (x - beta / Math.Sqrt(1 - kept) * model(x, Tensor.From<long>(t))) / Math.Sqrt(1 - beta);
            if (t > 0) x += Math.Sqrt((1 - before) / (1 - kept) * beta) * Tensor.Randn(new Shape(4, 1), generator: generator);
        }
        Golden.Same(x, made, "DDPM");
    }

    [Fact]
    public void Learns_and_makes_pictures()
    {
        var diffusion = Diffusion.Linear(50);
        var model = new DiffusionUNet(small, new Generator(1));
        var x = Tensor.Rand(new Shape(6, 1, 8, 8), generator: new Generator(2)) * 2 - 1;
        var labels = Tensor.From<long>(0, 1, 2, 0, 1, 2);
        Tensor Cost() => diffusion.Loss((y, t) => model.Forward(y, t, labels), x, new Generator(3));
        Learning.ReachesAll(model, Cost());
        Learning.Lowers(model, Cost, steps: 15);
        model.Eval();
        var made = diffusion.Sample((y, t) => model.Forward(y, t, labels), x.Shape, steps: 5, eta: 0, generator: new Generator(4));
        Assert.Equal(x.Shape, made.Shape);
        Assert.True(made.Abs().Max().Item<float>() <= 1);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        var model = new DiffusionUNet(small);
        Tensor steps = Tensor.Zeros(new Shape(1), DType.Int64);
        void Expect(string message, Action call)
            => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
        Expect("labels are missing", () => model.Forward(Tensor.Zeros(1, 1, 8, 8), steps));
        Expect("expects (N, 1, H, W) with multiples of 2, got (1, 1, 8, 9)", () => model.Forward(Tensor.Zeros(1, 1, 8, 9), steps, steps));
        Expect("11 steps: there must be 1 at least, and 10 at most",
            () => Diffusion.Linear(10).Sample((x, t) => x, new Shape(1, 1), steps: 11));
    }

    [Fact]
    public void Goes_through_a_file()
    {
        var steps = Tensor.From<long>(3);
        Learning.RoundTrips(new DiffusionUNet(small with { Classes = 0 }, new(1)), new DiffusionUNet(small with { Classes = 0 }, new(2)),
            m => ((DiffusionUNet)m).Forward(Tensor.Ones(1, 1, 8, 8), steps));
    }
}
