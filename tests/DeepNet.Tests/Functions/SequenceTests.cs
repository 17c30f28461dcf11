namespace DeepNet.Tests;

public sealed class SequenceTests
{
    [Fact]
    public void Arange_of_integers_is_int64_and_of_fractions_float32()
    {
        var whole = Tensor.Arange(5);
        Assert.Equal(DType.Int64, whole.DType);
        Assert.Equal([0L, 1, 2, 3, 4], whole.ToArray<long>());
        var real = Tensor.Arange(2.5f);
        Assert.Equal(DType.Float32, real.DType);
        Assert.Equal([0f, 1, 2], real.ToArray());
        Assert.Equal(DType.Int32, Tensor.Arange(0, 3, 1, DType.Int32).DType);
    }

    [Theory]
    [InlineData(2, 10, 3, new long[] { 2, 5, 8 })]
    [InlineData(2, 11, 3, new long[] { 2, 5, 8 })]
    [InlineData(2, 12, 3, new long[] { 2, 5, 8, 11 })]
    [InlineData(5, 0, -2, new long[] { 5, 3, 1 })]
    [InlineData(5, 1, -2, new long[] { 5, 3 })]
    [InlineData(5, 5, 1, new long[0])]
    [InlineData(5, 2, 1, new long[0])]
    [InlineData(2, 5, -1, new long[0])]
    public void Arange_stops_before_its_end(long start, long end, long step, long[] expected)
    {
        Assert.Equal(expected, Tensor.Arange(start, end, step).ToArray<long>());
        Assert.Equal(expected.Select(x => (float)x), Tensor.Arange((float)start, end, step).ToArray());
    }

    [Fact]
    public void Arange_reaches_the_ends_of_int64()
    {
        Assert.Equal([long.MaxValue - 2, long.MaxValue - 1], Tensor.Arange(long.MaxValue - 2, long.MaxValue).ToArray<long>());
        Assert.Equal([long.MinValue, 0L], Tensor.Arange(long.MinValue, 1, 1L << 62).ToArray<long>().Where((_, i) => i % 2 == 0));
    }

    // Long enough to be cut among threads, at places that are no multiple of anything; bit by bit what the formula says of each element.
    [Theory]
    [InlineData(1_000_003), InlineData(1025), InlineData(7)]
    public void Arange_of_any_length_and_type_is_start_plus_i_times_step(int n)
    {
        long[] wholes = [.. Enumerable.Range(0, n).Select(i => -5L + i * 3L)];
        double[] fractions = [.. Enumerable.Range(0, n).Select(i => 0.1 + i * -0.3)];
        Scalar end = -5L + n * 3L, last = 0.1 + (n - 0.5) * -0.3;
        Assert.Equal(wholes, Tensor.Arange(-5, end, 3).ToArray<long>());
        Assert.Equal(fractions, Tensor.Arange(0.1, last, -0.3, DType.Float64).ToArray<double>());
        foreach (var type in Enum.GetValues<DType>())
        {
            Assert.Equal(Tensor.From<long>(wholes).To(type).ToArray<double>(), Tensor.Arange(-5, end, 3, type).ToArray<double>());
            Assert.Equal(Tensor.From<double>(fractions).To(type).ToArray<double>(), Tensor.Arange(0.1, last, -0.3, type).ToArray<double>());
        }
        Assert.Equal(long.MinValue, Tensor.Arange(long.MinValue, long.MinValue + n).ToArray<long>()[0]);
    }

    [Fact]
    public void Arange_does_not_add_up_errors()
        => Assert.Equal((float)(0.1 * 99999), Tensor.Arange(0, 10000.0, 0.1).ToArray()[99999]);

    [Fact]
    public void Arange_refuses_what_has_no_end()
    {
        Assert.StartsWith("[arange] from 0 to 5: the step is 0", Assert.Throws<ArgumentException>(() => Tensor.Arange(0, 5, 0)).Message);
        Assert.StartsWith("[arange]", Assert.Throws<ArgumentException>(() => Tensor.Arange(0, double.PositiveInfinity)).Message);
        Assert.StartsWith("[arange]", Assert.Throws<ArgumentException>(() => Tensor.Arange(0, double.NaN)).Message);
        Assert.StartsWith("[arange]", Assert.Throws<ArgumentException>(() => Tensor.Arange(long.MinValue, long.MaxValue)).Message);
    }

    [Fact]
    public void Linspace_meets_both_ends_and_is_symmetric()
    {
        Assert.Equal([-1f, -0.5f, 0, 0.5f, 1], Tensor.Linspace(-1, 1, 5).ToArray());
        Assert.Equal([3f], Tensor.Linspace(3, 9, 1).ToArray());
        Assert.Empty(Tensor.Linspace(3, 9, 0).ToArray());
        double[] x = Tensor.Linspace(-0.1, 0.1, 1000, DType.Float64).ToArray<double>();
        Assert.Equal(0.1, x[^1]);
        for (int i = 0; i < x.Length; i++) Assert.Equal(x[i], -x[^(i + 1)]);
        Assert.StartsWith("[linspace]", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Linspace(0, 1, -1)).Message);
    }

    [Fact]
    public void Logspace_is_a_power_of_linspace()
    {
        Assert.Equal([0.01f, 0.1f, 1, 10, 100], Tensor.Logspace(-2, 2, 5).ToArray());
        Assert.Equal([1f, 2, 4, 8], Tensor.Logspace(0, 3, 4, 2).ToArray());
    }

    [Fact]
    public void Eye_has_ones_on_the_diagonal_of_any_matrix()
    {
        Assert.Equal([1f, 0, 0, 0, 1, 0, 0, 0, 1], Tensor.Eye(3).ToArray());
        Assert.Equal([1f, 0, 0, 0, 1, 0], Tensor.Eye(2, 3).ToArray());
        Assert.Equal([1, 0, 0, 1, 0, 0], Tensor.Eye(3, 2, DType.Int32).ToArray<int>());
        Assert.Equal(new Shape(0, 4), Tensor.Eye(0, 4).Shape);
        Assert.Equal([true], Tensor.Eye(1, dtype: DType.Bool).ToArray<bool>());
    }

    [Fact]
    public void Meshgrid_varies_each_along_its_own_axis_without_copying()
    {
        var grid = Tensor.Meshgrid(Tensor.Arange(2), Tensor.Arange(3));
        Assert.Equal(new Shape(2, 3), grid[0].Shape);
        Assert.Equal([0L, 0, 0, 1, 1, 1], grid[0].ToArray<long>());
        Assert.Equal([0L, 1, 2, 0, 1, 2], grid[1].ToArray<long>());
        Assert.Equal(0, grid[0].Strides[1]);
        Assert.StartsWith("[meshgrid] argument 1 has shape (2, 2)",
            Assert.Throws<ArgumentException>(() => Tensor.Meshgrid(Tensor.Arange(2), Tensor.Zeros(2, 2))).Message);
    }
}
