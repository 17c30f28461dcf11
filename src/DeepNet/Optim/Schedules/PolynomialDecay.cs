namespace DeepNet.Optim;

/// <summary>Down to a floor as a power of the steps that are left: a straight line with power 1.</summary>
/// <param name="steps">The number of steps to the floor, where it stays.</param>
/// <param name="power">The power.</param>
/// <param name="floor">The rate at the end.</param>
public sealed class PolynomialDecay(long steps, double power = 1, double floor = 0) : Curve
{
    private readonly long steps = Check.Steps(nameof(steps), steps);
    private readonly double power = Check.Positive(nameof(power), power), floor = Check.NotNegative(nameof(floor), floor);

    /// <inheritdoc/>
    public override double At(long step, double rate)
        => floor + (rate - floor) * Math.Pow(1 - (double)Math.Min(step, steps) / steps, power);
}
