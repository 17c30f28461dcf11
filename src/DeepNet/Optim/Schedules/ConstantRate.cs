namespace DeepNet.Optim;

/// <summary>The rate itself, or a share of it, for some steps or for ever; then the rate itself.</summary>
/// <param name="share">The factor that the rate is multiplied by.</param>
/// <param name="steps">For how many steps.</param>
public sealed class ConstantRate(double share = 1, long steps = long.MaxValue) : Curve
{
    private readonly double share = Check.NotNegative(nameof(share), share);
    private readonly long steps = Check.Steps(nameof(steps), steps);

    /// <inheritdoc/>
    public override double At(long step, double rate) => step < steps ? rate * share : rate;
}
