namespace DeepNet.Optim;

/// <summary>A linear rise to where another curve starts, and then that curve from its own step 0.</summary>
/// <param name="steps">The number of steps of the rise.</param>
/// <param name="then">The curve after it.</param>
/// <param name="from">The share of the rate to start at; null for 1/steps, so that the first step is one of equal ones.</param>
public sealed class WarmUp(long steps, Curve then, double? from = null) : Curve
{
    private readonly long steps = Check.Steps(nameof(steps), steps);
    private readonly Curve then = then ?? throw new ArgumentNullException(nameof(then));
    private readonly double from = Check.NotNegative(nameof(from), from ?? 1.0 / steps);

    /// <inheritdoc/>
    public override double At(long step, double rate)
        => step < steps ? then.At(0, rate) * (from + (1 - from) * step / steps) : then.At(step - steps, rate);

    /// <inheritdoc/>
    public override double MomentumAt(long step, double momentum) => then.MomentumAt(Math.Max(step - steps, 0), momentum);
}
