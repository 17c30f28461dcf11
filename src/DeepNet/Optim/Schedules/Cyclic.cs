namespace DeepNet.Optim;

/// <summary>Specifies what becomes of the height of the cycles of <see cref="Cyclic"/>.</summary>
public enum CycleShape
{
    /// <summary>All are equally high.</summary>
    Triangular,

    /// <summary>Each is half as high as the one before.</summary>
    Halving,

    /// <summary>The height falls exponentially, step by step.</summary>
    Exponential,
}

/// <summary>
/// Up and down on straight lines, again and again (Smith 2017). The optimizer's own learning rate is the peak.
/// </summary>
/// <param name="up">The number of steps of a rise.</param>
/// <param name="floor">The lowest rate.</param>
/// <param name="down">The number of steps of a fall; as many as of a rise if null.</param>
/// <param name="shape">What becomes of the height.</param>
/// <param name="decay">The factor of the height at each step, if it falls exponentially.</param>
/// <param name="lowMomentum">The momentum at the peaks, where it goes the other way; null to leave the momentum alone.</param>
/// <param name="highMomentum">The momentum at the lowest rate.</param>
public sealed class Cyclic(
    long up, double floor, long? down = null, CycleShape shape = CycleShape.Triangular, double decay = 1, double? lowMomentum = null,
    double highMomentum = 0.9) : Curve
{
    private readonly long up = Check.Steps(nameof(up), up), length = up + Check.Steps(nameof(down), down ?? up);
    private readonly double floor = Check.NotNegative(nameof(floor), floor), decay = Check.Positive(nameof(decay), decay);
    private readonly double? low = lowMomentum is { } least ? Check.Fraction(nameof(lowMomentum), least) : null;
    private readonly double high = Check.Fraction(nameof(highMomentum), highMomentum);

    /// <inheritdoc/>
    public override double At(long step, double rate) => floor + (rate - floor) * Height(step);

    /// <inheritdoc/>
    public override double MomentumAt(long step, double momentum) => low is { } least ? high - (high - least) * Height(step) : momentum;

    private double Height(long step)
    {
        long within = step % length;
        double height = within <= up ? (double)within / up : (double)(length - within) / (length - up);
        return shape switch
        {
            CycleShape.Halving => height * Math.Pow(0.5, step / length),
            CycleShape.Exponential => height * Math.Pow(decay, step),
            _ => height,
        };
    }
}
