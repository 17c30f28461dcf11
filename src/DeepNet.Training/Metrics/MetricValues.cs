namespace DeepNet.Training;

/// <summary>Reads what metrics are made of out of tensors.</summary>
internal static class MetricValues
{
    /// <summary>All numbers, row by row. Converted on the processor: not every device knows float64.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        return tensor.To(Device.Cpu).To(DType.Float64).Contiguous().ToArray<double>();
    }

    /// <summary>
    /// Returns the predicted and the true class of each example: the largest of several outputs (axis 1) against class numbers or one-hot
    /// rows; a single output, by a threshold, against 0 or 1.
    /// </summary>
    public static (long[] Predicted, long[] True, int Classes) Classes(string name, Tensor output, Tensor target, double threshold)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        bool single = output.Rank < 2 || output.Shape[1] == 1;
        var predicted = single ? output > threshold : output.ArgMax(1);
        var truth = !single && target.Shape == output.Shape ? target.ArgMax(1) : single
            && target.DType.IsFloating() ? target > 0.5 : target;
        if (predicted.Count != truth.Count)
            throw new ArgumentException(
                $"[{name}] outputs of shape {output.Shape} are {predicted.Count} predictions, and targets of shape {target.Shape} are "
                    + $"{truth.Count}: one class number for each prediction, or rows as long as the outputs.");
        int classes = single ? 2 : (int)output.Shape[1];
        long[] trueClasses = truth.To(Device.Cpu).To(DType.Int64).Contiguous().ToArray<long>();
        foreach (long c in trueClasses)
            if (c < 0 || c >= classes)
                throw new ArgumentException(
                    $"[{name}] a target is class {c}, and the outputs know {classes} classes, 0 to {classes - 1}. Are "
                        + "labels counted from 1?");
        return (predicted.To(Device.Cpu).To(DType.Int64).Contiguous().ToArray<long>(), trueClasses, classes);
    }

    /// <summary>The name of a metric of classes, with how they become one number.</summary>
    public static string Named(string name, Averaging? averaging)
        => averaging is null or Averaging.Binary ? name : $"{name}_{averaging.ToString()!.ToLowerInvariant()}";

    /// <summary>
    /// Returns the scores whose order tells classes apart. Of two classes one score an example: the single output, or how far the second is
    /// above the first. Of more, one for each class: the logarithm of its probability, or the probability where outputs are that already.
    /// </summary>
    public static (double[] Scores, int[] True, int Classes) Scores(string name, Tensor output, Tensor target, bool fromLogits)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (output.Rank > 2) throw new ArgumentException($"[{name}] outputs are (N), (N, 1) or (N, classes), not {output.Shape}.");
        double[] scores = Numbers(output);
        if (output.Rank == 2 && output.Shape[1] > 2)
        {
            var (_, classNumbers, classes) = Classes(name, output, target, 0);
            if (fromLogits)
                for (int i = 0; i < classNumbers.Length; i++) LogProbabilities(scores.AsSpan(i * classes, classes));
            return (scores, [.. classNumbers.Select(c => (int)c)], classes);
        }
        double[] truth = Numbers(target);
        if (output.Rank == 2 && output.Shape[1] == 2)
        {
            scores = Pairs(scores);
            if (target.Shape == output.Shape) truth = [.. truth.Where((_, i) => i % 2 == 1)];
        }
        if (scores.Length != truth.Length)
            throw new ArgumentException($"[{name}] there are {scores.Length} scores and {truth.Length} targets.");
        foreach (double t in truth)
            if (t is not (0 or 1)) throw new ArgumentException($"[{name}] a target is {t}; of two classes they are 0 and 1.");
        return (scores, [.. truth.Select(t => (int)t)], 2);
    }

    /// <summary>Outputs and targets number by number, of the same shape up to axes of length 1.</summary>
    public static (double[] Predicted, double[] True) Paired(string name, Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (!Squeezed(output).SequenceEqual(Squeezed(target)))
            throw new ArgumentException(
                $"[{name}] outputs of shape {output.Shape} and targets of shape {target.Shape} do not belong together number by number.");
        return (Numbers(output), Numbers(target));
    }

    private static IEnumerable<nint> Squeezed(Tensor tensor)
    {
        for (int i = 0; i < tensor.Rank; i++)
            if (i == 0 || tensor.Shape[i] != 1) yield return tensor.Shape[i];
    }

    // Of two logits only the difference counts, and the two of softmax differ in the same order.
    private static double[] Pairs(double[] values)
    {
        double[] scores = new double[values.Length / 2];
        for (int i = 0; i < scores.Length; i++) scores[i] = values[2 * i + 1] - values[2 * i];
        return scores;
    }

    // The largest stands apart, so that a probability close to 1 keeps its distance from it: scores must not become equal by rounding.
    private static void LogProbabilities(Span<double> logits)
    {
        int largest = 0;
        for (int c = 1; c < logits.Length; c++)
            if (!(logits[c] <= logits[largest])) largest = c;
        double max = logits[largest], others = 0;
        for (int c = 0; c < logits.Length; c++)
            if (c != largest) others += Math.Exp(logits[c] - max);
        double log = others < 1e-8 ? others : Math.Log(1 + others);
        foreach (ref double z in logits) z = z - max - log;
    }
}
