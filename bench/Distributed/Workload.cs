using DeepNet.Data;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Bench.Ranks;

/// <summary>A small GPT on random characters, whose computing and gradients are in a proportion that networks of its kind have.</summary>
internal sealed class Workload
{
    private const int Vocabulary = 64, Context = 32, Width = 128, Layers = 4, Heads = 4;

    public Workload(int batch, int batches)
    {
        Generator.SetSeed(1);
        Model = new Gpt2(new Gpt2Config(Vocabulary, Context, Width, Layers, Heads));
        var text = Tensor.RandInt(0, Vocabulary, new Shape(batch * batches, Context + 1));
        Memory.Keep(text);
        Train = new DataLoader(new TensorDataset(text[.., ..Context].Contiguous(), text[.., 1..].Contiguous()), batch, shuffle: false);
        Optimizer = new AdamW(Model.Parameters(), learningRate: 1e-4);
    }

    public Gpt2 Model { get; }

    public DataLoader Train { get; }

    public Optimizer Optimizer { get; }

    public static Tensor Loss(Tensor logits, Tensor next) => Nn.Loss.CrossEntropy(logits.Reshape(-1, Vocabulary), next.Reshape(-1));

    public Trainer Trainer(Strategy? strategy)
        => new(Model, Optimizer, Loss) { Strategy = strategy, Progress = ProgressStyle.None, HandleSignals = false, Seed = 2 };
}
