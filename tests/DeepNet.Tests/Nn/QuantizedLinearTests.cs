using DeepNet.Tests.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Nn;

public sealed class QuantizedLinearTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_are_rounded_to_the_nearest_multiple_of_their_scale()
    {
        var (values, scales) = Quantization.PerRow(Tensor.From(new[,] { { 127f, -63.4f, 0.6f }, { 0, 0, 0 }, { -0.5f, 0.25f, 0.001f } }));
        Assert.Equal((DType.Int8, DType.Float32), (values.DType, scales.DType));
        Assert.Equal([127, -63, 1, 0, 0, 0, -127, 64, 0], values.ToArray<sbyte>());
        Assert.Equal([1f, 0, 0.5f / 127], scales.ToArray());
        Assert.Equal([127f, -63, 1, 0, 0, 0], Quantization.Dequantize(values, scales)[..2].ToArray());

        var matrix = Tensor.Randn(new Shape(70, 90), generator: new Generator(1));
        (values, scales) = Quantization.PerRow(matrix);
        Assert.True(((Quantization.Dequantize(values, scales) - matrix).Abs() <= scales.Unsqueeze(1) * 0.5001).All().Item<bool>());
        Assert.Equal(new Shape(0, 3), Quantization.PerRow(Tensor.Zeros(0, 3)).Values.Shape);
        Assert.Equal(DType.Float64, Quantization.PerRow(matrix.To(DType.Float64)).Scales.DType);
        Assert.Equal(DType.Float32, Quantization.PerRow(matrix.To(DType.BFloat16)).Scales.DType);
    }

    [Fact]
    public void Errors_say_what_is_expected()
    {
        Assert.StartsWith("[quantize] expects a matrix of fractions, got int64 (3,)",
            Assert.Throws<ArgumentException>(() => Quantization.PerRow(Tensor.Arange(3))).Message);
        Assert.StartsWith("[quantize] a matrix of shape (1, 2) has elements that are not finite",
            Assert.Throws<ArgumentException>(() => Quantization.PerRow(Tensor.From(new[,] { { 1f, float.NaN } }))).Message);
        Assert.StartsWith("[dequantize] (2, 3) and (3,)",
            Assert.Throws<ArgumentException>(() => Quantization.Dequantize(Tensor.Zeros(2, 3).To(DType.Int8), Tensor.Ones(3))).Message);
        Assert.Contains("[quantized_linear] expects (..., 4), got (2, 3)",
            Assert.ThrowsAny<Exception>(() => new QuantizedLinear(new Linear(4, 2)).Forward(Tensor.Zeros(2, 3))).Message,
            StringComparison.Ordinal);
    }

    // More than one block of the weight, and batches of none, one and two axes.
    [Theory]
    [InlineData(1000, 150)]
    [InlineData(7, 3)]
    public void The_product_is_that_with_the_dequantised_weight(int inputs, int outputs)
    {
        var linear = new Linear(inputs, outputs, generator: new Generator(2), activation: new Relu());
        var layer = new QuantizedLinear(linear);
        var weight = Quantization.Dequantize(layer.Weight, layer.Scale);
        foreach (int[] batch in (int[][])[[], [5], [2, 3]])
        {
            var x = Tensor.Randn(new Shape([.. batch, inputs]), generator: new Generator(3)).WithGrad();
            var expected = x.Affine(weight, linear.Bias!.Value.Detach(), transposed: true).Relu();
            var g = Tensor.Randn(expected.Shape, generator: new Generator(4));
            expected.Backward(g);
            var gradient = x.Grad!.Clone();
            x.ZeroGrad();
            var actual = layer.Forward(x);
            actual.Backward(g);
            Assert.True(actual.AllClose(expected, 1e-5, 1e-4), $"{batch.Length} axes");
            Assert.True(x.Grad!.AllClose(gradient, 1e-5, 1e-4), $"gradient of {batch.Length} axes");
        }
        Assert.Empty(layer.Parameters());
        Assert.Equal($"QuantizedLinear({inputs}, {outputs}, activation: Relu)", layer.Description);
    }

    [Fact]
    public void A_network_keeps_its_accuracy_in_a_quarter_of_the_memory()
    {
        // Ten clouds of points that overlap.
        var generator = new Generator(5);
        var centres = Tensor.Randn(new Shape(10, 32), generator: generator) * 0.55;
        (Tensor X, Tensor Y) Draw(int n)
        {
            var y = Tensor.RandInt(0, 10, new Shape(n), generator: generator);
            return (centres.IndexSelect(0, y) + Tensor.Randn(new Shape(n, 32), generator: generator), y);
        }
        Linear[] layers =
        [
            new(32, 128, generator: generator, activation: new Gelu()), new(128, 128, generator: generator, activation: new Gelu()),
            new(128, 10, generator: generator),
        ];
        var net = new Sequential(layers);
        var optimizer = new Adam(net.Parameters(), 2e-3);
        for (int step = 0; step < 300; step++)
        {
            var (x, y) = Draw(128);
            optimizer.ZeroGrad();
            Loss.CrossEntropy(net.Forward(x), y).Backward();
            optimizer.Step();
        }

        var small = new Sequential([.. layers.Select(layer => new QuantizedLinear(layer))]);
        var (test, labels) = Draw(8000);
        using var off = Autograd.NoGrad();
        double Accuracy(Module module) => 100.0 * module.Forward(test).ArgMax(1).Equal(labels).Sum().Item<long>() / 8000;
        double whole = Accuracy(net), rounded = Accuracy(small);
        Assert.InRange(whole, 85, 99);
        Assert.True(Math.Abs(whole - rounded) < 0.5, $"{whole} % with float32, {rounded} % with int8");

        long bytes = net.Parameters().Sum(p => (long)p.Value.Count * 4),
            held = small.NamedBuffers().Sum(b => (long)b.Buffer.Value.Count * b.Buffer.Value.DType.Size());
        Assert.InRange((double)held / bytes, 0.25, 0.29);

        // As saved and loaded into a model of new layers.
        small.Save(folder["small"]);
        var loaded = new Sequential(new QuantizedLinear(new(32, 128, activation: new Gelu())),
            new QuantizedLinear(new(128, 128, activation: new Gelu())), new QuantizedLinear(new(128, 10)));
        loaded.Load(folder["small"]);
        Assert.Equal(small.Forward(test[..50]).ToArray(), loaded.Forward(test[..50]).ToArray());
        Assert.Equal(small.Forward(test[..50]).ToArray(), small.Clone().Forward(test[..50]).ToArray());
    }
}
