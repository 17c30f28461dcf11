using DeepNet.Nn;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Cpu;

/// <summary>
/// A layout travels along a chain of layers, and nobody sees more of it than strides: values and gradients are those of row-major tensors.
/// </summary>
[Collection(ThreadCount.Name)]
public sealed class ChannelsLastTests
{
    private static Tensor Pixels(int seed, DType dtype, params int[] shape) => Probe.Random(seed, dtype, shape).InChannelsLast();

    [Fact]
    public void AConvolutionsResultHasItAndContiguousIsThePlainOne()
    {
        Tensor x = Probe.Random(1, 2, 3, 5, 6), w = Probe.Random(2, 8, 3, 3, 3);
        var y = x.Conv2d(w, padding: 1);
        Assert.Equal(new Shape(2, 8, 5, 6), y.Shape);
        Assert.Equal([240, 1, 48, 8], y.Strides.ToArray());
        Assert.False(y.IsContiguous);
        Assert.True(y.Contiguous().IsContiguous);
        Assert.Equal(y.Contiguous().ToArray(), y.ToArray());
        Assert.Equal(y.Contiguous()[1, 5, 2, 3].Item<double>(), y[1, 5, 2, 3].Item<double>());
        Assert.Equal(y.ToArray(), y.Reshape(2, -1).ToArray());
    }

    [Fact]
    public void ItTravels()
    {
        var x = Pixels(1, DType.Float32, 2, 8, 6, 6);
        var norm = new BatchNorm2d(8);
        Tensor[] results =
        [
            x.Relu(), x + x, x * 2, x + x.Contiguous(), x.Contiguous() + x, x * Probe.Random(2, DType.Float32, 8, 1, 1), norm.Forward(x),
                x.MaxPool2d(2), x.AvgPool2d(3, stride: 1),
            x.Conv2d(Probe.Random(3, DType.Float32, 8, 8, 3, 3), padding: 1),
                x.Conv2d(Probe.Random(3, DType.Float32, 16, 8, 1, 1), stride: 2),
        ];
        Assert.All(results, y => Assert.True(y.IsChannelsLast));
        // A tensor of one pixel is both.
        Assert.True(x.AdaptiveAvgPool2d(1).IsContiguous);
    }

