using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training.Reports;

/// <summary>Specifies the kind of task of a model, by its outputs and targets.</summary>
internal enum TaskKind
{
    Other,
    Classes,
    TwoClasses,
    Numbers,
}

/// <summary>Evaluates a model on a data set, in one pass: everything that the report shows of it.</summary>
internal sealed class FinalLook
{
    private const int MostNumbers = 200_000;       // of residuals and scores, which are drawn point by point

    private readonly int most;
    private readonly PriorityQueue<Mistake, double> worst = new();

    private FinalLook(TrainingReport report)
    {
        Matrix = new ConfusionMatrix(report.Classes, report.Threshold);
        most = Math.Max(0, report.Mistakes);
    }

    public TaskKind Kind { get; private set; }
    public int Examples { get; private set; }
    public Shape? InputShape { get; private set; }
    public DType InputType { get; private set; }
    public ConfusionMatrix Matrix { get; }
    public List<double> Scores { get; } = [];
    public List<bool> Positive { get; } = [];
    public List<double> Predicted { get; } = [];
    public List<double> True { get; } = [];

    /// <summary>The worst first.</summary>
    public List<Mistake> Mistakes { get; private set; } = [];

    /// <summary>Goes through the data once, as an evaluation does.</summary>
    public static FinalLook At(Trainer trainer, TrainingData data, TrainingReport report)
    {
        var look = new FinalLook(report);
        using (new EvaluationMode(trainer, data.Loader))
        {
            using var batches = data.Begin(default);
            while (batches.MoveNext())
            {
                using var scope = Memory.Scope();
                using var noGrad = Autograd.NoGrad();
                look.Add(batches.Current, batches.Current.Compute(), report);
            }
        }
        look.Mistakes = [.. look.worst.UnorderedItems.OrderByDescending(m => m.Priority).ThenBy(m => m.Element.Index)
            .Select(m => m.Element)];
        return look;
    }

    private void Add(TrainingBatch batch, StepOutput step, TrainingReport report)
    {
        var x = batch.Pair?.X;
        if (x is not null) (InputShape, InputType) = (InputShape ?? OfOne(x.Shape), x.DType);
        if (step is { Output: { } output, Target: { } target })
        {
            if (Examples == 0) Kind = KindOf(output, target);
            if (Kind is TaskKind.Classes or TaskKind.TwoClasses) AddClasses(batch.Count, x, output, target, report);
            else if (Kind == TaskKind.Numbers && Predicted.Count < MostNumbers)
            {
                Predicted.AddRange(MetricValues.Numbers(output));
                True.AddRange(MetricValues.Numbers(target));
            }
        }
        Examples += batch.Count;
    }

    private void AddClasses(int count, Tensor? x, Tensor output, Tensor target, TrainingReport report)
    {
        var (predicted, truth, classes) = MetricValues.Classes("report", output, target, report.Threshold);
        Matrix.Update(output, target);
        double[] values = MetricValues.Numbers(output);
        bool single = values.Length == predicted.Length;
        if (Kind == TaskKind.TwoClasses && Scores.Count < MostNumbers)
            for (int i = 0; i < predicted.Length; i++)
            {
                Scores.Add(single ? values[i] : values[2 * i + 1] - values[2 * i]);
                Positive.Add(truth[i] == 1);
            }
        if (predicted.Length != count) return;       // a class for each pixel: no single image is wrong
        for (int i = 0; i < predicted.Length && most > 0; i++)
        {
            if (predicted[i] == truth[i]) continue;
            double sure = single
                ? Probability(values[i], predicted[i] == 1, report.Threshold)
                : Probability(values.AsSpan(i * classes, classes), (int)predicted[i]);
            if (worst.Count == most && worst.TryPeek(out _, out double least) && !(sure > least)) continue;
            worst.Enqueue(new Mistake(Examples + i, (int)truth[i], (int)predicted[i], sure, x is null ? null : ImageOf(x, i, report)),
                sure);
            if (worst.Count > most) worst.Dequeue();
        }
    }

    private static TaskKind KindOf(Tensor output, Tensor target)
    {
        bool whole = !target.DType.IsFloating();
        int columns = output.Rank < 2 ? 1 : (int)output.Shape[1];
        if (columns > 1 && (whole ? target.Count * columns == output.Count : IsOneHot(output, target)))
            return columns == 2 && output.Rank == 2 ? TaskKind.TwoClasses : TaskKind.Classes;
        if (output.Count != target.Count) return TaskKind.Other;
        if (columns == 1 && output.Rank <= 2 && Array.TrueForAll(MetricValues.Numbers(target), t => t is 0 or 1))
            return TaskKind.TwoClasses;
        return whole ? TaskKind.Other : TaskKind.Numbers;
    }

    private static bool IsOneHot(Tensor output, Tensor target)
    {
        if (output.Rank != 2 || target.Shape != output.Shape) return false;
        double[] values = MetricValues.Numbers(target);
        int columns = (int)target.Shape[1];
        for (int i = 0; i < values.Length; i += columns)
        {
            var row = values.AsSpan(i, columns);
            if (row.Count(1.0) != 1 || row.Count(0.0) != columns - 1) return false;
        }
        return true;
    }

    /// <summary>
    /// Returns the predicted probability of one of two classes: a threshold between 0 and 1 is for probabilities, any other for logits.
    /// </summary>
    private static double Probability(double value, bool predictedOne, double threshold)
    {
        double one = threshold is > 0 and < 1 ? value : 1 / (1 + Math.Exp(-value));
        return predictedOne ? one : 1 - one;
    }

    /// <summary>Returns the predicted probability of a class; outputs that are no probabilities yet are taken for logits.</summary>
    private static double Probability(ReadOnlySpan<double> row, int index)
    {
        double sum = 0, highest = double.NegativeInfinity;
        bool areProbabilities = true;
        foreach (double v in row)
        {
            sum += v;
            highest = Math.Max(highest, v);
            areProbabilities &= v >= 0;
        }
        if (areProbabilities && Math.Abs(sum - 1) < 1e-3) return row[index];
        double total = 0;
        foreach (double v in row) total += Math.Exp(v - highest);
        return Math.Exp(row[index] - highest) / total;
    }

    private static Tensor? ImageOf(Tensor x, int index, TrainingReport report)
    {
        var one = x[index..(index + 1)];
        bool isImage = x.Rank == 4 && x.Shape[1] is 1 or 3;
        if (!isImage && report.ImageSize is { } size && x.Count / x.Shape[0] is var numbers && numbers % (size.Height * size.Width) == 0
            && numbers / (size.Height * size.Width) is 1 or 3)
            (one, isImage) = (one.Reshape(1, (int)(numbers / (size.Height * size.Width)), size.Height, size.Width), true);
        return isImage ? Memory.Keep(one.To(Device.Cpu).To(DType.Float32).CopyDense()) : null;
    }

    private static Shape OfOne(Shape shape)
    {
        int[] sizes = [.. Enumerable.Range(0, shape.Rank).Select(i => i == 0 ? 1 : (int)shape[i])];
        return new Shape(sizes);
    }
}
