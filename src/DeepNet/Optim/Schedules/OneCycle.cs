namespace DeepNet.Optim;

/// <summary>
/// Up to the full rate and down to almost nothing, while the momentum goes the other way (Smith and Topin 2018). The optimizer's
/// own learning rate is the peak.
/// </summary>
public sealed class OneCycle : Curve
{
    private readonly (double End, double Rate, double Momentum)[] phases; // where each ends, and the shares it ends at
    private readonly (double Rate, double Momentum) start;
    private readonly double? low, high;
    private readonly bool cosine;

    /// <summary>Makes the curve.</summary>
    /// <param name="steps">The number of steps in all.</param>
    /// <param name="rise">The share of them that the rise takes.</param>
    /// <param name="divide">The first rate is the peak divided by this.</param>
    /// <param name="divideFinally">The last rate is the first one divided by this.</param>
    /// <param name="lowMomentum">The momentum at the peak of the rate; null to leave the momentum alone.</param>
    /// <param name="highMomentum">The momentum at both ends.</param>
    /// <param name="cosine">Half cosines between the corners; straight lines if false.</param>
    /// <param name="threePhases">Down to the first rate as slowly as up, and only then to the last one.</param>
    public OneCycle(
        long steps, double rise = 0.3, double divide = 25, double divideFinally = 1e4, double? lowMomentum = 0.85,
        double highMomentum = 0.95, bool cosine = true, bool threePhases = false)
    {
        Check.Steps(nameof(steps), steps);
        if (rise is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(rise), $"[one_cycle] rise is {rise}; it is a share of the steps and must be above 0 and below 1.");
        double first = 1 / Check.Positive(nameof(divide), divide), last = first / Check.Positive(nameof(divideFinally), divideFinally);
        if (threePhases && rise > 0.5)
            throw new ArgumentOutOfRangeException(
                nameof(rise), $"[one_cycle] with three phases the rise is at most half of the steps, not {rise}.");
        this.cosine = cosine;
        low = lowMomentum is { } share ? Check.Fraction(nameof(lowMomentum), share) : null;
        high = lowMomentum is null ? null : Check.Fraction(nameof(highMomentum), highMomentum);
        start = (first, 0);
        // A share of 0 of the momentum's way is the high one, 1 is the low one.
        phases = threePhases
            ? [(rise * steps - 1, 1, 1), (2 * rise * steps - 2, first, 0), (steps - 1, last, 0)]
            : [(rise * steps - 1, 1, 1), (steps - 1, last, 0)];
    }

    /// <inheritdoc/>
    public override double At(long step, double rate)
    {
        var (from, to, share) = Find(step);
        return Between(rate * from.Rate, rate * to.Rate, share);
    }

    /// <inheritdoc/>
    public override double MomentumAt(long step, double momentum)
    {
        if (low is not { } least || high is not { } most) return momentum;
        var (from, to, share) = Find(step);
        return Between(from.Momentum == 0 ? most : least, to.Momentum == 0 ? most : least, share);
    }

    private ((double Rate, double Momentum) From, (double Rate, double Momentum) To, double Fraction) Find(long step)
    {
        double begin = 0;
        var from = start;
        for (int i = 0; ; i++)
        {
            var (end, rate, momentum) = phases[i];
            bool isLast = i == phases.Length - 1;
            if (step <= end || isLast)
                return (from, (rate, momentum), end > begin ? Math.Min((step - begin) / (end - begin), 1) : 1);
            begin = end;
            from = (rate, momentum);
        }
    }

    private double Between(double from, double to, double share)
        => cosine ? CosineDecay.Between(from, to, share) : from + (to - from) * share;
}
