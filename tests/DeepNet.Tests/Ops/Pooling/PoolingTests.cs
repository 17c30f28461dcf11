using DeepNet.Tests.Cpu;
using static DeepNet.Tests.Operators.ConvolutionTests;

namespace DeepNet.Tests.Operators;

/// <summary>Pooling against numbers of PyTorch, on ties, NaN, infinities and odd shapes.</summary>
[Collection(ThreadCount.Name)]
public sealed class PoolingTests
{
    [Fact]
    public void MaxAsPyTorch()
    {
        var (values, indices) = Cycle(1, 1, 5, 5).MaxPool2dWithIndices(3, stride: 2, padding: 1);
        Probe.Equal([1.5, 1.5, 1.25, 1.25, 1.5, 1.0, 1.25, 1.5, 1.5], values);
        Assert.Equal([1L, 1, 4, 15, 12, 18, 15, 23, 23], indices.ToArray<long>());
        Probe.Equal([1.5, 1.0, 1.25, 1.25, 1.5, 0.0, 0.75, 1.5, 0.5], Cycle(1, 1, 5, 5).MaxPool2d(2, ceilMode: true));
        var dilated = Cycle(1, 1, 6, 5).MaxPool2d(2, stride: 2, dilation: 2, ceilMode: true);
        Assert.Equal(new Shape(1, 1, 3, 2), dilated.Shape);
        Probe.Equal([1.5, 1.5, 1.5, 1.5, -0.25, 0.5], dilated);
        Probe.Equal([1.5, 1.5, 1.0, 1.5, 1.0, 1.25], Cycle(1, 1, 5, 4).AdaptiveMaxPool2d((2, 3)));
    }

    [Fact]
    public void AverageAsPyTorch()
    {
        Probe.Equal(
            [0.08333333333333333, 0.19444444444444445, -0.027777777777777776, 0.16666666666666666, 0.2777777777777778, 0.0,
                0.1388888888888889, 0.2777777777777778, 0.3333333333333333],
            Cycle(1, 1, 5, 5).AvgPool2d(3, stride: 2, padding: 1));
        Probe.Equal(
            [0.1875, 0.2916666666666667, -0.0625, 0.25, 0.2777777777777778, 0.0, 0.3125, 0.4166666666666667, 0.75],
            Cycle(1, 1, 5, 5).AvgPool2d(3, stride: 2, padding: 1, countIncludePad: false));
        Probe.Equal(
            [0.16666666666666666, 0.16666666666666666, 0.05555555555555555, 0.0, 0.3611111111111111, 0.1111111111111111, 0.25,
                0.08333333333333333, 0.16666666666666666, -0.041666666666666664, 0.3333333333333333, 0.375],
            Cycle(1, 1, 4, 6).AvgPool2d(3, stride: 2, padding: 1, ceilMode: true));
        Probe.Equal([0.1875, 0.25, 0.125, 0.5, 0.5625, -0.25, -0.125, 0.625, 0.5], Cycle(1, 1, 5, 5).AvgPool2d(2, ceilMode: true));
        Probe.Equal(
            [0.6875, 0.375, 0.0625, 0.4166666666666667, -0.125, 0.25, 0.375, 0.0625, 0.4375],
            Cycle(1, 1, 5, 4).AdaptiveAvgPool2d(3));
    }

    [Fact]
    public void TheGradientGoesToTheFirstOfEqualElements()
    {
        var x = Tensor.Zeros(1, 1, 2, 2).WithGrad();
        x.MaxPool2d(2).Backward();
        Assert.Equal([1f, 0, 0, 0], x.Grad!.ToArray());
    }

    [Fact]
    public void OverlappingWindowsAddTheirGradients()
    {
        var x = Tensor.From<float>([0, 5, 0, 1], new Shape(1, 1, 4)).WithGrad();
        var y = x.MaxPool1d(2, stride: 1);
        y.Backward(Tensor.From<float>([1, 10, 100], new Shape(1, 1, 3)));
        Assert.Equal([0f, 11, 0, 100], x.Grad!.ToArray());
    }

    [Fact]
    public void NanWinsAndMinusInfinityIsANumber()
    {
        var (values, indices) = Tensor.From<double>([1, double.NaN, 3, double.NaN], new Shape(1, 1, 2, 2)).MaxPool2dWithIndices(2);
        Assert.True(double.IsNaN(values.Item<double>()));
        Assert.Equal(3, indices.Item<long>());
        (values, indices) = Tensor.Full(new Shape(1, 2, 2), double.NegativeInfinity).MaxPool2dWithIndices(2);
        Assert.Equal(float.NegativeInfinity, values.Item());
        Assert.Equal(0, indices.Item<long>());
    }

    public static TheoryData<int, int, int, int, int> Windows => new()
    {
        { 12, 12, 2, 2, 0 }, { 14, 14, 3, 2, 1 }, { 13, 15, 3, 2, 1 }, { 5, 9, 3, 1, 1 },
        { 7, 33, 4, 3, 2 }, { 3, 40, 3, 4, 1 }, { 130, 70, 3, 2, 1 }, { 9, 300, 9, 2, 4 }, { 6, 17, 1, 2, 0 },
    };

