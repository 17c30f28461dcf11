namespace DeepNet.Analysis;

/// <summary>
/// Small changes of inputs that raise the loss most: to see how brittle a model is, and to train one that is less so.
/// </summary>
/// <remarks>
/// Every element may change by up to a radius. Only gradients by the input are taken, so those of the parameters stay as they are, and the
/// model is asked in the mode it is in: call <see cref="Nn.Module.Eval"/> before a measurement.
/// </remarks>
/// <example><code>
/// var worse = Adversarial.SignStep(x => Loss.CrossEntropy(model.Forward(x), y), x, radius: 0.1, low: 0, high: 1);
/// var loss = Loss.CrossEntropy(model.Forward(worse), y);      // train on it: adversarial training
/// </code></example>
public static class Adversarial
{
    /// <summary>One step of the whole radius along the sign of the gradient: the fast gradient sign method.</summary>
    /// <param name="loss">The loss of an input, a single number; with the labels to be missed.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="radius">The largest change of an element.</param>
    /// <param name="low">The least an element can be, such as 0 for ink.</param>
    /// <param name="high">The most.</param>
    /// <returns>The changed inputs; the given ones stay as they are.</returns>
    public static Tensor SignStep(
        Func<Tensor, Tensor> loss, Tensor x, double radius, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
        => Ascend(loss, x, radius, 1, radius, null, low, high, default);

    /// <summary>
    /// Several smaller steps, put back within the radius after each: projected gradient ascent, which finds worse changes.
    /// </summary>
    /// <param name="loss">The loss of an input, a single number; with the labels to be missed.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="radius">The largest change of an element.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="stepSize">The length of a step; 2.5 · radius / steps if left out, so that the edge can be reached and walked
    /// along.</param>
    /// <param name="start">Starts at a random place within the radius, drawn from it; at x itself if null.</param>
    /// <param name="low">The least an element can be, such as 0 for ink.</param>
    /// <param name="high">The most.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The changed inputs; the given ones stay as they are.</returns>
    public static Tensor Projected(
        Func<Tensor, Tensor> loss, Tensor x, double radius, int steps = 10, double? stepSize = null, Generator? start = null,
        double low = double.NegativeInfinity, double high = double.PositiveInfinity, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return Ascend(loss, x, radius, steps, stepSize ?? 2.5 * radius / steps, start, low, high, cancellation);
    }

    private static Tensor Ascend(
        Func<Tensor, Tensor> loss, Tensor x, double radius, int steps, double stepSize, Generator? start, double low, double high,
            CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(x);
        if (!(radius >= 0) || !double.IsFinite(radius))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "[adversarial] the radius is not negative and finite.");
        if (!(stepSize >= 0) || !double.IsFinite(stepSize))
            throw new ArgumentOutOfRangeException(nameof(stepSize), stepSize, "[adversarial] a step is not negative and finite.");
        if (!(low < high))
            throw new ArgumentOutOfRangeException(nameof(low), low, $"[adversarial] elements cannot lie between {low} and {high}.");
        if (!x.DType.IsDifferentiable())
            throw new ArgumentException(
                $"[adversarial] inputs of {x.DType.Name()} have no gradient. Convert them, with To(DType.Float32).", nameof(x));
        var origin = x.Detach();
        var place = start is null ? origin : Within(origin + Tensor.Uniform(x.Shape, -radius, radius, x.DType, x.Device, start));
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            place = Within(place + stepSize * Slope(place).Sign());
        }
        return place;

        Tensor Within(Tensor moved) => (origin + (moved - origin).Clamp(-radius, radius)).Clamp(low, high).Detach();

        Tensor Slope(Tensor at)
        {
            using var recording = Autograd.EnableGrad();
            var input = at.Clone().Detach().WithGrad();
            var value = loss(input) ?? throw new InvalidOperationException("[adversarial] the loss function returned null.");
            if (value.Count != 1)
                throw new InvalidOperationException($"[adversarial] the loss has shape {value.Shape} and must be a single number.");
            return value.RequiresGrad && Autograd.TryGrad([value], [input])[0] is { } gradient
                ? gradient
                : throw new InvalidOperationException(
                    "[adversarial] the loss does not depend on the input it is given. Does the function use another tensor, or labels "
                        + "where the input should be?");
        }
    }
}
