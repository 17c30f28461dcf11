namespace DeepNet.Tests.RandomNumbers;

public sealed class DistributionTests
{
    private const int N = 200_000;

    private static readonly DType[] Floats = [DType.Float32, DType.Float64];

    private static (double Mean, double Std, double Skew, double Kurtosis) Moments(Tensor x)
    {
        double[] v = x.ToArray<double>();
        double mean = v.Average(), variance = v.Average(a => (a - mean) * (a - mean)), std = Math.Sqrt(variance);
        return (mean, std, v.Average(a => Math.Pow((a - mean) / std, 3)), v.Average(a => Math.Pow((a - mean) / std, 4)));
    }

    private static void AssertWithin(double[] values, double low, double high)
    {
        Assert.DoesNotContain(values, double.IsNaN);
        Assert.InRange(values.Min(), low, high);
        Assert.InRange(values.Max(), low, high);
    }

    // Sum of (observed − expected)² / expected over equal bins; its own mean is bins − 1 and its variance twice that.
    private static void AssertUniform(IEnumerable<double> units, int bins)
    {
        var counts = new double[bins];
        int n = 0;
        foreach (double u in units)
        {
            counts[(int)(u * bins)]++;
            n++;
        }
        double expected = (double)n / bins, chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);
        double sigma = Math.Sqrt(2.0 * (bins - 1));
        Assert.InRange(chiSquare, bins - 1 - 4 * sigma, bins - 1 + 4 * sigma);
    }

    [Fact]
    public void Uniforms_fill_their_interval_evenly()
    {
        foreach (var dtype in Floats)
        {
            double[] u = Tensor.Rand(new Shape(N), dtype, generator: new Generator(11)).ToArray<double>();
            AssertWithin(u, 0, Math.BitDecrement(1.0));
            AssertUniform(u, 256);
            AssertUniform(u.Chunk(2).Select(p => (Math.Floor(p[0] * 16) + p[1]) / 16), 256); // neighbours are independent
            AssertUniform(u.Select(x => x * 4096 % 1), 256);                                 // and so are lower digits
        }
    }

    [Theory]
    [InlineData(-3, 5)]
    [InlineData(1, 2)]
    [InlineData(1000, 1000.001)]
    [InlineData(-1e30, 1e30)]
    public void Uniforms_never_reach_the_upper_end(double low, double high)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Float16, DType.BFloat16 })
        {
            if (dtype.IsHalf() && high is > 6e4 or 1000.001) continue;
            double[] x = Tensor.Uniform(new Shape(N), low, high, dtype, generator: new Generator(2)).ToArray<double>();
            Assert.True(x.Min() >= (dtype == DType.Float32 ? (float)low : low));
            Assert.True(x.Max() < high);
        }
    }

    [Fact]
    public void Normals_have_the_moments_and_tails_of_a_normal()
    {
        foreach (var dtype in Floats)
        {
            var x = Tensor.Normal(new Shape(N), 3, 2, dtype, generator: new Generator(4));
            var (mean, std, skew, kurtosis) = Moments(x);
            Assert.InRange(mean, 3 - 4 * 2 / Math.Sqrt(N), 3 + 4 * 2 / Math.Sqrt(N));
            Assert.InRange(std, 2 - 4 * 2 / Math.Sqrt(2.0 * N), 2 + 4 * 2 / Math.Sqrt(2.0 * N));
            Assert.InRange(skew, -0.03, 0.03);
            Assert.InRange(kurtosis, 2.94, 3.06);
            AssertUniform(x.ToArray<double>().Select(v => 0.5 * DoubleFunctions.Erfc(-(v - 3) / 2 / Math.Sqrt(2))), 128);
        }
    }

    [Fact]
    public void Pairs_of_normals_are_independent()
    {
        double[] z = Tensor.Randn(new Shape(N), DType.Float64, generator: new Generator(4)).ToArray<double>();
        foreach (int lag in new[] { 1, 2, 8, 16, 32 })
            Assert.InRange(Enumerable.Range(0, N - lag).Average(i => z[i] * z[i + lag]), -0.01, 0.01);
    }

    [Fact]
    public void Normals_are_finite_even_for_the_smallest_and_largest_words()
    {
        var normal = new NormalPairs(0, 1);
        foreach (float u in new[] { 1f / (1L << 32), 1f, 0.5f })
            foreach (float turn in new[] { -1f, 0, 0.5f, 1 })
            {
                var (a, b) = normal.Pair(new F32(u), new F32(turn));
                Assert.True(float.IsFinite(a.V) && float.IsFinite(b.V));
                Assert.InRange(MathF.Abs(a.V), 0, 6.7f);
            }
        uint[] words = [0, 1, uint.MaxValue, 0x8000_0000];
        var floats = new float[words.Length * 5]; // long enough for whole vectors, with a rest
        for (int i = 0; i < floats.Length; i++) floats[i] = BitConverter.UInt32BitsToSingle(words[i % 4]);
        unsafe
        {
            fixed (float* p = floats) DeepNet.Devices.Cpu.RandomWords.ToPositiveUnits(p, floats.Length);
        }
        for (int i = 0; i < floats.Length; i++)
            Assert.Equal((i % 4) switch { 0 or 1 => 1f / (1L << 32), 2 => 1f, _ => 0.5f }, floats[i]);
    }

    [Fact]
    public void Truncated_normals_keep_within_their_limits_and_follow_the_normal_there()
    {
        foreach (var dtype in Floats)
        {
            double[] x = Tensor.TruncatedNormal(new Shape(N), 1, 2, -1, 4, dtype, generator: new Generator(8)).ToArray<double>();
            AssertWithin(x, -1, 4);
            double Area(double v) => 0.5 * DoubleFunctions.Erfc(-(v - 1) / 2 / Math.Sqrt(2));
            double first = Area(-1), all = Area(4) - first;
            AssertUniform(x.Select(v => Math.Min((Area(v) - first) / all, 0.999999999)), 128);
        }
    }

    [Fact]
    public void The_inverse_error_function_inverts_it()
    {
        for (double x = -0.9999; x < 1; x += 0.0007)
            Assert.Equal(x, DoubleFunctions.Erf(TruncatedNormal.InverseErf(new F64(x)).V), 1e-6);
    }

    [Fact]
    public void Bernoulli_gives_ones_with_its_probability()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Bool, DType.Int64, DType.Float16 })
        {
            var x = Tensor.Bernoulli(new Shape(N), 0.3, dtype, generator: new Generator(6));
            Assert.Equal(dtype, x.DType);
            Assert.InRange(x.ToArray<double>().Average(), 0.295, 0.305);
            Assert.DoesNotContain(x.ToArray<double>(), v => v is not (0 or 1));
        }
        AssertWithin(Tensor.Bernoulli(new Shape(N), 1).ToArray<double>(), 1, 1);
        AssertWithin(Tensor.Bernoulli(new Shape(N), 0).ToArray<double>(), 0, 0);
        double[] each = Tensor.Bernoulli(Tensor.From(0f, 0.8f, 1f).Expand(N, 3), new Generator(7)).ToArray<double>();
        Assert.Equal(0.0, each.Where((_, i) => i % 3 == 0).Max());
        Assert.InRange(each.Where((_, i) => i % 3 == 1).Average(), 0.795, 0.805);
        Assert.Equal(1.0, each.Where((_, i) => i % 3 == 2).Min());
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(-7, 6)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Integers_fill_their_range_evenly(long low, long high)
    {
        long[] x = Tensor.RandInt(low, high, new Shape(N), generator: new Generator(12)).ToArray<long>();
        Assert.True(x.Min() >= low && x.Max() < high);
        double range = (double)high - low;
        AssertUniform(x.Select(v => Math.Min(((double)v - low + 0.5) / range, 0.9999999999)), range < 20 ? (int)range : 100);
    }

    [Fact]
    public void Permutations_are_permutations_and_all_equally_likely()
    {
        foreach (int n in new[] { 0, 1, 2, 5, 1000 })
            Assert.Equal(Enumerable.Range(0, n).Select(i => (long)i), Tensor.RandPerm(n).ToArray<long>().Order());
        var generator = new Generator(13);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 6000; i++)
        {
            string order = string.Join("", Tensor.RandPerm(3, generator: generator).ToArray<int>());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, 880, 1120));
    }

    private readonly struct Exponential(double rate) : IDistribution
    {
        private readonly double rate = rate;

        public V From<V>(V u) where V : INumber<V> => -V.Log1p(-u) / V.Constant(rate);
    }

    [Fact]
    public void Anyones_formula_is_a_distribution()
        => Assert.InRange(
            Tensor.Empty(new Shape(N)).FillRandom(new Exponential(2), new Generator(1)).ToArray<double>().Average(), 0.495, 0.505);
}
