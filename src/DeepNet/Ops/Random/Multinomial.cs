namespace DeepNet.Ops;

/// <summary>
/// Draws categories by weights, on the processor and in float64, so that they are the same on all devices: with replacement by searching
/// running sums, without it as the first to arrive of exponential waiting times.
/// </summary>
internal static class Multinomial
{
    private const string Op = "multinomial";

    public static Tensor Of(Tensor weights, int count, bool replacement, Generator? generator)
    {
        if (weights.Rank is not (1 or 2))
            throw new ArgumentException(
                $"[{Op}] weights of shape {weights.Shape}: they must have the shape (categories) or (rows, categories).");
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var off = GradSwitch.Off();
        var p = GammaMoment.Host(weights).Contiguous();
        Check(p, count, replacement);
        Shape shape = weights.Rank == 1 ? [count] : [weights.Shape[0], count];
        if (replacement)
        {
            var sums = p.CumSum(-1);
            // Below the last sum even after rounding, so that the category found has a weight.
            var places = Tensor.Rand(shape, DType.Float64, generator: generator) * sums.Narrow(-1, p.Shape[^1] - 1, 1);
            return sums.SearchSorted(places, right: true).To(weights.Device);
        }
        var waits = -(1 - Tensor.Rand(p.Shape, DType.Float64, generator: generator)).Log() / p;
        return waits.TopK(count, -1, largest: false).Indices.To(weights.Device);
    }

    private static void Check(Tensor p, int count, bool replacement)
    {
        if (!(p.IsFinite() & (p >= 0)).All().Item<bool>())
            throw new ArgumentException(
                $"[{Op}] the weights of shape {p.Shape} must be finite and not negative. Logits become weights by Softmax(-1).");
        long least = p.Shape[^1] == 0 ? 0 : p.Count == 0 ? count : p.CountNonZero(-1).Min().Item<long>();
        long needed = replacement ? 1 : count;
        if (least < needed)
            throw new ArgumentException(
                $"[{Op}] a row of the weights of shape {p.Shape} has {least} categories of a weight above zero, and "
                + $"{needed} are needed{(replacement ? "." : " to draw without replacement.")}");
    }
}
