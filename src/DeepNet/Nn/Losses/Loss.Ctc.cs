namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>
    /// Connectionist temporal classification (Graves et al. 2006): the negative logarithm of the probability that a sequence of classes
    /// says the target, once repetitions are merged and blanks dropped. It needs no alignment of steps and labels.
    /// </summary>
    /// <remarks>
    /// The processor computes it, for tensors on other devices too. The loss of a target that is too long for its steps is infinite, and
    /// its gradient is NaN.
    /// </remarks>
    /// <param name="logProbabilities">(steps, N, classes) or (steps, classes): what LogSoftmax makes.</param>
    /// <param name="target">
    /// Labels, integers: (N, longest), of which the first are read; or all one after another, (sum of the target lengths,).
    /// </param>
    /// <param name="inputLengths">The number of steps of each sequence, (N,); all of them if null.</param>
    /// <param name="targetLengths">The number of labels of each target, (N,); all of a row if null.</param>
    /// <param name="blank">The class that stands for no label.</param>
    /// <param name="zeroInfinity">True to have infinite losses, and their gradients, count as 0.</param>
    /// <param name="reduction">
    /// The reduction of the losses; before the mean each is divided by the length of its target, or by 1 if that is empty.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A label is no class or the blank, a length is out of range, or the shapes do not fit.
    /// </exception>
    public static Tensor Ctc(
        Tensor logProbabilities, Tensor target, Tensor? inputLengths = null, Tensor? targetLengths = null, int blank = 0,
        bool zeroInfinity = false, Reduction reduction = Reduction.Mean)
    {
        const string op = "ctc";
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentNullException.ThrowIfNull(target);
        var x = logProbabilities;
        if (x.Rank is not (2 or 3) || x.Shape[^1] == 0)
            throw new ArgumentException($"[{op}] log-probabilities of shape {x.Shape} must be (steps, N, classes) or (steps, classes).");
        if (blank < 0 || blank >= x.Shape[^1])
            throw new ArgumentOutOfRangeException(
                nameof(blank), $"[{op}] the blank is {blank}; there are {x.Shape[^1]} classes, so it goes from 0 to {x.Shape[^1] - 1}.");
        Domain.LogProbability.Require(op, x);
        if (!x.DType.IsDifferentiable()) x = x.To(DTypes.ComputeFloating(x.DType));
        bool isSingle = x.Rank == 2;
        if (isSingle) x = x.Unsqueeze(1);
        var targets = CtcTargetsOf(x.Shape, target, isSingle, inputLengths, targetLengths, blank, zeroInfinity);
        var losses = Ops.Ctc.Of(x, targets);
        if (reduction == Reduction.Mean)
        {
            double[] lengths = [.. targets.Counts.Select(count => (double)Math.Max(count, 1))];
            losses = losses / Tensor.From<double>(lengths, losses.Shape).To(losses.DType).To(losses.Device);
        }
        return Reduce(isSingle ? losses.Squeeze(0) : losses, reduction);
    }

    private static CtcTargets CtcTargetsOf(
        Shape shape, Tensor target, bool isSingle, Tensor? inputLengths, Tensor? targetLengths, int blank, bool zeroInfinity)
    {
        int batch = shape[1], classes = shape[2];
        long[] steps = CtcLengths("input lengths", inputLengths, batch, shape[0]);
        bool isJoined = target.Rank == 1 && !isSingle;
        if (isJoined && targetLengths is null)
            throw new ArgumentException(
                $"[ctc] targets of shape {target.Shape}, all one after another, need targetLengths. Or pad them: (N, longest).");
        if (target.Rank != (isJoined || isSingle ? 1 : 2) || (!isJoined && !isSingle && target.Shape[0] != batch))
            throw new ArgumentException($"[ctc] targets of shape {target.Shape} do not fit {batch} sequences; they must be "
                + $"{(isSingle ? "(labels,)" : $"({batch}, longest)")}, or all one after another.");
        int width = target.Shape[^1];
        long[] counts = CtcLengths("target lengths", targetLengths, batch, width);
        if (isJoined && counts.Sum() != width)
            throw new ArgumentException($"[ctc] the target lengths add up to {counts.Sum()}, and there are {width} labels.");
        long[] given = CtcIntegers("target", target);
        int most = (int)counts.DefaultIfEmpty().Max();
        long[] labels = new long[batch * most];
        int at = 0;
        for (int n = 0; n < batch; n++)
        {
            if (!isJoined) at = n * width;
            for (int i = 0; i < counts[n]; i++, at++)
            {
                if (given[at] < 0 || given[at] >= classes || given[at] == blank)
                    throw new ArgumentException($"[ctc] label {given[at]} at index {IndexCheck.Position(target.Shape, at)} "
                        + (given[at] == blank ? "is the blank, which no target contains. Is another class the blank?"
                            : $"is out of range: there are {classes} classes, so labels go from 0 to {classes - 1}."));
                labels[n * most + i] = given[at];
            }
        }
        return new CtcTargets(labels, most, steps, counts, blank, zeroInfinity);
    }

    private static long[] CtcLengths(string what, Tensor? lengths, int batch, int most)
    {
        if (lengths is null) return [.. Enumerable.Repeat((long)most, batch)];
        if (lengths.Count != batch || lengths.Rank > 1)
            throw new ArgumentException($"[ctc] {what} of shape {lengths.Shape} do not fit {batch} sequences; they must be ({batch},).");
        long[] values = CtcIntegers(what, lengths);
        int wrong = Array.FindIndex(values, value => value < 0 || value > most);
        return wrong < 0 ? values
            : throw new ArgumentException($"[ctc] number {wrong} of the {what} is {values[wrong]}; it must be from 0 to {most}.");
    }

    private static long[] CtcIntegers(string what, Tensor x) => x.DType is DType.Int64 or DType.Int32
        ? x.To(DType.Int64).ToArray<long>()
        : throw new ArgumentException($"[ctc] the {what} of shape {x.Shape} are {x.DType.Name()} and must be integers: "
            + "use To(DType.Int64).");
}
