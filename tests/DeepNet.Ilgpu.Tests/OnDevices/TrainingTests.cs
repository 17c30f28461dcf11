using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// The same training on the processor and on a device, with dropout: the losses stay together, and a device repeats itself bit by bit.
/// </summary>
public class TrainingTests
{
    // What does not repeat itself shows in the first steps.
    private const int Steps = 50, Repeated = 12;

    public static TheoryData<string, string> Rows => AllDevices.With(["mlp", "cnn", "lstm", "transformer"]);

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Follows_the_processor_and_repeats_itself(string device, string kind)
    {
        float[] expected = Train(kind, Device.Cpu), actual = Train(kind, Device.Parse(device));
        Assert.Equal(actual[..Repeated], Train(kind, Device.Parse(device), steps: Repeated));
        Assert.True(expected[^1] < expected[0], "nothing was learned");
        for (int i = 0; i < Steps; i++)
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[i])),
                $"step {i}: loss {actual[i]}, on the processor {expected[i]}");
    }

    public static TheoryData<string, string> HalfRows => AllDevices.With(["mlp", "cnn", "lstm", "transformer"]);

    // Where a sum falls between two bfloat16, devices may round it differently; that grows over the steps as any change of 2⁻⁹ does.
    [DeviceTheory]
    [MemberData(nameof(HalfRows))]
    public void In_bfloat16_too(string device, string kind)
    {
        float[] expected = Train(kind, Device.Cpu, DType.BFloat16), actual = Train(kind, Device.Parse(device), DType.BFloat16);
        Assert.Equal(actual[..Repeated], Train(kind, Device.Parse(device), DType.BFloat16, Repeated));
        Assert.True(expected[^1] < expected[0], "nothing was learned");
        for (int i = 0; i < Steps; i++)
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= 2e-2 * Math.Max(1, Math.Abs(expected[i])),
                $"step {i}: loss {actual[i]}, on the processor {expected[i]}");
    }

    private static float[] Train(string kind, Device device, DType type = DType.Float32, int steps = Steps)
    {
        var random = new Generator(7);
        var model = Model(kind, random);
        model.To(device);
        model.Train();
        Tensor x = Inputs(kind).To(device), labels = Tensor.RandInt(0, 3, new Shape(8), generator: new Generator(12)).To(device);
        var optimizer = new AdamW(model.Parameters(), learningRate: 3e-3) { ClipNorm = 1 };
        var losses = new float[steps];
        for (int i = 0; i < steps; i++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            Tensor loss;
            using (Autocast.To(type)) loss = Loss.CrossEntropy(model.Forward(x), labels);
            loss.Backward();
            optimizer.Step();
            losses[i] = loss.Item();
        }
        return losses;
    }

    private static Tensor Inputs(string kind) => kind switch
    {
        "mlp" => Tensor.Randn(new Shape(8, 12), generator: new Generator(11)),
        "cnn" => Tensor.Randn(new Shape(8, 1, 8, 8), generator: new Generator(11)),
        "lstm" => Tensor.Randn(new Shape(8, 5, 6), generator: new Generator(11)),
        _ => Tensor.RandInt(0, 9, new Shape(8, 6), generator: new Generator(13)),
    };

    private static Module Model(string kind, Generator random) => kind switch
    {
        "mlp" => new Sequential(
            new Linear(12, 16, generator: random), new BatchNorm1d(16), new Relu(), new Dropout(0.2, random),
            new Linear(16, 3, generator: random)),
        "cnn" => new Sequential(
            new Conv2d(1, 4, 3, padding: 1, generator: random), new Gelu(), new MaxPool2d(2), new Conv2d(4, 8, 3, generator: random),
            new Relu(),
            new GlobalAvgPool(), new Flatten(), new Dropout(0.2, random), new Linear(8, 3, generator: random)),
        "lstm" => new Reader(random),
        _ => new Classifier(random),
    };

    private sealed class Reader(Generator random) : Module
    {
        private readonly Lstm lstm = new(6, 8, batchFirst: true, generator: random);
        private readonly Dropout dropout = new(0.2, random);
        private readonly Linear head = new(8, 3, generator: random);

        public override Tensor Forward(Tensor x) => head.Forward(dropout.Forward(lstm.Forward(x).Select(1, -1)));
    }

    private sealed class Classifier : Module
    {
        private readonly Embedding embedding;
        private readonly LearnedPositionalEncoding places;
        private readonly TransformerEncoderLayer layer;
        private readonly Linear head;

        public Classifier(Generator random)
        {
            embedding = new Embedding(9, 8, generator: random);
            places = new LearnedPositionalEncoding(6, 8, random);
            layer = new(new TransformerOptions(8, 2, 16) { Dropout = 0.1, BatchFirst = true, NormFirst = true, Generator = random });
            head = new Linear(8, 3, generator: random);
        }

        public override Tensor Forward(Tensor x) => head.Forward(layer.Forward(places.Forward(embedding.Forward(x))).Mean(1));
    }
}
