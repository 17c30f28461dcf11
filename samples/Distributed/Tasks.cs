using DeepNet.Data;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Training;

namespace DeepNet.Samples.Scale;

/// <summary>A network, its data and its loss.</summary>
internal sealed record Tasks(Module Model, DataLoader Train, DataLoader Validation, Func<Tensor, Tensor, Tensor> Loss,
    IReadOnlyList<Metric> Metrics)
{
    private const string Alphabet = "0123456789+=;";
    private const int Context = 32;

    /// <summary>Made digits, told apart by a network with norms of batches and dropout.</summary>
    public static Tasks Digits(int batch)
    {
        var model = new Sequential(
            new Flatten(), new Linear(784, 256), new BatchNorm1d(256), new Relu(), new Dropout(0.1), new Linear(256, 128), new Relu(),
                new Linear(128, 10));
        return new(model, Images(2000, 1, batch), Images(500, 2, batch), DeepNet.Nn.Loss.CrossEntropy, [new Accuracy()]);

        static DataLoader Images(int count, ulong seed, int batch)
            => new(SyntheticData.Digits(count, seed).Normalize([0.13], [0.31]), batch, shuffle: seed == 1, seed);
    }

    /// <summary>Sums written as text, which a small GPT continues.</summary>
    public static Tasks Characters(int batch)
    {
        var model = new Gpt2(new Gpt2Config(Alphabet.Length, Context, 64, 2, 4) { Dropout = 0.1 });
        return new(model, Lines(2000, 1, batch), Lines(256, 2, batch), Loss, []);

        static Tensor Loss(Tensor logits, Tensor next)
            => DeepNet.Nn.Loss.CrossEntropy(logits.Reshape(-1, Alphabet.Length), next.Reshape(-1));
    }

    private static DataLoader Lines(int count, ulong seed, int batch)
    {
        var draw = new Generator(seed);
        long[] codes = new long[count * (Context + 1)];
        for (int at = 0; at < codes.Length;)
        {
            int a = (int)(draw.NextUInt64() % 50), b = (int)(draw.NextUInt64() % 50);
            foreach (char c in FormattableString.Invariant($"{a}+{b}={a + b};"))
                if (at < codes.Length) codes[at++] = Alphabet.IndexOf(c, StringComparison.Ordinal);
        }
        var text = Tensor.From<long>(codes, [count, Context + 1]);
        return new DataLoader(
            new TensorDataset(text[.., ..Context].Contiguous(), text[.., 1..].Contiguous()), batch, shuffle: seed == 1, seed);
    }

    /// <summary>Returns a number that two models share only if all their weights have the same bits.</summary>
    public static string Hash(Module model)
    {
        ulong hash = 14695981039346656037;
        foreach (var tensor in model.State().Values)
            foreach (float value in tensor.Detach().To(DType.Float32).ToArray<float>())
                hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
        return $"{hash:x16}";
    }
}
