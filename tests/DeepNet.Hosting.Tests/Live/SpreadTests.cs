using DeepNet.Hosting.Live;

namespace DeepNet.Hosting.Tests.Live;

public sealed class SpreadTests
{
    [Fact]
    public void Counts_and_quantiles_are_those_of_the_numbers()
    {
        var spread = Spread.Of([.. Enumerable.Range(0, 1001).Select(i => (float)i)]);
        Assert.Equal([50, 250, 500, 750, 950], spread.Quantiles);
        Assert.Equal((5, 995), (spread.Low, spread.High));
        Assert.Equal(1, spread.Counts.Sum(), 12);
        Assert.All(spread.Counts[1..^1], c => Assert.InRange(c, 0.029, 0.033));
        Assert.Equal(1.0 / 1001, spread.Zeros, 12);
    }

    [Fact]
    public void Numbers_that_are_not_finite_have_no_bin()
    {
        var spread = Spread.Of([float.NaN, 1, float.PositiveInfinity, 1]);
        Assert.Equal(0.5, spread.NotFinite);
        Assert.Equal((1, 1), (spread.Low, spread.High));
        Assert.Equal(1, spread.Counts[0]);
        Assert.Equal(1, Spread.Of([float.NaN]).NotFinite);
        Assert.Equal(0, Spread.Of([]).Counts.Sum());
    }

    [Fact]
    public void A_sample_of_a_large_tensor_is_small_and_sees_every_column()
    {
        // The number in column c is c: a stride of 256 would see four columns.
        var columns = Tensor.Arange(0, 1024).To(DType.Float32).Expand(1024, 1024);
        float[] sample = Spread.Sample(columns);
        Assert.InRange(sample.Length, 2000, 4096);
        Assert.Equal(1024, sample.Distinct().Count());
        Assert.Equal(511.5, sample.Average(v => (double)v), 0.5);
        Assert.Equal([3f], Spread.Sample(Tensor.FromScalar(3)));
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], Spread.Sample(Tensor.From<float>(1, 2, 3, 4, 5, 6).Reshape(2, 3).Transpose(0, 1)));
    }

    [Fact]
    public void Time_is_spent_to_the_share_that_was_agreed()
    {
        var clock = new ManualClock();
        var share = new TimeShare(clock, 100, TimeSpan.FromSeconds(1));
        Assert.True(share.IsDue);
        share.Spend(() => clock.Advance(TimeSpan.FromSeconds(3)));      // compiling: not a measure of the next
        clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(share.IsDue);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(share.IsDue);
        share.Spend(() => clock.Advance(TimeSpan.FromSeconds(0.05)));
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(share.IsDue);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(share.IsDue);
    }
}
