using DeepNet.Tests.Cpu;

namespace DeepNet.Tests.Operators;

/// <summary>Convolutions against loops in double and numbers of PyTorch, on odd shapes.</summary>
[Collection(ThreadCount.Name)]
public sealed class ConvolutionTests
{
    /// <summary>Batch, channels, height, width; outputs, kernel; stride, padding, dilation, groups.</summary>
    public static TheoryData<int[], int[], int[], int[], int[], int> Cases => new()
    {
        { [2, 3, 7, 6], [4, 3, 3], [1, 1], [0, 0], [1, 1], 1 },
        { [1, 2, 5, 5], [3, 1, 1], [1, 1], [0, 0], [1, 1], 1 },
        { [2, 4, 5, 5], [6, 1, 1], [2, 3], [0, 1], [1, 1], 2 },
        { [1, 3, 8, 9], [5, 2, 4], [1, 1], [1, 2], [1, 1], 1 },
        { [1, 2, 9, 9], [2, 2, 2], [4, 3], [0, 0], [1, 1], 1 },
        { [1, 1, 4, 4], [2, 3, 3], [1, 1], [3, 4], [1, 1], 1 },
        { [1, 2, 9, 10], [3, 3, 2], [2, 1], [2, 1], [3, 4], 1 },
        { [2, 6, 6, 5], [9, 3, 3], [1, 2], [1, 1], [1, 1], 3 },
        { [2, 5, 9, 40], [5, 3, 3], [1, 1], [1, 1], [1, 1], 5 },
        { [1, 3, 4, 6], [3, 2, 3], [1, 1], [3, 4], [2, 1], 3 },
        { [2, 3, 9, 11], [6, 3, 3], [2, 2], [1, 1], [1, 1], 3 },
        { [1, 3, 9, 11], [12, 2, 4], [2, 3], [2, 5], [3, 2], 3 },
        { [1, 2, 8, 8], [12, 3, 3], [1, 1], [1, 1], [1, 1], 2 },
        { [0, 2, 4, 4], [3, 2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [1, 0, 4, 4], [3, 2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [1, 1, 1, 1], [1, 1, 1], [1, 1], [0, 0], [1, 1], 1 },
        { [1, 20, 30, 31], [3, 5, 5], [1, 1], [2, 2], [1, 1], 1 },
        // More channels than are held at once, forward and back; several blocks of rows; several images a block.
        { [1, 150, 5, 6], [7, 3, 3], [1, 1], [1, 1], [1, 1], 1 },
        { [2, 6, 9, 8], [140, 3, 3], [2, 2], [1, 1], [1, 1], 1 },
        { [1, 5, 40, 70], [4, 3, 3], [1, 1], [1, 1], [1, 1], 1 },
        { [9, 16, 8, 8], [20, 3, 3], [1, 1], [1, 1], [1, 1], 1 },
        // Inputs that no tap reads, outputs that only see zeros, and more phases than a word has bits.
        { [2, 4, 9, 9], [5, 3, 3], [2, 2], [0, 0], [2, 2], 1 },
        { [1, 4, 7, 7], [5, 2, 2], [3, 3], [4, 5], [1, 1], 1 },
        { [1, 4, 3, 3], [5, 2, 2], [1, 1], [6, 6], [1, 1], 1 },
        { [1, 4, 72, 71], [5, 2, 2], [70, 66], [1, 0], [1, 1], 1 },
        // Over pixels: outputs in whole vectors; the gradient of the image too where there are as many channels.
        { [2, 8, 9, 7], [16, 3, 3], [2, 2], [1, 1], [1, 1], 1 },
        { [3, 3, 11, 10], [24, 3, 3], [1, 1], [1, 1], [1, 1], 1 },
        { [2, 16, 6, 5], [8, 1, 1], [2, 1], [0, 0], [1, 1], 1 },
        { [2, 8, 6, 5], [8, 1, 1], [1, 1], [0, 0], [1, 1], 1 },
        { [1, 8, 12, 13], [8, 3, 2], [2, 3], [2, 1], [3, 2], 1 },
        { [1, 8, 7, 7], [8, 2, 2], [3, 3], [4, 5], [1, 1], 1 },
        { [1, 8, 3, 3], [8, 2, 2], [1, 1], [6, 6], [1, 1], 1 },
        { [1, 8, 9, 9], [8, 3, 3], [2, 2], [0, 0], [2, 2], 1 },
        { [1, 8, 40, 39], [8, 2, 2], [30, 26], [1, 0], [1, 1], 1 },
        { [1, 8, 37, 300], [8, 5, 5], [1, 1], [2, 2], [1, 1], 1 },
        { [1, 8, 5, 5], [40, 5, 5], [1, 1], [0, 0], [1, 1], 1 },
        { [0, 8, 5, 5], [8, 2, 2], [1, 1], [0, 0], [1, 1], 1 },
        // Each channel alone, over pixels.
        { [2, 8, 9, 7], [8, 3, 3], [2, 2], [1, 1], [1, 1], 8 },
        { [3, 24, 6, 11], [24, 3, 3], [1, 1], [1, 1], [1, 1], 24 },
        { [1, 16, 12, 13], [16, 3, 2], [2, 3], [2, 1], [3, 2], 16 },
        { [1, 8, 7, 7], [8, 2, 2], [3, 3], [4, 5], [1, 1], 8 },
        { [0, 8, 5, 5], [8, 2, 2], [1, 1], [0, 0], [1, 1], 8 },
        { [1, 8, 1, 9], [8, 1, 3], [1, 2], [0, 1], [1, 1], 8 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void MatchesLoops(int[] image, int[] kernel, int[] stride, int[] padding, int[] dilation, int groups)
    {
        var x = Probe.Random(1, image);
        var w = Probe.Random(2, kernel[0], image[1] / groups, kernel[1], kernel[2]);
        var bias = Probe.Random(3, kernel[0]);
        Pair s = (stride[0], stride[1]), p = (padding[0], padding[1]), d = (dilation[0], dilation[1]);
        var expected = Loops(x, w, bias, s, p, d, groups);
        Probe.Equal(expected, x.Conv2d(w, bias, s, p, d, groups), 1e-11);
        Probe.Equal(expected, Probe.Scattered(x).Conv2d(Probe.Scattered(w), bias, s, p, d, groups), 1e-11);
        Probe.Equal(expected, x.To(DType.Float32).Conv2d(w.To(DType.Float32), bias.To(DType.Float32), s, p, d, groups), 1e-4);

        // The three kernels are adjoints of each other: <conv(x, w), g> = <x, image(g, w)> = <w, weight(x, g)>.
        Tensor a = x.Detach().WithGrad(), b = w.Detach().WithGrad();
        var y = a.Conv2d(b, null, s, p, d, groups);
        var g = Probe.Random(4, [.. y.Shape.Axes]);
        y.Backward(g);
        double product = Inner(y, g);
        Assert.Equal(product, Inner(x, a.Grad!), 9);
        Assert.Equal(product, Inner(w, b.Grad!), 9);
    }

    private static double Inner(Tensor x, Tensor y) => x.ToArray<double>().Zip(y.ToArray<double>(), (p, q) => p * q).Sum();

    private static Tensor Loops(Tensor x, Tensor w, Tensor bias, Pair stride, Pair padding, Pair dilation, int groups)
    {
        var (n, c, h, width) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        var (o, kh, kw) = (w.Shape[0], w.Shape[2], w.Shape[3]);
        int rows = (h + 2 * padding.Height - dilation.Height * (kh - 1) - 1) / stride.Height + 1;
        int columns = (width + 2 * padding.Width - dilation.Width * (kw - 1) - 1) / stride.Width + 1;
        double[] p = x.ToArray<double>(), q = w.ToArray<double>(), b = bias.ToArray<double>();
        var y = new double[n * o * rows * columns];
        int at = 0, per = c / groups;
        for (int image = 0; image < n; image++)
            for (int output = 0; output < o; output++)
                for (int row = 0; row < rows; row++)
                    for (int column = 0; column < columns; column++, at++)
                    {
                        y[at] = b[output];
                        for (int channel = 0; channel < per; channel++)
                            for (int i = 0; i < kh; i++)
                                for (int j = 0; j < kw; j++)
                                {
                                    int r = row * stride.Height - padding.Height + i * dilation.Height,
                                        s = column * stride.Width - padding.Width + j * dilation.Width;
                                    if (r < 0 || r >= h || s < 0 || s >= width) continue;
                                    y[at] += p[((image * c + output / (o / groups) * per + channel) * h + r) * width
                                        + s] * q[((output * per + channel) * kh + i) * kw + j];
                                }
                    }
        return Tensor.From<double>(y, new Shape(n, o, rows, columns));
    }

    /// <summary>Quarters from a short cycle, as the script that made the golden numbers: ((7 i + 3) mod 11) / 4 − 1.</summary>
    internal static Tensor Cycle(params int[] shape)
    {
        var target = new Shape(shape);
        return Tensor.From<double>([.. Enumerable.Range(0, (int)target.Count).Select(i => (i * 7 + 3) % 11 / 4.0 - 1)], target);
    }

    [Fact]
    public void PyTorchsNumbers()
    {
        Probe.Equal(
            [1.5, 2.875, -0.8125, 0.4375, 5.125, 4.25, 1.4375, -0.1875, -0.3125],
            Cycle(1, 2, 4, 5).Conv2d(Cycle(3, 2, 2, 3), Cycle(3), stride: (2, 1), padding: (1, 0), dilation: (1, 2)));
        Probe.Equal(
            [1.4375, 0.875, 0.0, 1.125, 0.5625, -0.0625, 1.6875, -0.25, 0.0],
            Cycle(1, 1, 3, 3).Conv2d(Cycle(1, 1, 2, 2), padding: Padding.Same));
        Probe.Equal([-0.25, 0.875, 2.4375, 0.125, -0.625, 1.25, 2.25, -3.4375], Cycle(1, 4, 3, 3).Conv2d(Cycle(2, 2, 2, 2), groups: 2));
        Probe.Equal(
            [-1.125, 0.75, -1.0, -0.375, 1.4375, 0.5625, 0.5, -0.25, -0.75, 0.3125, 0.125, -0.375],
            Cycle(1, 2, 2, 2).ConvTranspose2d(Cycle(2, 1, 3, 2), stride: 2, padding: 1, outputPadding: 1));
        Probe.Equal([-0.3125, -0.625, 3.5, -1.0625, -1.375, 3.25], Cycle(1, 2, 6).Conv1d(Cycle(2, 2, 3), stride: 2, padding: 1));
    }

    [Fact]
    public void OneImageWithoutBatch()
    {
        Tensor x = Probe.Random(1, 2, 5, 6), w = Probe.Random(2, 3, 2, 3, 3), b = Probe.Random(3, 3);
        Probe.Equal(x.Unsqueeze(0).Conv2d(w, b).Squeeze(0), x.Conv2d(w, b));
        Probe.Equal(x.Unsqueeze(0).ConvTranspose2d(w.Transpose(0, 1), b).Squeeze(0), x.ConvTranspose2d(w.Transpose(0, 1), b));
        var signal = Probe.Random(4, 2, 7);
        var kernel = Probe.Random(5, 3, 2, 4);
        Assert.Equal(new Shape(3, 7), signal.Conv1d(kernel, padding: Padding.Same).Shape);
        Probe.Equal(signal.Unsqueeze(0).Conv1d(kernel).Squeeze(0), signal.Conv1d(kernel));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void SameBitsForAnyNumberOfThreads(int groups)
    {
        Tensor x = Probe.Random(1, DType.Float32, 5, 8, 20, 21), w = Probe.Random(2, DType.Float32, 16, 8 / groups, 3, 3);
        float[] Run(int threads)
        {
            using var _ = new WithThreads(threads);
            Tensor a = x.Detach().WithGrad(), b = w.Detach().WithGrad();
            var y = a.Conv2d(b, padding: 1, groups: groups);
            y.Backward(Tensor.Ones(y.Shape));
            return [.. y.ToArray(), .. a.Grad!.ToArray(), .. b.Grad!.ToArray()];
        }
        Assert.Equal(Run(1), Run(2));
    }

    [Fact]
    public void TheWeightsGradientIsWrittenIntoItsBuffer()
    {
        var w = Probe.Random(1, 3, 2, 2, 2).WithGrad();
        var x = Probe.Random(2, 2, 2, 4, 4);
        void Pass()
        {
            var y = x.Conv2d(w);
            y.Backward(Tensor.Ones(y.Shape, DType.Float64));
        }
        Pass();
        var buffer = w.PeekGrad()!;
        var first = buffer.Clone();
        w.ZeroGrad();
        Pass();
        Assert.Same(buffer, w.PeekGrad());
        Probe.Equal(first, buffer);
    }

    [Fact]
    public void ErrorsTeach()
    {
        Tensor x = Tensor.Ones(1, 4, 8, 8), w = Tensor.Ones(2, 4, 3, 3);
        void Throws<T>(string text, Func<Tensor> f)
            where T : Exception => Assert.StartsWith(text, Assert.Throws<T>(f).Message, StringComparison.Ordinal);
        Throws<ArgumentException>("[conv2d] image (8, 8) and weight (2, 4, 3, 3): the image must be (N, C, H, W) or (C, H, W), the "
            + "weight have four axes.", () => Tensor.Ones(8, 8).Conv2d(w));
        Throws<ArgumentException>("[conv2d] image (1, 3, 8, 8) and weight (2, 4, 3, 3): the image has 3 channels, the weight is for 4.",
            () => Tensor.Ones(1, 3, 8, 8).Conv2d(w));
        Throws<ArgumentException>("[conv2d] image (1, 8, 8, 4) and weight (2, 4, 3, 3): the image has 8 channels, the weight is for 4. The "
            + "image looks like (N, H, W, C): use x.Permute(0, 3, 1, 2).", () => Tensor.Ones(1, 8, 8, 4).Conv2d(w));
        Throws<ArgumentException>("[conv2d] image (1, 4, 8, 8) and weight (2, 4, 3, 3): with 2 groups the weight is for 4 × 2 = 8 channels "
            + "and the image has 4; groups must divide both numbers of channels.", () => x.Conv2d(w, groups: 2));
        Throws<ArgumentException>("[conv2d] image (1, 4, 2, 8) and weight (2, 4, 3, 3): the kernel reaches over 3 (dilation 1) and the "
            + "height is only 2 + 2 · 0. Add padding, or pool less before.", () => Tensor.Ones(1, 4, 2, 8).Conv2d(w));
        Throws<ArgumentException>("[conv2d] image (1, 4, 8, 8) and weight (2, 4, 0, 3): a kernel must have at least one tap.",
            () => x.Conv2d(Tensor.Ones(2, 4, 0, 3)));
        Throws<ArgumentException>("[conv2d] a bias of shape (3,) does not fit 2 output channels; it must be (2,).",
            () => x.Conv2d(w, Tensor.Ones(3)));
        Throws<ArgumentException>("[conv2d] stride 2 with padding 'same': only stride 1 keeps the size. Give the padding as numbers.",
            () => x.Conv2d(w, stride: 2, padding: Padding.Same));
        Throws<ArgumentOutOfRangeException>("[conv2d] stride 0: it must be at least 1.", () => x.Conv2d(w, stride: 0));
        Throws<ArgumentOutOfRangeException>("[conv2d] dilation (1, 0): it must be at least 1.", () => x.Conv2d(w, dilation: (1, 0)));
        Throws<ArgumentOutOfRangeException>("[conv2d] padding -1: it must not be negative. Narrow cuts an image.",
            () => x.Conv2d(w, padding: -1));
        Throws<ArgumentOutOfRangeException>("[conv2d] groups 0: it must be at least 1.", () => x.Conv2d(w, groups: 0));
        Throws<ArgumentException>("[conv1d] signal (4,) and weight (2, 4, 3): the signal must be (N, C, L) or (C, L), the weight "
            + "have three axes.", () => Tensor.Ones(4).Conv1d(Tensor.Ones(2, 4, 3)));
        Throws<ArgumentException>("[conv_transpose2d] image (1, 4, 8, 8) and weight (2, 4, 3, 3) with 1 groups: the image has 4 channels, "
            + "the weight is for 2 (a transposed convolution's weight is (in, out / groups, …)), and groups must divide them.", ()
                => x.ConvTranspose2d(w));
        Throws<ArgumentException>("[conv_transpose2d] outputPadding 1 must be smaller than the stride (1) or the dilation (1): it only "
            + "chooses among the sizes that the stride merges.", () => x.ConvTranspose2d(Tensor.Ones(4, 2, 3, 3), outputPadding: 1));
        Throws<ArgumentException>("[conv_transpose2d] image (1, 4, 1, 1) and weight (4, 2, 1, 1) with stride 1 and padding 1: nothing is "
            + "left, the size would be -1.", () => Tensor.Ones(1, 4, 1, 1).ConvTranspose2d(Tensor.Ones(4, 2, 1, 1), padding: 1));
    }
}
