using DeepNet.Nn;

namespace DeepNet.Tests.Operators;

/// <summary>A residual that is added to a convolution on the way, held against the sum by itself, bit by bit.</summary>
public sealed class ResidualTests
{
    // By Winograd's algorithm, over pixels, with outputs that fill no vector, by planes, pointwise, depthwise in both layouts.
    private static readonly (int In, int Out, int Kernel, int Stride, int Groups)[] Kinds =
    [
        (16, 16, 3, 1, 1), (16, 64, 3, 1, 1), (3, 32, 3, 2, 1), (16, 32, 1, 2, 1), (16, 24, 3, 1, 1), (8, 8, 3, 2, 1), (4, 6, 3, 1, 2),
        (4, 7, 1, 1, 1), (5, 5, 3, 2, 5), (8, 8, 3, 1, 8),
    ];

    public static TheoryData<int, DType> Cases
    {
        get
        {
            var cases = new TheoryData<int, DType>();
            for (int kind = 0; kind < Kinds.Length; kind++)
                foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.BFloat16 }) cases.Add(kind, dtype);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Added_on_the_way_it_gives_the_bits_of_the_layers_apart(int kind, DType dtype)
    {
        var (channels, outputs, kernel, stride, groups) = Kinds[kind];
        var x = Probe.Random(1, 3, channels, 11, 10).To(dtype);
        foreach (var activation in new Activation?[] { null, new Relu(), new Silu() })
        {
            var layer = Layer(channels, outputs, kernel, stride, groups, activation);
            layer.To(dtype);
            using var off = Autograd.NoGrad();
            var y = Conv2dNorm.Apply(layer.Conv, layer.Norm, x);
            var dense = Probe.Random(2, [.. y.Shape.Axes]).To(dtype);
            var pixels = dense.Permute(0, 2, 3, 1).Clone().Permute(0, 3, 1, 2);
            foreach (var residual in new[] { dense, pixels, dense[.., ^1..].Expand(y.Shape) })
            {
                var sum = y + residual;
                var expected = activation is null ? sum : activation.Forward(sum);
                var actual = layer.Forward(x, residual);
                Assert.Equal(expected.DType, actual.DType);
                Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
            }
        }
    }

    [Fact]
    public void Recorded_it_has_a_gradient()
    {
        var layer = Layer(8, 16, 3, 1, 1, new Relu());
        layer.To(DType.Float64);
        Tensor x = Probe.Random(1, 2, 8, 5, 6).WithGrad(), residual = Probe.Random(2, 2, 16, 5, 6).WithGrad();
        var weights = Probe.Random(3, 2, 16, 5, 6);
        var (y, sum) = (layer.Forward(x, residual), Conv2dNorm.Apply(layer.Conv, layer.Norm, x) + residual);
        Assert.Equal(sum.Relu().ToArray<double>(), y.ToArray<double>());
        var actual = Autograd.Grad((y * weights).Sum(), [x, residual]);
        var expected = Autograd.Grad((sum.Relu() * weights).Sum(), [x, residual]);
        for (int i = 0; i < 2; i++) Assert.Equal(expected[i].ToArray<double>(), actual[i].ToArray<double>());
    }

    [Fact]
    public void While_training_it_comes_behind_the_normalisation()
    {
        var layer = Layer(8, 16, 3, 1, 1, new Relu());
        layer.Train();
        Tensor x = Probe.Random(1, 2, 8, 5, 6).To(DType.Float32), residual = Probe.Random(2, 2, 16, 5, 6).To(DType.Float32);
        var expected = (layer.Norm.Forward(layer.Conv.Forward(x)) + residual).Relu();
        Assert.Equal(expected.ToArray<double>(), layer.Forward(x, residual).ToArray<double>());
    }

    [Fact]
    public void Compiled_it_gives_the_same_bits()
    {
        var layer = Layer(16, 16, 3, 1, 1, new Relu());
        Tensor x = Probe.Random(1, 2, 16, 5, 6).To(DType.Float32), residual = Probe.Random(2, 2, 16, 5, 6).To(DType.Float32);
        using var off = Autograd.NoGrad();
        using var compiled = Compiled.Function(inputs => [layer.Forward(inputs[0], inputs[1])]);
        double[] expected = layer.Forward(x, residual).ToArray<double>();
        for (int i = 0; i < 5; i++) Assert.Equal(expected, compiled.RunAll(x, residual)[0].ToArray<double>());
    }

    [Fact]
    public void Of_another_shape_it_is_an_error()
    {
        var layer = Layer(8, 16, 3, 1, 1, null);
        var x = Tensor.Zeros(2, 8, 5, 6);
        var error = Assert.ThrowsAny<ArgumentException>(() => layer.Forward(x, Tensor.Zeros(2, 16, 5, 5)));
        Assert.Contains("[conv2d] a residual of shape (2, 16, 5, 5) does not fit the result, which is (2, 16, 5, 6).", error.Message);
    }

    private static Conv2dNorm Layer(int channels, int outputs, int kernel, int stride, int groups, Activation? activation)
    {
        var generator = new Generator(4);
        var layer = new Conv2dNorm(
            channels, outputs, kernel, stride, kernel / 2, groups: groups, generator: generator, activation: activation);
        layer.Norm.Bias!.Value.Detach().CopyFrom(Tensor.Randn(new Shape(outputs), generator: generator));
        layer.Eval();
        return layer;
    }
}
