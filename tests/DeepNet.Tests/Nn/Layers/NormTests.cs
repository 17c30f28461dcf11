using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet.Tests.Nn;

public class NormTests
{
    public static TheoryData<int, int, int, bool, bool> Layouts => new()
    {
        { 1, 1, 1, true, true }, { 1, 7, 5, true, true }, { 1, 40, 33, false, true }, { 1, 300, 64, true, true },
            { 1, 3, 2050, true, true },
        { 4, 3, 7, true, false }, { 2, 5, 1500, true, false }, { 9, 2, 16, false, false },
        { 64, 5, 1, true, false }, { 130, 33, 1, true, false }, { 2, 64, 1, false, false },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_fused_gradients_are_the_composed_ones(int outer, int groups, int inner, bool centered, bool perElement)
    {
        var at = new NormLayout(outer, groups, inner, centered, perElement);
        var random = new Generator(9);
        var x = (Tensor.Randn(new Shape(outer, groups, inner), DType.Float64, generator: random) + 3).WithGrad();
        var weight = Tensor.Randn(new Shape(at.AffineLength), DType.Float64, generator: random).WithGrad();
        var bias = Tensor.Randn(new Shape(at.AffineLength), DType.Float64, generator: random).WithGrad();
        var upstream = Tensor.Randn(x.Shape, DType.Float64, generator: random);
        double[][] Gradients(bool composed)
        {
            foreach (var t in new[] { x, weight, bias }) t.Grad = null;
            Normalize.Of(x, at, weight, bias, 1e-5).Backward(upstream, createGraph: composed);
            return [x.Grad!.ToArray<double>(), weight.Grad!.ToArray<double>(), bias.Grad!.ToArray<double>()];
        }
        var (fused, expected) = (Gradients(false), Gradients(true));
        foreach (var t in new[] { x, weight, bias }) t.Grad = null;
        for (int i = 0; i < 3; i++)
        {
            double largest = Math.Max(1, expected[i].Max(Math.Abs));
            for (int j = 0; j < fused[i].Length; j++) Assert.Equal(expected[i][j], fused[i][j], 1e-12 * largest);
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Results_do_not_depend_on_the_number_of_threads(int outer, int groups, int inner, bool centered, bool perElement)
    {
        var at = new NormLayout(outer, groups, inner, centered, perElement);
        float[] Run(int threads)
        {
            int before = WorkerPool.Threads;
            WorkerPool.Threads = threads;
            try
            {
                var random = new Generator(10);
                var x = Tensor.Randn(new Shape(outer, groups, inner), generator: random).WithGrad();
                var weight = Tensor.Randn(new Shape(at.AffineLength), generator: random).WithGrad();
                var bias = Tensor.Randn(new Shape(at.AffineLength), generator: random).WithGrad();
                var y = Normalize.Of(x, at, weight, bias, 1e-5);
                y.Backward(Tensor.Randn(x.Shape, generator: random));
                return [.. y.ToArray(), .. x.Grad!.ToArray(), .. weight.Grad!.ToArray(), .. bias.Grad!.ToArray()];
            }
            finally
            {
                WorkerPool.Threads = before;
            }
        }
        Assert.Equal(Run(1).Select(BitConverter.SingleToInt32Bits), Run(4).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void A_large_mean_does_not_drown_the_variance()
    {
        var x = Tensor.Randn(new Shape(20_000, 3), generator: new Generator(1)) + 1000;
        Normalize.Of(x, new(20_000, 3, 1, true, false), null, null, 0, out var mean, out var variance);
        Assert.All(mean.ToArray(), m => Assert.InRange(m, 999.95f, 1000.05f));
        Assert.All(variance.ToArray(), v => Assert.InRange(v, 0.95f, 1.05f));
    }

    // Statistics of a row are taken in one pass, around its beginning: which may be far from all the rest.
    [Theory]
    [InlineData(5, 0, 1e4)]
    [InlineData(7, 1, -300)]
    [InlineData(1024, 8, 1000)]
    [InlineData(1030, 8, -1e5)]
    [InlineData(4100, 1, 1e6)]
    [InlineData(2048, 2048, 5000)]
    public void Rows_that_begin_far_from_their_mean_keep_their_digits(int n, int far, double distance)
    {
        var exact = Tensor.Randn(new Shape(3, n), DType.Float64, generator: new Generator(4));
        for (int i = 0; i < far; i++) exact.Select(1, i).AddInPlace(Tensor.Full(new Shape(3), distance, DType.Float64));
        var single = exact.To(DType.Float32);
        exact = single.To(DType.Float64);
        var y = Normalize.Of(single, new(1, 3, n, true, true), null, null, 1e-5, out var mean, out var variance).ToArray<float>();
        var mu = exact.Mean(1, keepDim: true);
        var sigma = (exact - mu).Square().Mean(1, keepDim: true);
        double[] expected = ((exact - mu) / (sigma + 1e-5).Sqrt()).ToArray<double>(), means = mu.ToArray<double>(),
            variances = sigma.ToArray<double>();
        for (int row = 0; row < 3; row++)
        {
            Assert.Equal(means[row], mean.ToArray<float>()[row], 1e-6 * Math.Max(1, Math.Abs(distance)));
            Assert.Equal(variances[row], variance.ToArray<float>()[row], 2e-6 * variances[row]);
        }
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(
                expected[i], y[i],
                2e-6 * Math.Max(1, Math.Abs(distance) / Math.Sqrt(variances[i / n])) * Math.Max(1, Math.Abs(expected[i])));
    }
}
