namespace DeepNet.Optim;

/// <summary>
/// Falls as one over the root of the steps: rate·√(scale / (scale + step)). After a warm-up of as many steps as the scale, that is
/// the schedule of the first transformers: rate·√(scale / t) at the t-th step of all.
/// </summary>
/// <param name="scale">The number of steps after which the rate is down to 1/√2.</param>
public sealed class InverseSquareRoot(long scale) : Curve
{
    private readonly long scale = Check.Steps(nameof(scale), scale);

    /// <inheritdoc/>
    public override double At(long step, double rate) => rate * Math.Sqrt((double)scale / (scale + step));
}
