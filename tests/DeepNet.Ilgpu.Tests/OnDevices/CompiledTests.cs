using DeepNet.Nn;
using DeepNet.Optim;
using Xunit;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Compiled steps and profiles on devices that work on their own.</summary>
public class CompiledTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    private static Sequential Model(Device device)
    {
        Generator.SetSeed(3);
        var model = new Sequential(
            new Conv2d(1, 4, 3, padding: 1), new BatchNorm2d(4), new DeepNet.Nn.Relu(), new MaxPool2d(2), new Flatten(), new Dropout(0.3),
            new Linear(4 * 16, 5));
        model.To(device);
        return model;
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_compiled_step_has_the_bits_of_the_step(string name)
    {
        var device = Device.Parse(name);
        var was = Generator.Default.State;
        Sequential plain = Model(device), other = Model(device);
        Adam one = new(plain.Parameters(), 1e-2), two = new(other.Parameters(), 1e-2) { ClipNorm = 1 };
        one.ClipNorm = 1;
        Func<Tensor, Tensor, Tensor> Step(Module model, Optimizer optimizer) => (x, y) =>
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(model.Forward(x), y);
            loss.Backward();
            optimizer.Step();
            return loss;
        };
        var step = Step(plain, one);
        using var compiled = Compiled.Step(Step(other, two));
        for (int i = 0; i < 6; i++)
        {
            var x = Tensor.Randn(new Shape(6, 1, 8, 8), generator: new Generator((ulong)i)).To(device);
            var y = Tensor.RandInt(0, 5, new Shape(6), generator: new Generator((ulong)i)).To(device);
            var before = Generator.Default.State;
            var expected = step(x, y);
            Generator.Default.State = before;
            Assert.Equal(expected.Item(), compiled.Run(x, y).Item());
        }
        Assert.Equal(1, compiled.Recordings);
        foreach (var (a, b) in plain.NamedParameters().Zip(other.NamedParameters()))
            Assert.Equal(a.Parameter.Value.ToArray(), b.Parameter.Value.ToArray());
        foreach (var (a, b) in plain.NamedBuffers().Zip(other.NamedBuffers()))
            Assert.Equal(a.Buffer.Value.ToArray<double>(), b.Buffer.Value.ToArray<double>());
        Generator.Default.State = was;
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_profile_counts_the_kernels_of_the_device(string name)
    {
        var device = Device.Parse(name);
        Tensor a = Tensor.Ones(6, 4).To(device), b = Tensor.Ones(4, 5).To(device);
        using var profiler = Profiler.Record();
        _ = a.MatMul(b);
        var row = profiler.Operators.Single(r => r.Name == "matmul");
        Assert.Equal((1, 2.0 * 6 * 4 * 5, 4.0 * (24 + 20 + 30)), (row.Calls, row.Flops, row.Bytes));
        Assert.True(row.Total > TimeSpan.Zero);
    }
}
