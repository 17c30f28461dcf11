using DeepNet.Nn;
using DeepNet.Tests.Products;

namespace DeepNet.Tests.Convolution;

/// <summary>A convolution and what is computed along with it, held against one layer after the other in float64.</summary>
public sealed class FusedConvolutionTests
{
    private static readonly (int In, int Out, int Kernel, int Stride, int Groups)[] Kinds = [(3, 16, 3, 1, 1), (16, 16, 3, 1, 1),
        (8, 8, 3, 2, 1), (4, 6, 3, 1, 2), (5, 5, 3, 2, 5), (8, 8, 3, 2, 8), (4, 7, 1, 1, 1), (6, 5, 2, 1, 1)];

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
        var convolution = new Conv2d(channels, outputs, kernel, stride, 1, groups: groups, bias: hasBias, generator: new Generator(3));
        var norm = new BatchNorm2d(outputs);
        List<Module> layers = [convolution];
        if (normalises) layers.Add(norm);
        if (rectifies) layers.Add(new Relu());
        layers.Add(new Flatten());
        var fused = new Sequential(layers);
        fused.To(DType.Float64);
        var x = Probe.Random(1, 2, channels, 7, 6);
        for (int i = 0; i < 3; i++) norm.Forward(convolution.Forward(x * (i + 1)));
        fused.Eval();

        var (y, gradients) = Run(fused.Forward);
        var (expected, expectedGradients) = Run(input => layers.Aggregate(input, (t, layer) => layer.Forward(t)));
        Probe.Equal(expected, y, 1e-12);
        for (int i = 0; i < gradients.Length; i++) Probe.Equal(expectedGradients[i], gradients[i], 1e-10);

        // In float32 with its own algorithm.
        fused.To(DType.Float32);
        Probe.Equal(expected, fused.Forward(x.To(DType.Float32)), 2e-5);

        (Tensor, Tensor[]) Run(Func<Tensor, Tensor> forward)
        {
            foreach (var parameter in fused.Parameters()) parameter.Grad = null;
            var leaf = x.Detach().WithGrad();
            var result = forward(leaf);
            result.Backward(Probe.Random(5, [.. result.Shape.Axes]));
            return (result.Detach(), [leaf.Grad!, .. fused.Parameters().Select(p => p.Grad!)]);
        }
    }

    [Fact]
    public void ATrainedNormalisationIsNotFolded()
    {
        var model = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8), new Relu());
        var y = model.Forward(Probe.Random(1, DType.Float32, 4, 3, 6, 6));
        var norm = (BatchNorm2d)model[1];
        Assert.NotEqual(0, norm.RunningMean!.Value[0].Item<float>());
        Assert.True(y.Min().Item<float>() >= 0);
    }

    [Fact]
    public void AHookBetweenSeesWhatItExpects()
    {
        var model = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8), new Relu());
        model.Eval();
        var x = Probe.Random(1, DType.Float32, 2, 3, 6, 6);
        var folded = model.Forward(x);
        Tensor? seen = null;
        using var hook = ((Layer)model[1]).RegisterForwardHook((_, _, output) => { seen = output; return null; });
        Probe.Equal(folded, model.Forward(x), 1e-5);
        Assert.True(seen!.Min().Item<float>() < 0);
    }

    [Fact]
    public void NaNStays()
    {
        foreach (int channels in new[] { 2, 16 })
        {
            var model = new Sequential(new Conv2d(channels, 16, 3, padding: 1), new Relu());
            var x = Probe.Random(1, DType.Float32, 1, channels, 6, 6);
            x[0, 1, 3, 3] = double.NaN;
            Assert.True(double.IsNaN(model.Forward(x)[0, 2, 3, 3].Item<double>()));
        }
    }
}
