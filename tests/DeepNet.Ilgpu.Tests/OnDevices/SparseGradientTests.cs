using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Steps by rows on a device: as on the processor, and only of the rows that were used.</summary>
public class SparseGradientTests
{
    public static TheoryData<string, string> Rows => AllDevices.With(["sgd", "clipped", "adagrad", "sparse_adam"]);

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Follows_the_processor_and_repeats_itself(string device, string kind)
    {
        Tensor expected = Train(kind, Device.Cpu), actual = Train(kind, Device.Parse(device));
        Same.Check("table", expected, actual, 1e-5);
        Assert.Equal(actual.ToArray(), Train(kind, Device.Parse(device)).ToArray());
    }

    private static Tensor Train(string kind, Device device)
    {
        var table = new Embedding(20, 6, paddingIndex: 0, generator: new Generator(3), sparse: true);
        table.To(device);
        float[] before = table.Weight.Value.ToArray();
        Optimizer optimizer = kind switch
        {
            "sgd" => new Sgd(table.Parameters(), learningRate: 0.1),
            "clipped" => new Sgd(table.Parameters(), learningRate: 0.1) { ClipNorm = 1 },
            "adagrad" => new AdaGrad(table.Parameters(), learningRate: 0.1),
            _ => new SparseAdam(table.Parameters(), learningRate: 0.1),
        };
        for (int step = 0; step < 4; step++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            for (int part = 0; part < 2; part++) table.Forward(Tensor.From(0, step, 2 * step + part, step, 9)).Square().Sum().Backward();
            Assert.NotNull(table.Weight.SparseGrad);
            optimizer.Step();
        }
        float[] after = table.Weight.Value.ToArray();
        for (int row = 10; row < 20; row++) Assert.Equal(before[(row * 6)..(row * 6 + 6)], after[(row * 6)..(row * 6 + 6)]);
        return table.Weight.Value.Detach();
    }
}
