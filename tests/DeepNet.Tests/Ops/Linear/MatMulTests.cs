using DeepNet.Tests.Cpu;

namespace DeepNet.Tests.Operators;

/// <summary>MatMul against loops in double: NumPy's rank rules, odd sizes, views; its errors by their text.</summary>
[Collection(ThreadCount.Name)]
public sealed class MatMulTests
{
    [Theory]
    [InlineData(new[] { 2, 3 }, new[] { 3, 4 }, new[] { 2, 4 })]
    [InlineData(new[] { 3 }, new[] { 3 }, new int[0])]
    [InlineData(new[] { 3 }, new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 3 }, new[] { 3 }, new[] { 2 })]
    [InlineData(new[] { 3 }, new[] { 5, 3, 4 }, new[] { 5, 4 })]
    [InlineData(new[] { 5, 2, 3 }, new[] { 3 }, new[] { 5, 2 })]
    [InlineData(new[] { 5, 2, 3 }, new[] { 3, 4 }, new[] { 5, 2, 4 })]
    [InlineData(new[] { 2, 3 }, new[] { 5, 3, 4 }, new[] { 5, 2, 4 })]
    [InlineData(new[] { 5, 1, 2, 3 }, new[] { 7, 3, 1 }, new[] { 5, 7, 2, 1 })]
    [InlineData(new[] { 1, 4, 2, 3 }, new[] { 6, 1, 3, 2 }, new[] { 6, 4, 2, 2 })]
    [InlineData(new[] { 0, 2, 3 }, new[] { 3, 4 }, new[] { 0, 2, 4 })]
    [InlineData(new[] { 0, 2, 3 }, new[] { 1, 3, 4 }, new[] { 0, 2, 4 })]
    [InlineData(new[] { 2, 0 }, new[] { 0, 3 }, new[] { 2, 3 })]
    [InlineData(new[] { 0, 3 }, new[] { 3, 2 }, new[] { 0, 2 })]
    [InlineData(new[] { 1, 1 }, new[] { 1, 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 2, 17, 33 }, new[] { 2, 33, 41 }, new[] { 2, 17, 41 })]
    public void MatchesLoops(int[] a, int[] b, int[] result)
    {
        Tensor x = Probe.Random(1, a), y = Probe.Random(2, b);
        double[] expected = Loops(x, y, result);
        foreach (var left in new[] { x, Probe.Scattered(x) })
        {
            foreach (var right in new[] { y, Probe.Scattered(y) })
            {
                var z = left.MatMul(right);
                Assert.Equal(result, z.Shape);
                Probe.Equal(expected, z);
            }
        }
        Probe.Equal(expected, x.To(DType.Float32).MatMul(y.To(DType.Float32)), 1e-4);
    }

    private static double[] Loops(Tensor a, Tensor b, int[] result)
    {
        var x = a.Rank == 1 ? a.Reshape(1, -1) : a;
        var y = b.Rank == 1 ? b.Reshape(-1, 1) : b;
        int m = x.Shape[^2], k = x.Shape[^1], n = y.Shape[^1];
        int batches = m * n == 0 ? 0 : result.Aggregate(1, (p, q) => p * q) / (m * n);
        var batch = Axis.Broadcast("test", new Shape(x.Shape.Axes[..^2]), new Shape(y.Shape.Axes[..^2]));
        double[] p = x.Expand([.. batch.Axes, m, k]).ToArray<double>(), q = y.Expand([.. batch.Axes, k, n]).ToArray<double>();
        var z = new double[batches * m * n];
        for (int at = 0; at < batches; at++)
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                    for (int l = 0; l < k; l++) z[(at * m + i) * n + j] += p[(at * m + i) * k + l] * q[(at * k + l) * n + j];
        return z;
    }

    [Fact]
    public void FlippedAndExpandedViews()
    {
        Tensor x = Probe.Random(1, 4, 3), y = Probe.Random(2, 3, 5);
        Probe.Equal(x.Flip(0).Clone().MatMul(y), x.Flip(0).MatMul(y));
        Probe.Equal(x.Flip(1).Clone().MatMul(y), x.Flip(1).MatMul(y));
        var row = Probe.Random(3, 1, 3).Expand(4, 3);
        Probe.Equal(row.Clone().MatMul(y), row.MatMul(y));
        var batch = x.Expand(6, 4, 3);
        Probe.Equal(batch.Clone().MatMul(y), batch.MatMul(y));
        var order = Probe.Random(4, 2, 3, 4, 5).Permute(2, 0, 3, 1);
        Probe.Equal(order.Clone().MatMul(y), order.MatMul(y));
    }

    [Fact]
    public void IntegersAreExact()
    {
        var a = Tensor.From<long>([1L << 40, 3, -5, 7], new Shape(2, 2));
        var b = Tensor.From<long>([(1 << 20) + 1, 2, 11, -1], new Shape(2, 2));
        var c = a.MatMul(b.T.Contiguous().T);
        Assert.Equal(DType.Int64, c.DType);
        Assert.Equal([(1L << 40) * ((1 << 20) + 1) + 33, (1L << 41) - 3, -5L * ((1 << 20) + 1) + 77, -17], c.ToArray<long>());
        Assert.Equal([14], Tensor.From(1, 2, 3).MatMul(Tensor.From(1, 2, 3)).Reshape(1).ToArray<int>());
    }

    [Fact]
    public void TypesMeet()
    {
        var half = Tensor.Ones(2, 2).To(DType.Float16);
        Assert.Equal(DType.Float16, half.MatMul(half).DType);
        Assert.Equal(DType.Float32, half.MatMul(half.To(DType.BFloat16)).DType);
        Assert.Equal(DType.Float64, half.MatMul(Tensor.Ones(new Shape(2, 2), DType.Float64)).DType);
        Assert.Equal(DType.Float32, Tensor.Ones(new Shape(2, 2), DType.Int32).MatMul(half).DType);
    }

    [Fact]
    public void NanAndInfinityPass()
    {
        var x = Tensor.From<float>([1, float.NaN, 2, float.PositiveInfinity], new Shape(2, 2));
        var y = x.MatMul(Tensor.From<float>([1, 0], new Shape(2, 1))).ToArray();
        Assert.True(float.IsNaN(y[0]));
        Assert.True(float.IsNaN(y[1]));     // ∞ · 0
    }

    [Fact]
    public void TheWeightsGradientIsWrittenIntoItsBuffer()
    {
        var w = Probe.Random(1, 3, 4).WithGrad();
        Tensor x = Probe.Random(2, 5, 2, 3), g = Probe.Random(3, 5, 2, 4);
        x.MatMul(w).Backward(g);
        var buffer = w.PeekGrad()!;
        var first = buffer.Clone();
        w.ZeroGrad();
        x.MatMul(w).Backward(g);
        Assert.Same(buffer, w.PeekGrad());
        Probe.Equal(first, w.PeekGrad()!);
        x.MatMul(w).Backward(g);        // not stale now: added
        Probe.Equal(first * 2, w.Grad!);
        Probe.Equal(x.Reshape(10, 3).T.MatMul(g.Reshape(10, 4)), first);
    }

    [Fact]
    public void AffineAddsTheBiasInBothLayouts()
    {
        Tensor x = Probe.Random(1, 2, 3, 5), w = Probe.Random(2, 5, 4), bias = Probe.Random(3, 4);
        var expected = x.MatMul(w) + bias;
        Probe.Equal(expected, x.Affine(w, bias));
        Probe.Equal(expected, x.Affine(w.T.Contiguous(), bias, transposed: true));
        Probe.Equal(x.MatMul(w), x.Affine(w));
        Assert.Equal(new Shape(0, 4), Tensor.Ones(0, 5).Affine(w.To(DType.Float32)).Shape);
    }

    [Fact]
    public void SameBitsForAnyNumberOfThreads()
    {
        Tensor x = Probe.Random(1, DType.Float32, 3, 130, 300), w = Probe.Random(2, DType.Float32, 300, 70);
        float[] Run(int threads)
        {
            using var _ = new WithThreads(threads);
            Tensor a = x.Detach().WithGrad(), b = w.Detach().WithGrad();
            var y = a.MatMul(b);
            y.Backward(Tensor.Ones(y.Shape));
            return [.. y.ToArray(), .. a.Grad!.ToArray(), .. b.Grad!.ToArray()];
        }
        Assert.Equal(Run(1), Run(2));
    }

    [Fact]
    public void DotOuterTrace()
    {
        Tensor a = Tensor.From(1f, 2, 3), b = Tensor.From(4f, 5, 6);
        Assert.Equal(32, a.Dot(b).Item());
        Assert.Equal([4f, 5, 6, 8, 10, 12, 12, 15, 18], a.Outer(b).ToArray());
        Assert.Equal(28, a.Outer(b).Trace().Item() - 4);
    }

    [Theory]
    [InlineData(
        new[] { 64, 784 }, new[] { 128, 784 },
        "[matmul] (64, 784) × (128, 784): inner dimensions 784 and 128 differ. Did you mean x.MatMul(w.T)?")]
    [InlineData(
        new[] { 784, 64 }, new[] { 784, 10 },
        "[matmul] (784, 64) × (784, 10): inner dimensions 64 and 784 differ. Did you mean x.T.MatMul(w)?")]
    [InlineData(
        new[] { 8, 1, 28, 28 }, new[] { 784, 10 },
        "[matmul] (8, 1, 28, 28) × (784, 10): inner dimensions 28 and 784 differ. Did you mean to flatten: x.Reshape(8, 1, 784)?")]
    [InlineData(new[] { 2, 3 }, new[] { 4 }, "[matmul] (2, 3) × (4,): inner dimensions 3 and 4 differ.")]
    [InlineData(
        new[] { 2, 5, 3 }, new[] { 4, 3, 6 },
        "[matmul] (2, 5, 3) × (4, 3, 6): batch axis -3 has length 2 on the left and 4 on the right; lengths must be equal, "
            + "or one of them 1.")]
    [InlineData(new int[0], new[] { 3, 6 }, "[matmul] () × (3, 6): a single number has no rows and columns. Use * to scale.")]
    public void ErrorsTeach(int[] a, int[] b, string text)
        => Assert.Equal(text, Assert.Throws<ArgumentException>(() => Tensor.Ones(a).MatMul(Tensor.Ones(b))).Message);

    [Fact]
    public void OtherErrors()
    {
        Tensor m = Tensor.Ones(2, 3), v = Tensor.Ones(3);
        void Throws<T>(string text, Func<Tensor> f) where T : Exception => Assert.Equal(text, Assert.Throws<T>(f).Message);
        var truth = m > 0;
        Throws<NotSupportedException>("[matmul] (2, 3) and (3, 2) are both bool, which has no sums. Convert first: x.To(DType.Int32) to "
            + "count, x.To(DType.Float32) to average.", () => truth.MatMul(truth.T));
        Throws<ArgumentException>("[dot] (2, 3) and (3,): both must be vectors. MatMul takes matrices and batches of them.",
            () => m.Dot(v));
        Throws<ArgumentException>("[dot] (3,) and (2,): the lengths 3 and 2 differ.", () => v.Dot(Tensor.Ones(2)));
        Throws<ArgumentException>("[outer] (2, 3) and (3,): both must be vectors. For batches: a.Reshape(…, m, 1) * b.Reshape(…, 1, n).",
            () => m.Outer(v));
        Throws<ArgumentException>("[trace] (3,): it must be a matrix. For batches: Einsum(\"...ii->...\", x).", v.Trace);
        Throws<ArgumentException>("[affine] (2, 3) and weight (3,): the input needs an axis of features, and the weight must be a matrix.",
            () => m.Affine(v));
        Throws<ArgumentException>("[affine] (2, 3) and weight (4, 3): the input has 3 features, the weight is for 4. The weight may be "
            + "stored the other way round: see transposed.", () => m.Affine(Tensor.Ones(4, 3)));
        Throws<ArgumentException>("[affine] (2, 1, 2, 2) and weight (4, 3): the input has 2 features, the weight is for 4. Did you mean to "
            + "flatten: x.Reshape(2, 4)?", () => Tensor.Ones(2, 1, 2, 2).Affine(Tensor.Ones(4, 3)));
        Throws<ArgumentException>("[affine] a bias of shape (3,) does not fit 4 outputs; it must be (4,).",
            () => m.Affine(Tensor.Ones(3, 4), v));
    }
}
