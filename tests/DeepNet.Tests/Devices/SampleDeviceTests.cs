using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests;

/// <summary>A device that knows the public surface alone computes what the processor does.</summary>
public sealed class SampleDeviceTests
{
    private static readonly Device Sample = new SampleDevice.SampleDevice();

    public static TheoryData<string> Operators => [.. Cases.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Cases = new()
    {
        ["formula"] = x => x.Gelu() + x.Square().Exp(),
        ["predicate, select"] = x => Tensor.Where(x > 0.1, x, -x * 2),
        ["broadcast"] = x => x.Transpose(0, 1) * x.Narrow(1, 0, 1).Reshape(1, -1) - x.Sum(0).Reshape(-1, 1),
        ["views"] = x => x.Flip(1).Narrow(0, 1, 2).Contiguous() * 3,
        ["sums"] = x => x.Sum(1) + x.Mean() + x.Max(1),
        ["count"] = x => (x > 0).Sum(0).To(DType.Float32) * x.Sum(0),
        ["softmax"] = x => x.Softmax(1) + x.LogSoftmax(1) * 0.1,
        ["variance"] = x => x.Var(1) + x.LogSumExp(1),
        ["product"] = x => x.MatMul(x.Transpose(0, 1)).Relu(),
        ["index"] = x => x.IndexSelect(0, Tensor.From<long>(2, -1, 0).To(x.Device)).Tril(1),
        ["convolution"] = x => x.Reshape(1, 1, 3, 4).Conv2d(x.Reshape(2, 1, 2, 3), padding: 1, stride: 2),
        ["rotary positions, halves"] = x => new RotaryEmbedding(4).Forward(x.Reshape(1, 3, 4), offset: 2),
        ["rotary positions, neighbours"] = x => new RotaryEmbedding(4, interleaved: true).Forward(x.Reshape(1, 3, 4), offset: 2),
        ["cross-entropy"] = x => Loss.CrossEntropy(x, Tensor.From<long>(1, -100, 3).To(x.Device), labelSmoothing: 0.1),
    };

    [Theory, MemberData(nameof(Operators))]
    public void Values_and_gradients_are_those_of_the_processor(string name)
    {
        double[][] Run(Device device)
        {
            var x = Tensor.Normal(new Shape(3, 4), 0, 1, generator: new Generator(3)).To(device).WithGrad();
            var y = Cases[name](x);
            (y * y).Sum().Backward();
            return [y.Detach().To(Device.Cpu).ToArray<double>(), x.Grad!.To(Device.Cpu).ToArray<double>()];
        }
        double[][] expected = Run(Device.Cpu), actual = Run(Sample);
        for (int i = 0; i < expected.Length; i++) Close(expected[i], actual[i]);
    }

    [Fact]
    public void Types_that_it_does_not_know_are_carried_and_refused_by_name()
    {
        Assert.False(Sample.Supports(DType.UInt8) || Sample.Supports(DType.Int8));
        var x = Tensor.From<byte>(1, 255).To(Sample);
        Assert.Equal([1, 255], x.ToArray<byte>());
        Assert.Equal([1f, 255], x.To(Device.Cpu).To(DType.Float32).To(Sample).ToArray());
        Action[] calls = [() => _ = x + x, () => x.To(DType.Float32), () => x.Max(), () => Tensor.Zeros(new Shape(2), DType.Int8, Sample)];
        foreach (var compute in calls)
            Assert.StartsWith("The sample device has no ", Assert.Throws<NotSupportedException>(compute).Message);
    }

    [Fact]
    public void Random_numbers_are_those_of_the_processor()
    {
        Close(Tensor.Randn(new Shape(70), generator: new Generator(1)).ToArray<double>(),
            Tensor.Randn(new Shape(70), device: Sample, generator: new Generator(1)).ToArray<double>());
        Close(Tensor.Rand(new Shape(70), generator: new Generator(1)).ToArray<double>(),
            Tensor.Rand(new Shape(70), device: Sample, generator: new Generator(1)).ToArray<double>());
    }

    [Fact]
    public void Training_steps_are_those_of_the_processor()
    {
        double[] Run(Device device)
        {
            var generator = new Generator(5);
            var net = new Sequential(new Linear(4, 8, generator: generator), new Tanh(), new Linear(8, 3, generator: generator));
            net.To(device);
            var x = Tensor.Normal(new Shape(6, 4), 0, 1, generator: new Generator(6)).To(device);
            var labels = Tensor.From<long>(0, 1, 2, 2, 1, 0).To(device);
            var adam = new Adam(net.Parameters(), 0.05) { ClipNorm = 0.5 };
            var losses = new double[5];
            for (int step = 0; step < losses.Length; step++)
            {
                var loss = Loss.CrossEntropy(net.Forward(x), labels);
                adam.ZeroGrad();
                loss.Backward();
                adam.Step();
                losses[step] = loss.Item<double>();
            }
            return losses;
        }
        double[] expected = Run(Device.Cpu), actual = Run(Sample);
        Assert.True(expected[^1] < expected[0]);
        Close(expected, actual);
    }

    [Fact]
    public void What_the_device_lacks_it_names()
    {
        var error = Assert.Throws<NotSupportedException>(() => Tensor.Rand(new Shape(3), device: Sample).Sort(0));
        Assert.Contains("sample has no kernel Sort", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_two_devices_do_not_meet()
        => Assert.Contains("different devices", Assert.ThrowsAny<ArgumentException>(
            () => Tensor.Ones(2) + Tensor.Ones(2).To(Sample)).Message, StringComparison.Ordinal);

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * Math.Max(1, Math.Abs(expected[i])));
    }
}