    public static TheoryData<string> Chains => [.. All.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> All = new()
    {
        ["relu"] = x => x.Relu(),
        ["exp of a square"] = x => (x * x).Exp(),
        ["sum with a row-major one"] = x => x * x.Contiguous() + x,
        ["sum with a channel"] = x => x * Probe.Random(5, 8, 1, 1) + Probe.Random(6, 1, 8, 1, 1),
        ["sum with a row"] = x => x / (Probe.Random(5, 5) + 2),
        ["into one used twice"] = x => { var y = x.Tanh(); return y.Sigmoid() + y * x; },
        ["normalised"] = x => Norm().Forward(x).Relu(),
        ["max pool"] = x => x.MaxPool2d(2, stride: 1, padding: 1),
        ["max pool, dilated"] = x => x.Sin().MaxPool2d(2, dilation: 2),
        ["average pool"] = x => x.AvgPool2d(3, stride: 2, padding: 1, countIncludePad: false).Exp(),
        ["average of all"] = x => x.Square().AdaptiveAvgPool2d(1),
        ["chain of convolutions"] = x
            => x.Conv2d(Probe.Random(7, 16, 8, 3, 3), Probe.Random(8, 16), padding: 1).Relu()
                .Conv2d(Probe.Random(9, 8, 16, 2, 2), stride: 2),
        ["shortcut"] = x => (x.Conv2d(Probe.Random(7, 8, 8, 3, 3), padding: 1) + x).Relu(),
        ["few outputs"] = x => x.Relu().Conv2d(Probe.Random(7, 5, 8, 3, 3), padding: 1).Tanh(),
        ["depthwise, stride 2"] = x => x.Relu().Conv2d(Probe.Random(7, 8, 1, 3, 3), stride: 2, padding: 1, groups: 8),
        ["transposed"] = x => x.Relu().ConvTranspose2d(Probe.Random(7, 8, 8, 3, 3), Probe.Random(8, 8), stride: 2, padding: 1),
        ["softmax"] = x => x.Relu().Softmax(1),
        ["rearranged"] = x => Tensor.Cat([x.Relu().Flip(2), x], 1).Reshape(2, 4, -1).Square(),
        ["dropped"] = x => x.Exp().Sum(1) * x.Mean([0, 2]).Sum(),
        ["resized"] = x => x.Relu().Pad([(1, 0), (2, 1)]).Square()[.., 1..6, .., 1..],
    };

    private static BatchNorm2d Norm()
    {
        var norm = new BatchNorm2d(8);
        norm.To(DType.Float64);
        return norm;
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void ValuesAndGradientsAreThoseOfRowMajorTensors(string name)
    {
        var plain = Probe.Random(1, 2, 8, 6, 5);
        var (expected, gradient) = Run(plain);
        var (y, dx) = Run(plain.InChannelsLast());
        Probe.Equal(expected, y, 1e-12);
        Probe.Equal(gradient, dx, 1e-11);
        // Recorded, every derivative is composed: the second order through the same chain.
        Probe.Equal(Second(plain), Second(plain.InChannelsLast()), 1e-10);

        (Tensor, Tensor) Run(Tensor x)
        {
            var leaf = x.Detach().WithGrad();
            var result = All[name](leaf);
            result.Backward(Probe.Random(3, [.. result.Shape.Axes]));
            return (result.Detach(), leaf.Grad!);
        }

        Tensor Second(Tensor x)
        {
            var leaf = x.Detach().WithGrad();
            var slope = Autograd.Grad([All[name](leaf).Square().Sum()], [leaf], createGraph: true)[0];
            return Autograd.Grad([slope.Square().Sum()], [leaf])[0];
        }
    }

    [Fact]
    public void MaxPoolingHasTheSameBitsTiesAndNaNIncluded()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var plain = (Probe.Random(1, dtype, 3, 19, 7, 8) * 3).Round();
            plain[1, 3, 2, 2] = double.NaN;
            var (y, places) = plain.MaxPool2dWithIndices(3, stride: 2, padding: 1);
            var (yOfPixels, placesOfPixels) = plain.InChannelsLast().MaxPool2dWithIndices(3, stride: 2, padding: 1);
            Assert.Equal(y.ToArray<double>(), yOfPixels.ToArray<double>());
            Assert.Equal(places.ToArray<long>(), placesOfPixels.ToArray<long>());
            Assert.Equal(
                plain.AvgPool2d(3, stride: 2, padding: 1).ToArray<double>(),
                plain.InChannelsLast().AvgPool2d(3, stride: 2, padding: 1).ToArray<double>());
        }
    }

    [Fact]
    public void WhatIsWrittenInPlaceIsSeen()
    {
        Tensor x = Pixels(1, DType.Float32, 2, 8, 4, 3), other = Probe.Random(2, DType.Float32, 2, 8, 4, 3);
        float[] expected = (x.Contiguous() + other).ToArray();
        var view = x[0];
        x.AddInPlace(other);
        Assert.Equal(expected, x.ToArray());
        Assert.Equal(expected[..96], view.ToArray());
    }

    [Fact]
    public void SameBitsForAnyNumberOfThreads()
    {
        var x = Probe.Random(1, DType.Float32, 6, 3, 33, 31);
        float[] Run(int threads)
        {
            using var _ = new WithThreads(threads);
            var model = new Sequential(
                new Conv2d(3, 16, 3, padding: 1, generator: new Generator(1)), new BatchNorm2d(16), new Relu(),
                    new Conv2d(16, 16, 3, padding: 1, generator: new Generator(2)), new Relu(),
                new MaxPool2d(2), new Conv2d(16, 32, 3, stride: 2, generator: new Generator(3)), new BatchNorm2d(32),
                    new AdaptiveAvgPool2d(1), new Flatten());
            var y = model.Forward(x);
            y.Square().Sum().Backward();
            float[] trained = [.. y.ToArray(), .. model.Parameters().SelectMany(p => p.Grad!.ToArray())];
            model.Eval();
            return [.. trained, .. model.Forward(x).ToArray()];
        }
        Assert.Equal(Run(1), Run(2));
        Assert.Equal(Run(1), Run(5));
    }
}
