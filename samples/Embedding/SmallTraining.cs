using System.Diagnostics;
using System.Globalization;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Samples.Mnist;

namespace DeepNet.Samples.Embedding;

/// <summary>Trains a small network on the made digits: the whole loop by hand, with the core alone.</summary>
internal static class SmallTraining
{
    private const int Epochs = 2, BatchSize = 64;

    public static DigitModel Run(string folder, Action<string> say, CancellationToken cancellation)
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
        var trained = new DigitModel(model, mean, deviation);
        say(
            string.Create(
                CultureInfo.InvariantCulture, $"  {Accuracy(trained):0.00 %} of digits that it never learned from are told right."));
        return trained;
    }

    private static double Accuracy(DigitModel model)
    {
        model.Eval();
        var (images, labels) = (Digits.Images("t10k"), Digits.Labels("t10k"));
        const int Many = 500;
        int right = 0;
        for (int at = 0; at < labels.Length; at += Many)
        {
            int count = Math.Min(Many, labels.Length - at);
            float[] x = new float[count * DigitModel.Pixels];
            for (int i = 0; i < x.Length; i++) x[i] = images[at * DigitModel.Pixels + i] / 255f;
            using var scope = Memory.Scope();
            using var noGrad = Autograd.NoGrad();
            long[] digits = model.Forward(Tensor.From<float>(x, new Shape(count, DigitModel.Pixels))).ArgMax(1).ToArray<long>();
            for (int i = 0; i < count; i++)
                if (digits[i] == labels[at + i]) right++;
        }
        return (double)right / labels.Length;
    }

    private static (Tensor X, Tensor Y) Batch(byte[] images, byte[] labels, ReadOnlySpan<int> places)
    {
        float[] x = new float[places.Length * DigitModel.Pixels];
        long[] y = new long[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            y[i] = labels[places[i]];
            for (int p = 0; p < DigitModel.Pixels; p++)
                x[i * DigitModel.Pixels + p] = images[places[i] * DigitModel.Pixels + p] / 255f;
        }
        return (Tensor.From<float>(x, new Shape(places.Length, 1, DigitModel.Side, DigitModel.Side)),
            Tensor.From<long>(y, new Shape(places.Length)));
    }
}
