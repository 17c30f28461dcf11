using DeepNet.Distributions;

namespace DeepNet.Tests.Distributions;

/// <summary>Samples against what is known of their distribution. Seeds are fixed; margins are five standard errors or more.</summary>
public class SampleTests
{
    private const int N = 100_000;

    public static TheoryData<string> Rows => [.. Families.All.Keys];

    public static TheoryData<string> WithMoments => [.. Families.All.Keys.Where(name => name != "Categorical")];

    public static TheoryData<string> Continuous => ["Normal", "Uniform", "Gamma", "Beta"];

    [Theory]
    [MemberData(nameof(WithMoments))]
    public void Have_the_mean_and_the_variance_of_the_distribution(string name)
    {
        var distribution = Families.All[name]();
        var x = distribution.Sample([N], new Generator(21));
        Tensor mean = x.Mean(0), centred = (x - distribution.Mean).Square(), variance = centred.Mean(0);
        Assert.True(((mean - distribution.Mean).Abs() <= 5 * distribution.Std / Math.Sqrt(N)).All().Item<bool>(),
            $"mean {mean}, should be {distribution.Mean}");
        Assert.True(((variance - distribution.Variance).Abs() <= 5 * centred.Std(0) / Math.Sqrt(N)).All().Item<bool>(),
            $"variance {variance}, should be {distribution.Variance}");
    }

    [Theory]
    [MemberData(nameof(Continuous))]
    public void Follow_the_distribution_function(string name)
    {
        var distribution = Families.All[name]();
        // Each eighth: between two of them the share of samples below rises by 8/N, a hundredth of the margin.
        const int Step = 8;
        var sorted = distribution.Sample([N], new Generator(22)).Sort(0).Values.Slice(0, 0, N, Step);
        var cdf = distribution.Cdf(sorted);
        for (int i = 0; i < distribution.BatchShape[0]; i++)
        {
            double[] below = cdf.Select(1, i).ToArray<double>();
            double distance = 0;
            for (int k = 0; k < below.Length; k++)
            {
                double rank = k * Step;
                distance = Math.Max(distance, Math.Max(Math.Abs(below[k] - rank / N), Math.Abs(below[k] - (rank + 1) / N)));
            }
            // Kolmogorov and Smirnov: beyond 2/√n with a probability of 2·e⁻⁸.
            Assert.True(distance < 2 / Math.Sqrt(N), $"distance {distance} of distribution {i}");
        }
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(300)]
    public void Poisson_counts_have_their_probabilities(double rate)
    {
        var poisson = new Poisson(Tensor.From(rate));
        var counts = poisson.Sample([N], new Generator(23)).Flatten().To(DType.Int64).BinCount();
        double[] observed = counts.ToArray<double>(), p = poisson.LogProb(Tensor.Arange(0, counts.Count)).Exp().ToArray<double>();
        double sum = 0;
        int bins = 0;
        for (int k = 0; k < p.Length; k++)
            if (p[k] * N > 20)
            {
                sum += Math.Pow(observed[k] - p[k] * N, 2) / (p[k] * N);
                bins++;
            }
        Assert.InRange(sum, bins - 5 * Math.Sqrt(2.0 * bins), bins + 5 * Math.Sqrt(2.0 * bins));
    }