    /// <summary>
    /// Every element against the definition, with ties, NaN, infinities and signed zeros, in both layouts, with and without places, on any
    /// number of threads.
    /// </summary>
    [Theory]
    [MemberData(nameof(Windows))]
    public void MaxAsDefinedToTheBit(int height, int width, int kernel, int stride, int padding)
    {
        const int Images = 2, Channels = 3;
        float[] special = [float.NaN, float.NegativeInfinity, float.PositiveInfinity, -0f, 0f, 1f, 1f, -1f];
        var random = new Random(height * width);
        // NaN and -∞ alone, so that some windows have nothing else; then many special numbers; then few.
        foreach (int kinds in new[] { 8, 12, 1000 })
        {
            float Draw(int _)
            {
                int k = random.Next(kinds);
                return kinds == 8 ? special[Math.Min(k, 1)] : k < 8 ? special[k] : random.Next(5);
            }
            float[] x = [.. Enumerable.Range(0, Images * Channels * height * width).Select(Draw)];
            foreach (bool ceil in new[] { false, true })
            {
                var image = Tensor.From<float>(x, new Shape(Images, Channels, height, width));
                var pixels = image.Permute(0, 2, 3, 1).Contiguous().Permute(0, 3, 1, 2);
                foreach (int threads in new[] { 1, 3 })
                {
                    using var _ = new WithThreads(threads);
                    foreach (var layout in new[] { image, pixels })
                    {
                        var (values, places) = layout.MaxPool2dWithIndices(kernel, stride, padding, ceilMode: ceil);
                        var (expected, where) = Largest(x, Images * Channels, height, width, values.Shape, kernel, stride, padding);
                        Assert.Equal(where, places.ToArray<long>());
                        Assert.Equal(Bits(expected), Bits(values.ToArray()));
                        Assert.Equal(Bits(expected), Bits(layout.MaxPool2d(kernel, stride, padding, ceilMode: ceil).ToArray()));
                    }
                }
            }
        }
    }

    private static int[] Bits(float[] x) => [.. x.Select(BitConverter.SingleToInt32Bits)];

    private static (float[] Values, long[] Places) Largest(
        float[] x, int planes, int height, int width, Shape shape, int kernel, int stride, int padding)
    {
        var (values, places) = (new float[shape.Count], new long[shape.Count]);
        int next = 0;
        for (int plane = 0; plane < planes; plane++)
        {
            for (int row = 0; row < shape[2]; row++)
            {
                for (int column = 0; column < shape[3]; column++, next++)
                {
                    int best = -1;
                    for (int i = Math.Max(0, row * stride - padding); i < Math.Min(height, row * stride - padding + kernel); i++)
                    {
                        for (int j = Math.Max(0, column * stride - padding); j < Math.Min(width, column * stride - padding + kernel); j++)
                        {
                            float here = x[(plane * height + i) * width + j];
                            if (best < 0 || here > x[plane * height * width + best] || float.IsNaN(here)) best = i * width + j;
                        }
                    }
                    (values[next], places[next]) = (x[plane * height * width + best], best);
                }
            }
        }
        return (values, places);
    }

    [Fact]
    public void ViewsAndEmptyBatches()
    {
        var x = Probe.Random(1, 2, 3, 5, 7);
        Probe.Equal(x.MaxPool2d(2), Probe.Scattered(x).MaxPool2d(2));
        Probe.Equal(x.AvgPool2d(3, padding: 1), Probe.Scattered(x).AvgPool2d(3, padding: 1));
        Assert.Equal(new Shape(0, 3, 2, 2), Tensor.Ones(0, 3, 4, 4).MaxPool2d(2).Shape);
        Assert.Equal(new Shape(0, 3, 1, 1), Tensor.Ones(0, 3, 4, 4).AdaptiveAvgPool2d(1).Shape);
        Probe.Equal(x.AvgPool2d(1), x);
        Assert.Equal([2f, 5], Tensor.From(1, 2, 3, 4, 5, 6).Reshape(1, 6).AvgPool1d(3).ToArray());
    }

    [Fact]
    public void ErrorsTeach()
    {
        var x = Tensor.Ones(1, 2, 5, 5);
        void Throws(string text, Func<Tensor> f)
            => Assert.StartsWith(text, Assert.Throws<ArgumentException>(f).Message, StringComparison.Ordinal);
        Throws("[max_pool2d] image (5,): it must be (N, C, H, W) or (C, H, W).", () => Tensor.Ones(5).MaxPool2d(2));
        Throws("[max_pool2d] kernel 0, stride 0, dilation 1 along the height: each must be at least 1.", () => x.MaxPool2d(0));
        Throws(
            "[max_pool2d] padding 2 along the height: it must be from 0 to half the kernel (3), or windows would lie in the padding alone.",
            () => x.MaxPool2d(3, padding: 2));
        Throws(
            "[avg_pool2d] image (1, 2, 5, 5): the window reaches over 6 and the width is only 5 + 2 · 0. Pool less before, or use "
                + "a smaller kernel.", () => x.AvgPool2d((1, 6)));
        Throws("[max_pool1d] signal (1, 2, 5, 5): it must be (N, C, L) or (C, L).", () => x.MaxPool1d(2));
        Throws("[adaptive_avg_pool2d] output 0 along the height: it must be at least 1.", () => x.AdaptiveAvgPool2d(0));
        Throws(
            "[adaptive_max_pool2d] image (1, 2, 0, 5): there is nothing to pool along the height.", ()
                => Tensor.Ones(1, 2, 0, 5).AdaptiveMaxPool2d(1));
    }
}
