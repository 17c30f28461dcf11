namespace DeepNet.Optim;

/// <summary>Down to a floor along half a cosine (Loshchilov and Hutter 2017, without restarts).</summary>
/// <param name="steps">The number of steps to the floor. After them the cosine rises again, as PyTorch's does, unless
/// <paramref name="stay"/> is true.</param>
/// <param name="floor">The rate at the end.</param>
/// <param name="stay">Whether the rate stays at the floor.</param>
public sealed class CosineDecay(long steps, double floor = 0, bool stay = true) : Curve
{
    private readonly long steps = Check.Steps(nameof(steps), steps);
    private readonly double floor = Check.NotNegative(nameof(floor), floor);

    /// <inheritdoc/>
    public override double At(long step, double rate) => Between(rate, floor, (double)(stay ? Math.Min(step, steps) : step) / steps);

    /// <summary>From one value to another along half a cosine, as the share goes from 0 to 1.</summary>
    internal static double Between(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;
}
