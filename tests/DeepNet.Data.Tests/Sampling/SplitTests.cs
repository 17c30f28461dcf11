namespace DeepNet.Data.Tests.Sampling;

public class SplitTests
{
    private static TensorDataset Unbalanced()
    {
        int[] labels = [.. Enumerable.Repeat(0, 70), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 10)];
        return new TensorDataset(Tensor.Arange(100).To(DType.Float32).Reshape(100, 1), Tensor.From<int>(labels));
    }

    private static void Partition(Split split, int count)
        => Assert.Equal(Enumerable.Range(0, count), split.Train.Indices.ToArray().Concat(split.Test.Indices.ToArray()).Order());

    [Fact]
    public void A_split_is_a_partition_that_the_seed_decides()
    {
        var data = Unbalanced();
        var split = data.Split(0.25, seed: 1);
        Partition(split, 100);
        Assert.Equal(25, split.Test.Count);
        Assert.Equal(split.Test.Indices.ToArray(), data.Split(0.25, seed: 1).Test.Indices.ToArray());
        Assert.NotEqual(split.Test.Indices.ToArray(), data.Split(0.25, seed: 2).Test.Indices.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(1.5));
    }

    [Fact]
    public void A_stratified_split_keeps_proportions()
    {
        var split = Unbalanced().StratifiedSplit(0.2);
        Partition(split, 100);
        Assert.Equal([14, 4, 2], [.. Enumerable.Range(0, 3).Select(c => split.Test.Labels.Count(l => l == c))]);
    }

    [Fact]
    public void A_bootstrap_draws_with_replacement_and_tests_on_the_rest()
    {
        var data = Unbalanced();
        var split = data.Bootstrap(seed: 3);
        int[] drawn = split.Train.Indices.ToArray(), rest = split.Test.Indices.ToArray();
        Assert.Equal(100, drawn.Length);
        Assert.Equal(Enumerable.Range(0, 100).Except(drawn), rest);
        Assert.InRange(rest.Length, 25, 50);                   // (1 − 1/n)ⁿ is about 37 %
        Assert.Equal(drawn, data.Bootstrap(seed: 3).Train.Indices.ToArray());
        Assert.NotEqual(drawn, data.Bootstrap(seed: 4).Train.Indices.ToArray());
        Assert.Equal(0, data.Take(0).Bootstrap().Train.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Folds_hold_out_each_example_once(bool stratified)
    {
        var data = Unbalanced();
        var folds = stratified ? data.StratifiedKFold(7) : data.KFold(7);
        Assert.Equal(7, folds.Count);
        Assert.Equal(Enumerable.Range(0, 100), folds.SelectMany(f => f.Test.Indices.ToArray()).Order());
        foreach (var fold in folds)
        {
            Partition(fold, 100);
            Assert.InRange(fold.Test.Count, 14, 15);
            if (!stratified) continue;
            Assert.Equal(10, fold.Test.Labels.Count(l => l == 0));
            Assert.InRange(fold.Test.Labels.Count(l => l == 1), 2, 3);
            Assert.InRange(fold.Test.Labels.Count(l => l == 2), 1, 2);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => data.KFold(101));
    }
}
