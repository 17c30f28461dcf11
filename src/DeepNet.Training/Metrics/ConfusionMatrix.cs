using System.Globalization;
using System.Text;
using DeepNet.IO;
using DeepNet.Plots;

namespace DeepNet.Training;

/// <summary>Represents how often each class was predicted as each other.</summary>
/// <remarks>
/// As a metric its value is the accuracy. A share of nothing is 0: the precision of a class that is true but never predicted. A class that
/// is neither predicted nor true has NaN, and stands aside when classes are averaged.
/// </remarks>
/// <param name="names">The names of the classes; 0, 1, 2… if left out.</param>
/// <param name="threshold">For single outputs: those above it count as class 1. 0 for logits, 0.5 for probabilities.</param>
public sealed class ConfusionMatrix(IReadOnlyList<string>? names = null, double threshold = 0) : Metric
{
    private long[,] counts = new long[0, 0];

    /// <inheritdoc/>
    public override string Name => "confusion_accuracy";

    /// <summary>The accuracy: the share on the diagonal.</summary>
    public override double Value => Total == 0 ? double.NaN : (double)Right / Total;

    /// <summary>Gets the number of classes: all that the outputs have.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>Gets the number of examples seen.</summary>
    public long Total { get; private set; }

    /// <summary>Gets the number of examples of a class that were predicted as another.</summary>
    public long this[int trueClass, int predictedClass] => counts[trueClass, predictedClass];

    /// <summary>Gets the number of examples that were predicted as another class.</summary>
    public long Wrong => Total - Right;

    private long Right
    {
        get
        {
            long right = 0;
            for (int c = 0; c < Classes; c++) right += counts[c, c];
            return right;
        }
    }

    /// <inheritdoc/>
    public override void Reset() => (counts, Total) = (new long[0, 0], 0);

    /// <inheritdoc/>
    public override double[] State() => [.. counts.Cast<long>().Select(c => (double)c)];

    /// <inheritdoc/>
    public override void Merge(ReadOnlySpan<double> state)
    {
        int classes = (int)Math.Sqrt(state.Length);
        Grow(classes);
        for (int i = 0; i < state.Length; i++)
        {
            counts[i / classes, i % classes] += (long)state[i];
            Total += (long)state[i];
        }
    }

    /// <inheritdoc/>
    public override void Update(Tensor output, Tensor target)
    {
        var (predicted, truth, classes) = MetricValues.Classes("confusion_matrix", output, target, threshold);
        Grow(classes);
        for (int i = 0; i < predicted.Length; i++) counts[truth[i], predicted[i]]++;
        Total += predicted.Length;
    }

    /// <summary>Returns the name of a class.</summary>
    public string NameOf(int index)
        => names is not null && index < names.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the number of examples of a class.</summary>
    public long Support(int index) => Sum(index, ofTrue: true);

    /// <summary>Of those predicted to be of a class, how many are.</summary>
    public double Precision(int index) => Share(index, Sum(index, ofTrue: false));

    /// <summary>Of those that are of a class, how many were found.</summary>
    public double Recall(int index) => Share(index, Sum(index, ofTrue: true));

    /// <summary>Precision and recall in one, recall counting β times as much.</summary>
    public double FBeta(int index, double beta = 1)
    {
        double b = beta * beta;
        return IsAbsent(index) ? double.NaN : (1 + b) * counts[index, index] / (b * Sum(index, ofTrue: true) + Sum(index, ofTrue: false));
    }

    /// <summary>The precision of all classes in one number.</summary>
    public double Precision(Averaging averaging) => Average("precision", averaging, Precision);

    /// <summary>The recall of all classes in one number.</summary>
    public double Recall(Averaging averaging) => Average("recall", averaging, Recall);

    /// <summary>The F score of all classes in one number.</summary>
    public double FBeta(Averaging averaging, double beta = 1) => Average("f_beta", averaging, c => FBeta(c, beta));

