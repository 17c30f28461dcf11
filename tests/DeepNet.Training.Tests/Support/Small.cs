using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Training.Tests.Support;

/// <summary>
/// A small problem: three blobs, 120 examples in batches of 16, so that the last one is not full; a network with dropout.
/// </summary>
internal static class Small
{
    public const int Classes = 3, Examples = 120, BatchSize = 16, Batches = 8;

    public static TensorDataset Blobs(ulong seed = 5)
    {
        var generator = new Generator(seed);
        var y = Tensor.RandInt(0, Classes, new Shape(Examples), generator: generator);
        var centres = Tensor.From<float>(2, 0, -1, 1.7f, -1, -1.7f).Reshape(3, 2);
        var x = centres.IndexSelect(0, y) + Tensor.Randn(new Shape(Examples, 2), generator: generator);
        return new TensorDataset(x, y);
    }

    public static DataLoader Train(int batchSize = BatchSize) => new(Blobs(), batchSize, shuffle: true, seed: 3);

    public static DataLoader Validation() => new(Blobs(seed: 6), 50);

    public static Net Model(double dropout = 0.2)
    {
        Generator.SetSeed(11);
        return new Net(dropout);
    }

    public static Trainer Trainer(Net model, params Callback[] callbacks)
        => new(model, new Adam(model.Parameters(), learningRate: 0.02), Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Callbacks = callbacks,
            Seed = 7,
            Progress = ProgressStyle.None,
        };

    /// <summary>All weights, one after the other.</summary>
    public static float[] Weights(Module model) => [.. model.State().Values.SelectMany(t => t.ToArray())];

    public sealed class Net(double dropout = 0.2) : Module
    {
        private readonly Linear fc1 = new(2, 16), fc2 = new(16, Classes);
        private readonly BatchNorm1d norm = new(16);
        private readonly Dropout drop = new(dropout);

        public override Tensor Forward(Tensor x) => fc2.Forward(drop.Forward(norm.Forward(fc1.Forward(x)).Relu()));
    }
}
