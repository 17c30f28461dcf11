using DeepNet.Devices.Cpu;
using DeepNet.Ops;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Cpu;

/// <summary>The fast algorithm for 3 × 3 kernels, held against direct sums in float64.</summary>
public sealed class WinogradTests
{
    public static TheoryData<int, int, int, int, int, int> Shapes
    {
        get
        {
            var random = new System.Random(5);
            var shapes = new TheoryData<int, int, int, int, int, int>
            {
                // Batch, channels, outputs, height, width, padding.
                { 1, 12, 12, 5, 5, 1 }, { 2, 16, 16, 32, 32, 1 }, { 1, 64, 13, 8, 8, 1 }, { 5, 12, 31, 7, 9, 0 }, { 1, 13, 12, 6, 41, 2 },
                    { 3, 40, 70, 9, 6, 1 },
            };
            for (int i = 0; i < 12; i++)
                shapes.Add(
                    random.Next(1, 5), random.Next(12, 40), random.Next(12, 40), random.Next(7, 24), random.Next(7, 24), random.Next(0, 3));
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ResultAndGradientsAreThoseOfDirectSums(int batch, int channels, int outputs, int height, int width, int padding)
    {
        int seed = height * 100 + width;
        Tensor x = Probe.Random(seed, batch, channels, height, width), w = Probe.Random(seed + 1, outputs, channels, 3, 3),
            b = Probe.Random(seed + 2, outputs);
        var (y, dx, dw, db) = Run(x.To(DType.Float32), w.To(DType.Float32), b.To(DType.Float32), padding);
        var exact = Run(
            x.To(DType.Float32).To(DType.Float64), w.To(DType.Float32).To(DType.Float64), b.To(DType.Float32).To(DType.Float64), padding);
        Assert.InRange(Error(exact.Y, y), 0, 1e-5);
        Assert.InRange(Error(exact.Dx, dx), 0, 1e-5);
        Assert.InRange(Error(exact.Dw, dw), 0, 1e-5);
        Assert.InRange(Error(exact.Db, db), 0, 2e-6);
    }

    [Theory]
    [InlineData(12, 12, 3, 1, 1, 1, true)]
    [InlineData(11, 12, 3, 1, 1, 1, false)]
    [InlineData(16, 16, 5, 1, 1, 1, false)]
    [InlineData(16, 16, 3, 2, 1, 1, false)]
    [InlineData(16, 16, 3, 1, 2, 1, false)]
    [InlineData(32, 32, 3, 1, 1, 2, false)]
    [InlineData(16, 16, 3, 1, 1, 1, true)]
    public void IsChosenByTheShapeAlone(int channels, int outputs, int kernel, int stride, int dilation, int groups, bool suits)
    {
        var axis = new Taps(16, (16 + 2 - dilation * (kernel - 1) - 1) / stride + 1, kernel, stride, 1, dilation);
        var geometry = new ConvolutionGeometry(2, channels, outputs, groups, axis, axis);
        Assert.Equal(suits && Packing.CanTranspose, Winograd.Suits(geometry, DType.Float32));
        Assert.False(Winograd.Suits(geometry, DType.Float64));
    }

    [Fact]
    public void TheSecondDerivativeIsThatOfDirectSums()
    {
        Tensor x = Probe.Random(1, DType.Float32, 1, 12, 7, 7), w = Probe.Random(2, DType.Float32, 14, 12, 3, 3);
        Assert.InRange(Error(Curved(x.To(DType.Float64), w.To(DType.Float64)), Curved(x, w)), 0, 2e-5);

        static Tensor Curved(Tensor x, Tensor w)
        {
            Tensor a = x.Detach().WithGrad(), b = w.Detach().WithGrad();
            var slope = Autograd.Grad([a.Conv2d(b, padding: 1).Square().Sum()], [a], createGraph: true)[0];
            return Autograd.Grad([slope.Square().Sum()], [b])[0];
        }
    }

    [Fact]
    public void WhatAnEarlierCallLeftBehindIsNotSeen()
    {
        Tensor x = Probe.Random(1, DType.Float32, 3, 16, 7, 9), w = Probe.Random(2, DType.Float32, 16, 16, 3, 3);
        float[] before = x.Conv2d(w, padding: 1).ToArray();
        Tensor.Full(new Shape(3, 24, 12, 12), float.NaN).Conv2d(Probe.Random(3, DType.Float32, 20, 24, 3, 3));
        Assert.Equal(before, x.Conv2d(w, padding: 1).ToArray());
    }

    private static (Tensor Y, Tensor Dx, Tensor Dw, Tensor Db) Run(Tensor x, Tensor w, Tensor b, int padding)
    {
        (x, w, b) = (x.Detach().WithGrad(), w.Detach().WithGrad(), b.Detach().WithGrad());
        var y = x.Conv2d(w, b, padding: padding);
        y.Backward(Probe.Random(9, [.. y.Shape.Axes]).To(DType.Float32).To(y.DType));
        return (y, x.Grad!, w.Grad!, b.Grad!);
    }

    /// <summary>The largest difference by the largest value.</summary>
    private static double Error(Tensor exact, Tensor actual)
        => (actual.Detach().To(DType.Float64) - exact.Detach()).Abs().Max().Item<double>() / exact.Detach().Abs().Max().Item<double>();
}
