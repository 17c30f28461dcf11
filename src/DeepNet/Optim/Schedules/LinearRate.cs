namespace DeepNet.Optim;

/// <summary>From one share of the rate to another in a straight line, then constant.</summary>
/// <param name="from">The share at the start.</param>
/// <param name="to">The share at the end.</param>
/// <param name="steps">The number of steps in between.</param>
public sealed class LinearRate(double from, double to, long steps) : Curve
{
    private readonly double from = Check.NotNegative(nameof(from), from), to = Check.NotNegative(nameof(to), to);
    private readonly long steps = Check.Steps(nameof(steps), steps);

    /// <inheritdoc/>
    public override double At(long step, double rate) => rate * (from + (to - from) * Math.Min(step, steps) / steps);
}
