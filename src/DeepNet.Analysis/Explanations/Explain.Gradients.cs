namespace DeepNet.Analysis;

public static partial class Explain
{
    /// <summary>Computes the gradient of the score by the input: what would change it most, where nothing is saturated.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The inputs, (batch, …).</param>
    /// <param name="target">The class, one or one for each example; the one with the largest score if null.</param>
    /// <param name="timesInput">True to multiply with the input: exact shares if the model is linear.</param>
    public static Attribution Saliency(Func<Tensor, Tensor> model, Tensor x, Tensor? target = null, bool timesInput = false)
    {
        const string Method = "saliency";
        Check(Method, model, x);
        var (gradient, scores, targets) = InputGradient(Method, model, x.Detach(), y => Targets(Method, y, target));
        return new Attribution(Method, x.Detach(), timesInput ? gradient * x.Detach() : gradient, targets, Numbers(scores));
    }

    /// <summary>
    /// Computes the mean gradient on the way from a baseline to the input, times their difference: shares that add up to the difference of
    /// the scores, so that nothing is lost where a unit is saturated.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="x">The inputs, (batch, …).</param>
    /// <param name="target">The class, one or one for each example; the one with the largest score if null.</param>
    /// <param name="baseline">An input without information, broadcast to the inputs; zeros if null.</param>
    /// <param name="steps">The number of places on the way: midpoints of equal parts.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static Attribution IntegratedGradients(
        Func<Tensor, Tensor> model, Tensor x, Tensor? target = null, Tensor? baseline = null, int steps = 50,
        CancellationToken cancellation = default)
    {
        const string Method = "integrated gradients";
        Check(Method, model, x);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var end = x.Detach();
        var start = (baseline?.Detach().To(x.DType) ?? Tensor.Zeros(Shape.Scalar, x.DType, x.Device)).Expand(x.Shape);
        int[] targets;
        double[] atEnd, atStart;
        using (Autograd.NoGrad())
        {
            var scores = Scores(Method, model, end);
            targets = Targets(Method, scores, target);
            atEnd = Numbers(ScoresOf(scores, targets));
            atStart = Numbers(ScoresOf(Scores(Method, model, start.Contiguous()), targets));
        }
        var sum = Tensor.ZerosLike(end);
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var place = start + (end - start) * ((step + 0.5) / steps);
            sum += InputGradient(Method, model, place, _ => targets).Gradient;
        }
        var values = sum * (end - start) / steps;
        double[] shares = values.To(DType.Float64).Reshape(x.Shape[0], -1).Sum(1).ToArray<double>();
        return new Attribution(Method, end, values, targets, atEnd, [.. shares.Select((share, i) => share - (atEnd[i] - atStart[i]))]);
    }

    private static (Tensor Gradient, Tensor Scores, int[] Targets) InputGradient(
        string method, Func<Tensor, Tensor> model, Tensor x, Func<Tensor, int[]> choose)
    {
        using var recording = Autograd.EnableGrad();
        var input = x.Clone().WithGrad();
        var scores = Scores(method, model, input);
        int[] targets = choose(scores);
        var chosen = ScoresOf(scores, targets);
        return (Gradient(method, chosen, input), chosen.Detach(), targets);
    }
}
