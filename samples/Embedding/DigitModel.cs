using System.Globalization;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Samples.Mnist;

namespace DeepNet.Samples.Embedding;

/// <summary>A trained network and the scale of its inputs: from images, 0 (paper) to 1 (ink), to the probabilities of the digits.</summary>
internal sealed class DigitModel(Module network, double mean, double deviation) : Module
{
    public const int Side = 28, Pixels = Side * Side, Classes = 10;

    private const string MeanKey = "mean", DeviationKey = "std";

    private readonly Module network = network;

    public override string Description
        => string.Create(CultureInfo.InvariantCulture, $"{network.GetType().Name} with {network.ParameterCount:N0} parameters");

    /// <summary>(images, 784), row by row → (images, 10).</summary>
    public override Tensor Forward(Tensor x)
        => network.Forward((x.Reshape(x.Shape[0], 1, Side, Side) - mean) / deviation).Softmax(1);

    /// <summary>
    /// Reads weights that this program or samples/Mnist saved. Which network they belong to is told by their names and shapes.
    /// </summary>
    public static DigitModel Load(string path)
    {
        var weights = SafeTensors.Load(path, out var metadata);
        var network = Shape(weights, path);
        network.LoadState(weights);
        if (!metadata.TryGetValue(MeanKey, out string? mean) || !metadata.TryGetValue(DeviationKey, out string? deviation))
            throw new InvalidDataException(
                $"{path} does not say how its images were scaled: its metadata has no '{MeanKey}' and '{DeviationKey}'. Save it anew "
                    + "with: dotnet run --project samples/Mnist");
        return new DigitModel(network, Number(mean, path), Number(deviation, path));
    }

    public void SaveNetwork(string path) => network.Save(path, new Dictionary<string, string>
    {
        [MeanKey] = mean.ToString("R", CultureInfo.InvariantCulture),
        [DeviationKey] = deviation.ToString("R", CultureInfo.InvariantCulture),
    });

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
