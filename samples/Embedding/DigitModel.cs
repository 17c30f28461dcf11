using System.Globalization;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Samples.Mnist;

namespace DeepNet.Samples.Embedding;

/// <summary>
/// A trained network and how its inputs were scaled. It is only read after it was made, so any number of threads can ask it at the same
/// time: a forward pass without gradients keeps everything it makes in its own memory scope.
/// </summary>
internal sealed class DigitReader
{
    public const int Side = 28, Pixels = Side * Side, Classes = 10;

    private const string MeanKey = "mean", DeviationKey = "std";

    private readonly Module model;
    private readonly double mean, deviation;

    public DigitReader(Module model, double mean, double deviation)
    {
        (this.model, this.mean, this.deviation) = (model, mean, deviation);
        model.Eval();
        Description = string.Create(CultureInfo.InvariantCulture, $"{model.GetType().Name} with {model.ParameterCount:N0} parameters");
    }

    public string Description { get; }

    /// <summary>
    /// Reads weights that this program or samples/Mnist saved. Which network they belong to is told by their names and shapes.
    /// </summary>
    public static DigitReader Load(string path)
    {
        var weights = SafeTensors.Load(path, out var metadata);
        var model = Shape(weights, path);
        model.LoadState(weights);
        if (!metadata.TryGetValue(MeanKey, out string? mean) || !metadata.TryGetValue(DeviationKey, out string? deviation))
            throw new InvalidDataException(
                $"{path} does not say how its images were scaled: its metadata has no '{MeanKey}' and '{DeviationKey}'. Save it anew "
                    + "with: dotnet run --project samples/Mnist");
        return new DigitReader(model, Number(mean, path), Number(deviation, path));
    }

    public void Save(string path) => model.Save(path, new Dictionary<string, string>
    {
        [MeanKey] = mean.ToString("R", CultureInfo.InvariantCulture),
        [DeviationKey] = deviation.ToString("R", CultureInfo.InvariantCulture),
    });

    /// <summary>The probabilities of the ten digits for each of some images, one after the other.</summary>
    /// <param name="pixels">Images of 28×28, row by row, from 0 (paper) to 1 (ink).</param>
    public float[] Predict(ReadOnlySpan<float> pixels)
    {
        if (pixels.Length == 0 || pixels.Length % Pixels != 0)
            throw new ArgumentException($"[predict] {pixels.Length} numbers are no images of {Side}×{Side}.");
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        var x = Tensor.From(pixels, new Shape(pixels.Length / Pixels, 1, Side, Side));
        return model.Forward((x - mean) / deviation).Softmax(1).ToArray<float>();
    }

    private static Module Shape(IReadOnlyDictionary<string, Tensor> weights, string path)
    {
        // A network is made only as large as the weights that there are, whatever one of them claims.
        if (Shapes(
            weights, "conv1.weight", "conv2.weight", "conv3.weight") is [[var first, 1, 5, 5], [var second, var from1, 3, 3],
            [var third, var from2, 3, 3]]
            && from1 == first && from2 == second)
            return new Cnn(first, second, third);
        if (Shapes(weights, "fc1.weight", "fc2.weight") is [[var hidden, Pixels], [var half, var from]] && from == hidden
            && half == hidden / 2) return new Mlp(hidden);
        throw new InvalidDataException(
            $"{path} is no model of samples/Mnist: it holds {string.Join(", ", weights.Keys.Take(6).Select(Printable.Line))}. Train one "
                + "with: dotnet run --project samples/Mnist");
    }

    private static int[][] Shapes(IReadOnlyDictionary<string, Tensor> weights, params string[] names)
        => [.. names.Where(weights.ContainsKey).Select(name => weights[name].Shape.ToArray())];

    private static double Number(string text, string path)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
            : throw new InvalidDataException($"{path} says that its images were scaled by '{Printable.Line(text)}', which is no number.");
}
