using DeepNet.Nn;

namespace DeepNet.Tests.Operators;

/// <summary>A convolution and what is computed along with it, held against one layer after the other in float64.</summary>
public sealed class FusedConvolutionTests
{
    private static readonly (int In, int Out, int Kernel, int Stride, int Groups)[] Kinds =
    [
        (3, 16, 3, 1, 1), (16, 16, 3, 1, 1), (8, 8, 3, 2, 1), (4, 6, 3, 1, 2),
        (5, 5, 3, 2, 5), (8, 8, 3, 2, 8), (4, 7, 1, 1, 1), (6, 5, 2, 1, 1),
    ];

    public static TheoryData<int, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool, bool, bool>();
            for (int kind = 0; kind < Kinds.Length; kind++)
                for (int which = 1; which < 4; which++)
                    foreach (bool hasBias in new[] { false, true }) cases.Add(kind, hasBias, (which & 1) != 0, (which & 2) != 0);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ResultAndGradientsAreThoseOfTheLayersApart(int kind, bool hasBias, bool normalises, bool rectifies)
    {
        var (channels, outputs, kernel, stride, groups) = Kinds[kind];
        var relu = rectifies ? new Relu() : null;
        var convolution = new Conv2d(
            channels, outputs, kernel, stride, 1, groups: groups, bias: hasBias, generator: new Generator(3),
            activation: normalises ? null : relu);
        var norm = new BatchNorm2d(outputs);
        Layer fused = normalises ? new Conv2dNorm(convolution, norm, relu) : convolution;
        fused.To(DType.Float64);
        var x = Probe.Random(1, 2, channels, 7, 6);
        for (int i = 0; i < 3; i++) fused.Forward(x * (i + 1));
        fused.Eval();

        var (y, gradients) = Run();
        Tensor expected;
        Tensor[] expectedGradients;
        using (norm.RegisterForwardHook((_, _, _) => null))
        using (relu?.RegisterForwardHook((_, _, _) => null))
            (expected, expectedGradients) = Run();
        Probe.Equal(expected, y, 1e-12);
        for (int i = 0; i < gradients.Length; i++) Probe.Equal(expectedGradients[i], gradients[i], 1e-10);

        // In float32 with its own algorithm.
        fused.To(DType.Float32);
        Probe.Equal(expected, fused.Forward(x.To(DType.Float32)), 2e-5);

        (Tensor, Tensor[]) Run()
        {
            foreach (var parameter in fused.Parameters()) parameter.Grad = null;
            var leaf = x.Detach().WithGrad();
            var result = fused.Forward(leaf);
            result.Backward(Probe.Random(5, [.. result.Shape.Axes]));
            return (result.Detach(), [leaf.Grad!, .. fused.Parameters().Select(p => p.Grad!)]);
        }
    }

    [Fact]
    public void ATrainedNormalisationIsNotFolded()
    {
        var model = new Conv2dNorm(3, 8, 3, activation: new Relu());
        var y = model.Forward(Probe.Random(1, DType.Float32, 4, 3, 6, 6));
        Assert.NotEqual(0, model.Norm.RunningMean!.Value[0].Item<float>());
        Assert.True(y.Min().Item<float>() >= 0);
    }

    [Fact]
    public void AHookBetweenSeesWhatItExpects()
    {
        var model = new Conv2dNorm(3, 8, 3, activation: new Relu());
        model.Eval();
        var x = Probe.Random(1, DType.Float32, 2, 3, 6, 6);
        var folded = model.Forward(x);
        Tensor? seen = null;
        using (model.Norm.RegisterForwardHook((_, _, output) => { seen = output; return null; }))
            Probe.Equal(folded, model.Forward(x), 1e-5);
        Assert.True(seen!.Min().Item<float>() < 0);
        seen = null;
        Assert.Equal(folded.ToArray(), model.Forward(x).ToArray());
        Assert.Null(seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LayersOfOtherNamesAreFoldedLikewise(bool isActiveBetween)
    {
        var conv = new Conv2d(3, 8, 3, bias: isActiveBetween, activation: isActiveBetween ? new Relu() : null);
        var norm = new BatchNorm2d(8);
        var x = Probe.Random(1, DType.Float32, 4, 3, 6, 6);
        norm.Forward(conv.Forward(x));                  // running statistics that are not those of the start
        conv.Eval();
        norm.Eval();
        Probe.Equal(norm.Forward(conv.Forward(x)).Relu(), Conv2dNorm.Apply(conv, norm, x, new Relu()), 1e-5);
        Probe.Equal(norm.Forward(conv.Forward(x)), Conv2dNorm.Apply(conv, norm, x), 1e-5);
    }

    [Fact]
    public void PartsHaveNamesAndFitEachOther()
    {
        var model = new Conv2dNorm(3, 8, 3, activation: new Relu());
        Assert.Equal(
            ["conv.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"],
            model.State().Keys);
        var e = Assert.Throws<ArgumentException>(() => new Conv2dNorm(new Conv2d(3, 8, 3), new BatchNorm2d(4)));
        Assert.Equal("[conv2d_norm] BatchNorm2d(4) does not fit Conv2d(3, 8, kernel: 3×3): it must be BatchNorm2d(8).", e.Message);
        Assert.Throws<ArgumentException>(() => new Conv2dNorm(new Conv2d(3, 8, 3, activation: new Relu()), new BatchNorm2d(8)));
        Assert.Throws<LayerException>(() => model.Forward(Tensor.Zeros(3, 6, 6)));
    }

    [Fact]
    public void NaNStays()
    {
        foreach (int channels in new[] { 2, 16 })
        {
            var layer = new Conv2d(channels, 16, 3, padding: 1, activation: new Relu());
            var x = Probe.Random(1, DType.Float32, 1, channels, 6, 6);
            x[0, 1, 3, 3] = double.NaN;
            Assert.True(double.IsNaN(layer.Forward(x)[0, 2, 3, 3].Item<double>()));
        }
    }
}
