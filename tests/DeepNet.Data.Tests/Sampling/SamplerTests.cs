using DeepNet.Data.Sampling;

namespace DeepNet.Data.Tests.Sampling;

public class SamplerTests
{
    private static readonly DrawKey Epoch = DrawKey.FromSeed(7);

    private static int[] Labels(params int[] sizes) => [.. sizes.SelectMany((size, label) => Enumerable.Repeat(label, size))];

    private static int[] Sizes(int[] drawn, int[] labels, int classes)
        => [.. Enumerable.Range(0, classes).Select(c => drawn.Count(i => labels[i] == c))];

    [Fact]
    public void Weighted_draws_follow_the_weights()
    {
        const int n = 100_000;
        int[] drawn = new WeightedSampler([1, 0, 2, 5], n).Draw(Epoch);
        double[] shares = [.. Enumerable.Range(0, 4).Select(c => drawn.Count(i => i == c) / (double)n)];
        Assert.Equal(0, shares[1]);
        foreach (var (share, expected) in shares.Zip([0.125, 0, 0.25, 0.625]))
            Assert.InRange(share, expected - 0.006, expected + 0.006);  // four standard deviations
    }

    [Fact]
    public void Weighted_draws_without_replacement_are_distinct_and_prefer_weight()
    {
        int firstIsHeavy = 0;
        for (ulong i = 0; i < 4000; i++)
        {
            int[] drawn = new WeightedSampler([1, 3, 0, 1], 3, withReplacement: false).Draw(Epoch.At(i));
            Assert.Equal([0, 1, 3], drawn.Order());
            if (drawn[0] == 1) firstIsHeavy++;
        }
        Assert.InRange(firstIsHeavy / 4000.0, 0.6 - 0.031, 0.6 + 0.031);
    }

    [Fact]
    public void Weights_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new WeightedSampler([1, -1]));
        Assert.Throws<ArgumentException>(() => new WeightedSampler([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => new WeightedSampler([0, 0]));
        Assert.Throws<ArgumentException>(() => new WeightedSampler([1, 0], 2, withReplacement: false));
    }

    [Theory]
    [InlineData(Balance.Over, 10)]
    [InlineData(Balance.Under, 3)]
    public void Balanced_classes_are_equally_large(Balance balance, int perClass)
    {
        int[] labels = Labels(10, 3, 0, 7);
        var sampler = new BalancedSampler(labels, balance);
        int[] drawn = sampler.Draw(Epoch);
        Assert.Equal(sampler.Count, drawn.Length);
        Assert.Equal([perClass, perClass, 0, perClass], Sizes(drawn, labels, 4));
        if (balance == Balance.Over)
            Assert.All(Enumerable.Range(0, 20), i => Assert.InRange(drawn.Count(d => d == i), 1, 4));
        else
            Assert.Equal(drawn.Length, drawn.Distinct().Count());
    }

    [Fact]
    public void Stratified_stretches_have_the_proportions_of_the_whole()
    {
        int[] labels = Labels(600, 300, 100);
        new Random(1).Shuffle(labels);
        int[] drawn = new StratifiedSampler(labels).Draw(Epoch);
        Assert.Equal(Enumerable.Range(0, 1000), drawn.Order());
        foreach (int[] batch in drawn.Chunk(50))
        {
            int[] sizes = Sizes(batch, labels, 3);
            Assert.InRange(sizes[0], 29, 31);
            Assert.InRange(sizes[1], 14, 16);
            Assert.InRange(sizes[2], 4, 6);
        }
    }

    [Fact]
    public void Keys_decide()
    {
        int[] labels = Labels(20, 30);
        ISampler[] samplers = [new RandomSampler(50), new WeightedSampler([.. Enumerable.Repeat(1.0, 50)]), new BalancedSampler(labels),
            new StratifiedSampler(labels)];
        foreach (var sampler in samplers)
        {
            Assert.Equal(sampler.Draw(Epoch), sampler.Draw(Epoch));
            Assert.NotEqual(sampler.Draw(Epoch), sampler.Draw(Epoch.At(1)));
        }
    }
}
