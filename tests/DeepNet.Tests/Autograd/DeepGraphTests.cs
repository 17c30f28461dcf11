using System.Diagnostics;

namespace DeepNet.Tests;

/// <summary>Graphs of a depth that recursion would not survive.</summary>
public class DeepGraphTests
{
    private static TimeSpan Chain(int length)
    {
        var x = Tensor.From<float>(1).WithGrad();
        var y = x;
        for (int i = 0; i < length; i++) y = -y;
        var watch = Stopwatch.StartNew();
        y.Backward();
        var time = watch.Elapsed;
        Assert.Equal(length % 2 == 0 ? 1 : -1, x.Grad!.Item());
        return time;
    }

    [Fact]
    public void A_chain_of_100000_nodes() => Chain(100_000);

    [Fact]
    public void Time_grows_with_the_number_of_nodes_not_with_its_square()
    {
        Chain(10_000);
        // A quadratic pass would take 64 times as long; the least of three, as other work on the machine only adds.
        var shorter = Enumerable.Range(0, 3).Min(_ => Chain(25_000));
        var longer = Enumerable.Range(0, 3).Min(_ => Chain(200_000));
        Assert.True(longer < 32 * shorter + TimeSpan.FromSeconds(1), $"{shorter} for 25,000 nodes, {longer} for 200,000");
    }

    [Fact]
    public void Many_leaves()
    {
        var leaves = Enumerable.Range(0, 5000).Select(i => Tensor.From<float>(i).WithGrad()).ToArray();
        var sum = leaves[0] * 1;
        for (int i = 1; i < leaves.Length; i++) sum += leaves[i] * i;
        sum.Backward();
        for (int i = 1; i < leaves.Length; i++) Assert.Equal(i, leaves[i].Grad!.Item());
    }
}
