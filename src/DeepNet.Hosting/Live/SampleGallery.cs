using System.Globalization;
using DeepNet.Data;
using DeepNet.Plots;
using DeepNet.Training;

namespace DeepNet.Hosting.Live;

/// <summary>Makes cards of examples: those of a batch of the validation part, or those that a user chose.</summary>
internal static class SampleGallery
{
    private const int Most = 12;

    /// <summary>
    /// Returns the first examples of a batch with what the model makes of them; none where outputs are no classes or numbers.
    /// </summary>
    public static IReadOnlyList<LiveCard> Of(Batch batch, in StepOutput step, IReadOnlyList<string>? classes)
    {
        if (step is not { Output: { } output, Target: { } target } || output.Rank is 0 or > 2 || target.Rank == 0) return [];
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        int count = (int)Math.Min(Math.Min(Most, output.Shape[0]), target.Shape[0]), columns = output.Rank == 2 ? (int)output.Shape[1] : 1;
        if (count == 0) return [];
        double[] outputs = Numbers(output, count), targets = Numbers(target, count);
        var images = IsImage(batch.X) ? ImageBatch.Of(batch.X.Narrow(0, 0, count)) : null;
        var cards = new List<LiveCard>();
        for (int i = 0; i < count; i++)
        {
            string? image = images?.DataUri(i);
            if (columns == 1 && targets.Length == count)
            {
                cards.Add(new($"true {Compact.Number(targets[i], 4)}", Compact.Number(outputs[i], 4), null, image));
            }
            else if (columns > 1 && targets.Length == count && !target.DType.IsFloating())
            {
                var row = outputs.AsSpan(i * columns, columns);
                int best = 0;
                for (int c = 1; c < columns; c++) if (row[c] > row[best]) best = c;
                double total = 0;
                foreach (double v in row) total += Math.Exp(v - row[best]);
                string truth = $"true {Name((int)targets[i])}";
                if (double.IsFinite(total)) truth = string.Create(CultureInfo.InvariantCulture, $"{1 / total:0 %}, {truth}");
                cards.Add(new(truth, Name(best), best == (int)targets[i], image));
            }
        }
        return cards;

        string Name(int c) => classes is not null && c >= 0 && c < classes.Count ? classes[c] : c.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Returns cards of what a user chose.</summary>
    public static IReadOnlyList<LiveCard> Of(IEnumerable<LiveSample> samples)
        => [.. samples.Select(s => new LiveCard(s.Title, s.Text, s.IsRight, s.Image is { } image ? Uri(image) : null))];

    private static string Uri(Tensor image)
    {
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        return ImageBatch.Of(image.Unsqueeze(0)).DataUri(0);
    }

    private static bool IsImage(Tensor x) => x.Rank == 4 && x.Shape[1] is 1 or 3 && x.Shape[2] * x.Shape[3] <= 256 * 256;

    private static double[] Numbers(Tensor tensor, int count)
        => tensor.Narrow(0, 0, count).To(Device.Cpu).To(DType.Float64).Contiguous().ToArray<double>();
}