    [Fact]
    public void Categories_have_their_probabilities()
    {
        var x = Families.All["Categorical"]().Sample([N], new Generator(24));
        Assert.Equal(DType.Int64, x.DType);
        double[] shares = [.. x.Select(1, 0).BinCount(minLength: 3).ToArray<double>(),
            .. x.Select(1, 1).BinCount(minLength: 3).ToArray<double>()];
        double[] p = [0.125, 0.25, 0.625, 0.75, 0, 0.25];
        for (int i = 0; i < p.Length; i++)
        {
            double margin = 5 * Math.Sqrt(p[i] * (1 - p[i]) / N);
            Assert.InRange(shares[i] / N, p[i] - margin, p[i] + margin);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Have_the_shape_asked_for_before_those_of_batch_and_event(string name)
    {
        var distribution = Families.All[name]();
        Shape own = [.. distribution.BatchShape, .. distribution.EventShape];
        Assert.Equal(own, distribution.Sample().Shape);
        Assert.Equal<Shape>([4, 2, .. own], distribution.Sample([4, 2]).Shape);
        Assert.Equal<Shape>([4, 2, .. distribution.BatchShape], distribution.LogProb(distribution.Sample([4, 2])).Shape);
        Assert.Equal<Shape>([0, .. own], distribution.Sample([0]).Shape);
        Assert.False(distribution.Sample().RequiresGrad);
        if (distribution.HasRSample) Assert.Equal(own, distribution.RSample().Shape);
        else Assert.Contains("[r_sample]", Assert.Throws<NotSupportedException>(() => distribution.RSample()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_the_same_on_any_number_of_threads(string name)
    {
        int before = CpuDevice.Threads;
        try
        {
            double[]? first = null;
            foreach (int threads in new[] { 1, 2, 7 })
            {
                CpuDevice.Threads = threads;
                double[] x = Families.All[name]().Sample([3000], new Generator(25)).ToArray<double>();
                Assert.Equal(first ??= x, x);
            }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    [Fact]
    public void Small_concentrations_give_numbers_within_the_type()
    {
        var gamma = new Gamma(Tensor.Full(new Shape(2000), 1e-3), 1.0).Sample(generator: new Generator(26));
        Assert.Equal(DType.Float32, gamma.DType);
        Assert.True(gamma.Min().Item() >= 1.1754943e-38f);
        var dirichlet = new Dirichlet(Tensor.Full(new Shape(500, 5), 1e-4)).Sample(generator: new Generator(27));
        Assert.True(dirichlet.IsFinite().All().Item<bool>());
        Assert.True((dirichlet.Sum(1) - 1).Abs().Max().Item() < 1e-6);
        Assert.True(new Beta(Tensor.Full(new Shape(500), 1e-4), 1e-4).Sample(generator: new Generator(28)).IsFinite().All().Item<bool>());
    }

    [Fact]
    public void Categories_drawn_without_replacement_differ_and_come_by_weight()
    {
        var weights = Tensor.From(1f, 0f, 3f, 6f);
        var drawn = weights.Expand(N, 4).Multinomial(2, generator: new Generator(29));
        Tensor first = drawn.Select(1, 0), second = drawn.Select(1, 1);
        Assert.False(first.Equal(second).Any().Item<bool>());
        double[] shares = first.BinCount(minLength: 4).ToArray<double>(),
            then = second.MaskedSelect(first.Equal(3)).BinCount(minLength: 4).ToArray<double>();
        Assert.InRange(shares[2] / N, 0.3 - 0.008, 0.3 + 0.008);
        Assert.InRange(then[2] / then.Sum(), 0.75 - 0.01, 0.75 + 0.01);
        Assert.Equal((0, 0), (shares[1], then[1]));
        Assert.Contains("2 are needed", Assert.Throws<ArgumentException>(() => Tensor.From(1f, 0f).Multinomial(2)).Message,
            StringComparison.Ordinal);
        Assert.Contains("Softmax", Assert.Throws<ArgumentException>(() => Tensor.From(1f, -1f).Multinomial(1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("(rows, categories)", Assert.Throws<ArgumentException>(() => Tensor.Ones(1, 1, 1).Multinomial(1)).Message,
            StringComparison.Ordinal);
        Assert.Equal(new Shape(0, 3), Tensor.Ones(0, 4).Multinomial(3).Shape);
    }

    [Fact]
    public void Gumbel_softmax_chooses_by_probability_and_passes_the_gradient_straight_through()
    {
        var logits = Tensor.From(Math.Log(0.2), Math.Log(0.5), Math.Log(0.3)).Expand(N, 3).Clone().WithGrad();
        var hard = logits.GumbelSoftmax(0.5, hard: true, generator: new Generator(30));
        double[] shares = hard.Detach().Mean(0).ToArray<double>();
        Assert.InRange(shares[0], 0.2 - 0.007, 0.2 + 0.007);
        Assert.InRange(shares[1], 0.5 - 0.008, 0.5 + 0.008);
        Assert.True((hard.Equal(0) | hard.Equal(1)).All().Item<bool>());
        var again = logits.Detach().Clone().WithGrad();
        var soft = again.GumbelSoftmax(0.5, generator: new Generator(30));
        Assert.True(soft.ArgMax(1).ArrayEqual(hard.ArgMax(1)));
        var weights = Tensor.From(1.0, -2.0, 3.0);
        (hard * weights).Sum().Backward();
        (soft * weights).Sum().Backward();
        Assert.True(logits.Grad!.AllClose(again.Grad!, 1e-12, 1e-15));
        Assert.Throws<ArgumentOutOfRangeException>(() => logits.GumbelSoftmax(0));
    }
}
