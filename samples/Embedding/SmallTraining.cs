using System.Diagnostics;
using System.Globalization;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Samples.Mnist;

namespace DeepNet.Samples.Embedding;

/// <summary>Trains a small network on the made digits: the whole loop by hand, since a server does not need DeepNet.Training.</summary>
internal static class SmallTraining
{
    private const int Epochs = 2, BatchSize = 64;

    public static DigitReader Run(string folder, Action<string> say, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"there is no model and no {folder} to train one from. Give --model FILE.");
        var clock = Stopwatch.StartNew();
        var (images, labels) = (Digits.Images("train"), Digits.Labels("train"));
        var (mean, deviation) = Digits.Measured;
        Generator.SetSeed(1);
        var random = new System.Random(1);
        var model = new Cnn(8, 16, 32);
        var optimizer = new AdamW(model.Parameters(), learningRate: 3e-3f);
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            random.Shuffle(order);
            optimizer.LearningRate = 3e-3 * (1 - (epoch - 1.0) / Epochs);
            double sum = 0;
            for (int at = 0; at + BatchSize <= order.Length; at += BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = Memory.Scope();
                var (x, y) = Batch(images, labels, order.AsSpan(at, BatchSize));
                optimizer.ZeroGrad();
                var loss = Loss.CrossEntropy(model.Forward((x - mean) / deviation), y);
                loss.Backward();
                optimizer.Step();
                sum += loss.Item<float>();
            }
            say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  epoch {epoch} of {Epochs}: loss {sum / (order.Length / BatchSize):0.0000}, {clock.Elapsed.TotalSeconds:0.0} s"));
        }
        var reader = new DigitReader(model, mean, deviation);
        say(
            string.Create(
                CultureInfo.InvariantCulture, $"  {Accuracy(reader):0.00 %} of digits that it never learned from are told right."));
        return reader;
    }

    private static double Accuracy(DigitReader reader)
    {
        var (images, labels) = (Digits.Images("t10k"), Digits.Labels("t10k"));
        const int Many = 500;
        int right = 0;
        for (int at = 0; at < labels.Length; at += Many)
        {
            int count = Math.Min(Many, labels.Length - at);
            float[] x = new float[count * DigitReader.Pixels];
            for (int i = 0; i < x.Length; i++) x[i] = images[at * DigitReader.Pixels + i] / 255f;
            float[] probabilities = reader.Predict(x);
            for (int i = 0; i < count; i++)
            {
                var row = probabilities.AsSpan(i * DigitReader.Classes, DigitReader.Classes);
                if (System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(row) == labels[at + i]) right++;
            }
        }
        return (double)right / labels.Length;
    }

    private static (Tensor X, Tensor Y) Batch(byte[] images, byte[] labels, ReadOnlySpan<int> places)
    {
        float[] x = new float[places.Length * DigitReader.Pixels];
        long[] y = new long[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            y[i] = labels[places[i]];
            for (int p = 0; p < DigitReader.Pixels; p++)
                x[i * DigitReader.Pixels + p] = images[places[i] * DigitReader.Pixels + p] / 255f;
        }
        return (Tensor.From<float>(x, new Shape(places.Length, 1, DigitReader.Side, DigitReader.Side)),
            Tensor.From<long>(y, new Shape(places.Length)));
    }
}
