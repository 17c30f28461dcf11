namespace DeepNet.Tests.RandomNumbers;

public sealed class FillTests
{
    private static readonly Dictionary<string, Func<int, Tensor>> Draws = new()
    {
        ["rand"] = n => Tensor.Rand(new Shape(n), generator: new Generator(3)),
        ["rand64"] = n => Tensor.Rand(new Shape(n), DType.Float64, generator: new Generator(3)),
        ["randn"] = n => Tensor.Randn(new Shape(n), generator: new Generator(3)),
        ["randn64"] = n => Tensor.Randn(new Shape(n), DType.Float64, generator: new Generator(3)),
        ["truncated"] = n => Tensor.TruncatedNormal(new Shape(n), 0, 1, -2, 2, generator: new Generator(3)),
        ["int"] = n => Tensor.RandInt(0, 1000, new Shape(n), generator: new Generator(3)),
        ["int32"] = n => Tensor.RandInt(-5, 1000, new Shape(n), DType.Int32, generator: new Generator(3)),
        ["coin"] = n => Tensor.Bernoulli(new Shape(n), 0.5, generator: new Generator(3)),
    };

    public static TheoryData<string> Names => [.. Draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Threads_make_no_difference(string name)
    {
        int before = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            double[] one = Draws[name](100_003).ToArray<double>();
            foreach (int threads in new[] { 2, 5 })
            {
                CpuDevice.Threads = threads;
                Assert.Equal(one, Draws[name](100_003).ToArray<double>());
            }
        }
        finally
        {
            CpuDevice.Threads = before;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shorter_draw_is_the_start_of_a_longer_one(string name)
    {
        double[] whole = Draws[name](10_000).ToArray<double>();
        foreach (int n in new[] { 0, 1, 3, 7, 15, 16, 17, 31, 33, 63, 500, 2047, 2049, 8191, 8193 })
            Assert.Equal(whole[..n], Draws[name](n).ToArray<double>());
    }

    [Fact]
    public void Fills_joined_at_whole_groups_are_one_fill()
    {
        var one = new Generator(3);
        var parts = new Generator(3);
        float[] whole = Tensor.Randn(new Shape(96), generator: one).ToArray();
        float[] joined = [.. Tensor.Randn(new Shape(32), generator: parts).ToArray(),
            .. Tensor.Randn(new Shape(64), generator: parts).ToArray()];
        Assert.Equal(whole, joined);
        Assert.Equal(one.State, parts.State);
    }

    [Fact]
    public void Every_vector_width_draws_the_same_normals()
    {
        const int n = 77;
        var stream = new RandomSource(3, 0);
        float[] Run<V>() where V : unmanaged, ISimd<V, float>
        {
            var y = new float[n];
            unsafe
            {
                fixed (float* p = y)
                    new DeepNet.Devices.Cpu.RandomLoop.Normals<V, float> { Normal = new NormalPairs(0, 1), Stream = stream, Y = p }.Run(
                        0, n);
            }
            return y;
        }
        float[] wide = Run<W256>();
        Assert.Equal(wide, Run<W128>());
        Assert.Equal(wide, Run<W512>());

        // The definition, one pair after another; its log and cosine are others, so the last bits may differ.
        var words = new uint[96];
        Philox.Fill(3, 0, 0, 0, words);
        for (int i = 0; i < n; i++)
        {
            int first = i / 32 * 32 + i % 16;
            float u = ((words[first] >> 1) + 0.5f) / (1u << 31), turn = (int)words[first + 16] / (float)(1u << 31);
            var (a, b) = new NormalPairs(0, 1).Pair(new F32(u), new F32(turn));
            Assert.Equal(i % 32 < 16 ? a.V : b.V, wide[i], 3e-6f);
        }
    }

    [Fact]
    public void Views_and_half_types_are_filled_in_place()
    {
        float[] expected = Tensor.Rand(new Shape(3, 2), generator: new Generator(5)).ToArray();
        var x = Tensor.Zeros(2, 3);
        Assert.Equal(expected, x.T.FillUniform(0, 1, new Generator(5)).ToArray());
        Assert.Equal(expected, x.T.ToArray());
        Assert.Equal([expected[0], expected[2], expected[4], expected[1], expected[3], expected[5]], x.ToArray());
        var half = Tensor.Zeros(new Shape(100), DType.Float16).FillNormal(0, 1, new Generator(5));
        Assert.Equal(Tensor.Randn(new Shape(100), generator: new Generator(5)).To(DType.Float16).ToArray(), half.ToArray());
    }

    [Fact]
    public void Filling_what_a_derivative_kept_is_noticed()
    {
        var x = Tensor.Ones(3).WithGrad();
        Assert.Throws<InvalidOperationException>(() => x.FillUniform());
        using (Autograd.NoGrad()) x.FillUniform();
        var kept = Tensor.Ones(3);
        var y = x * kept;
        kept.FillNormal();
        Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(3)));
    }

    [Fact]
    public void Impossible_distributions_are_refused()
    {
        var shape = new Shape(2);
        Assert.StartsWith(
            "[uniform] there is no number from 1 to below 1", Assert.Throws<ArgumentException>(() => Tensor.Uniform(shape, 1, 1)).Message);
        Assert.StartsWith("[uniform]", Assert.Throws<ArgumentException>(() => Tensor.Uniform(shape, 0, double.PositiveInfinity)).Message);
        Assert.StartsWith("[uniform]", Assert.Throws<ArgumentException>(() => Tensor.Uniform(shape, double.NaN, 1)).Message);
        Assert.StartsWith(
            "[uniform] the numbers have fractions, and int64 has none",
            Assert.Throws<ArgumentException>(() => Tensor.Rand(shape, DType.Int64)).Message);
        Assert.StartsWith(
            "[normal] the standard deviation is -1", Assert.Throws<ArgumentException>(() => Tensor.Normal(shape, 0, -1)).Message);
        Assert.StartsWith("[normal] the mean is NaN", Assert.Throws<ArgumentException>(() => Tensor.Normal(shape, double.NaN, 1)).Message);
        Assert.StartsWith("[truncated_normal]", Assert.Throws<ArgumentException>(() => Tensor.TruncatedNormal(shape, 0, 1, 2, -2)).Message);
        Assert.Contains(
            "next to nothing", Assert.Throws<ArgumentException>(() => Tensor.TruncatedNormal(shape, 0, 0.01, 2, 3)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[bernoulli] 1.5 is not a probability", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Bernoulli(shape, 1.5)).Message);
        Assert.StartsWith("[bernoulli] NaN", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Bernoulli(shape, double.NaN)).Message);
        Assert.Contains(
            "Sigmoid", Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Bernoulli(Tensor.From(0f, -0.1f))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[rand_int] there is no integer from 5 to below 5", Assert.Throws<ArgumentException>(() => Tensor.RandInt(5, 5, 2)).Message);
        Assert.StartsWith("[rand_int] integers from 0 to below 3000000000 do not fit into int32",
            Assert.Throws<ArgumentException>(() => Tensor.RandInt(0, 3_000_000_000, shape, DType.Int32)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.RandPerm(-1));
    }
}