    /// <summary>As an image.</summary>
    /// <param name="byRow">Colours and writes shares of each true class, so that rare classes are seen too.</param>
    public Plot ToPlot(bool byRow = false)
    {
        double[,] shown = new double[Classes, Classes];
        for (int i = 0; i < Classes; i++)
            for (int j = 0; j < Classes; j++)
                shown[i, j] = byRow ? (Support(i) == 0 ? double.NaN : (double)counts[i, j] / Support(i)) : counts[i, j];
        string[] labels = [.. Enumerable.Range(0, Classes).Select(NameOf)];
        int size = Math.Clamp(180 + 40 * Classes, 320, 900);
        return new Plot(byRow ? "Confusion, as shares of each true class" : "Confusion")
        {
            XLabel = "predicted",
            YLabel = "true",
            ColorMap = ColorMap.Blues,
            ZMin = 0,
            ZMax = byRow || Total == 0 ? 1 : null,
            Width = size + 60,
            Height = size,
        }.HeatMap(shown, labels, labels, showValues: Classes <= 30);
    }

    /// <summary>As text: a row for each true class, with its recall; precision below.</summary>
    public override string ToString()
    {
        string[] labels = [.. Enumerable.Range(0, Classes).Select(c => Printable.Line(NameOf(c)))];
        int first = Math.Max("true \\ predicted".Length, labels.Select(l => l.Length).DefaultIfEmpty(0).Max());
        int[] widths = [.. Enumerable.Range(0, Classes)
            .Select(j => Math.Max(Math.Max(labels[j].Length, 6), Enumerable.Range(0, Classes).Max(i => Text(counts[i, j]).Length)))];
        var text = new StringBuilder("true \\ predicted".PadRight(first));
        for (int j = 0; j < Classes; j++) text.Append("  ").Append(labels[j].PadLeft(widths[j]));
        text.Append("  recall\n");
        for (int i = 0; i < Classes; i++)
        {
            text.Append(labels[i].PadRight(first));
            for (int j = 0; j < Classes; j++) text.Append("  ").Append(Text(counts[i, j]).PadLeft(widths[j]));
            text.Append("  ").Append(Share(Recall(i)).PadLeft(6)).Append('\n');
        }
        text.Append("precision".PadRight(first));
        for (int j = 0; j < Classes; j++) text.Append("  ").Append(Share(Precision(j)).PadLeft(widths[j]));
        return text.ToString();

        static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
        static string Share(double share) => share.ToString("0.0000", CultureInfo.InvariantCulture);
    }

    private double Average(string name, Averaging averaging, Func<int, double> of)
    {
        switch (averaging)
        {
            case Averaging.Micro:
                return Value;
            case Averaging.Binary:
                if (Classes is not (0 or 2))
                    throw new InvalidOperationException(
                        $"[{name}] Averaging.Binary is about two classes, and there are {Classes}; take Macro, Micro or Weighted.");
                return Total == 0 ? double.NaN : of(1);
            default:
                double sum = 0, weights = 0;
                for (int c = 0; c < Classes; c++)
                {
                    if (IsAbsent(c)) continue;
                    double weight = averaging == Averaging.Macro ? 1 : Support(c);
                    sum += weight * of(c);
                    weights += weight;
                }
                return weights == 0 ? double.NaN : sum / weights;
        }
    }

    private double Share(int index, long whole) => IsAbsent(index) ? double.NaN : whole == 0 ? 0 : (double)counts[index, index] / whole;

    private bool IsAbsent(int index) => Sum(index, ofTrue: true) + Sum(index, ofTrue: false) == 0;

    private long Sum(int index, bool ofTrue)
    {
        long sum = 0;
        for (int other = 0; other < Classes; other++) sum += ofTrue ? counts[index, other] : counts[other, index];
        return sum;
    }

    private void Grow(int classes)
    {
        if (classes <= Classes) return;
        long[,] larger = new long[classes, classes];
        for (int i = 0; i < Classes; i++)
            for (int j = 0; j < Classes; j++) larger[i, j] = counts[i, j];
        counts = larger;
    }
}
