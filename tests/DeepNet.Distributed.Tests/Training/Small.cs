using DeepNet.Data;
using DeepNet.Data.Transforms;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Distributed.Tests.Training;

/// <summary>A small network with everything that could depend on who computes a part: norms of batches, dropout, augmentation, an uneven
/// last batch.</summary>
internal sealed class Small : IDisposable
{
    public const int Examples = 83, Batch = 32;         // batches of 32, 32 and 19

    public Small(Device? device = null)
    {
        Generator.SetSeed(5);
        Model = new Sequential(new Linear(6, 24), new BatchNorm1d(24), new Relu(), new Dropout(0.3), new Linear(24, 16), new Tanh(),
            new Linear(16, 3));
        if (device is not null) Model.To(device);
        Optimizer = new Adam(Model.Parameters(), learningRate: 1e-2) { ClipNorm = 0.5 };
        (Train, Validation) = (Loader(1, shuffle: true), Loader(2, shuffle: false));
    }

    public Sequential Model { get; }

    public Optimizer Optimizer { get; }

    public DataLoader Train { get; }

    public DataLoader Validation { get; }

    private static DataLoader Loader(ulong seed, bool shuffle)
    {
        var draw = new Generator(seed);
        var x = Memory.Keep(Tensor.Randn(new Shape(Examples, 6), generator: draw));
        var y = Memory.Keep((x[.., 0] * 2 - x[.., 1]).Clamp(0, 2).Round().To(DType.Int64));
        return new DataLoader(new TensorDataset(x, y), Batch, shuffle, seed: 3) { Transform = new GaussianNoise(0.1) };
    }

    public Trainer Trainer(Strategy? strategy, params Callback[] callbacks) => new(Model, Optimizer, Loss.CrossEntropy)
    {
        Strategy = strategy,
        Metrics = [new Accuracy(), new MeanScore(), new RocAuc(Averaging.Macro)],
        Callbacks = callbacks,
        Progress = ProgressStyle.None,
        HandleSignals = false,
        Seed = 11,
    };

    /// <summary>All that a run has come to, to the bit.</summary>
    public string Bits(History history) => $"{Hash(Model.State().Values)}: "
        + string.Join("; ", history.Epochs.Select(e => string.Join(", ", e.Values.Select(v => $"{v.Key} {v.Value:R}"))));

    public static string Hash(IEnumerable<Tensor> tensors)
    {
        ulong hash = 14695981039346656037;
        foreach (var tensor in tensors)
            foreach (float v in tensor.Detach().To(DType.Float32).ToArray<float>())
                hash = (hash ^ BitConverter.SingleToUInt32Bits(v)) * 1099511628211;
        return $"{hash:x16}";
    }

    public void Dispose()
    {
        foreach (var tensor in Model.State().Values) tensor.Dispose();
    }
}

/// <summary>A figure whose sum of doubles depends on the order.</summary>
internal sealed class MeanScore : Metric
{
    private double sum, count;

    public override string Name => "mean_score";
    public override double Value => sum / count;
    public override void Reset() => (sum, count) = (0, 0);

    public override void Update(Tensor output, Tensor target)
    {
        foreach (float v in output.ToArray<float>()) (sum, count) = (sum + Math.Exp(v), count + 1);
    }

    public override double[] State() => [sum, count];
    public override void Merge(ReadOnlySpan<double> state) => (sum, count) = (sum + state[0], count + state[1]);
}
