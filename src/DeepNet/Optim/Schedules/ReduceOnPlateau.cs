namespace DeepNet.Optim;

/// <summary>
/// Lowers the learning rate when a measure of success has not improved for some time. A curve may be given too, as a warm-up is:
/// the lowered rate then is what the curve starts from.
/// </summary>
public sealed class ReduceOnPlateau : Schedule
{
    private readonly double factor, threshold, least, smallest;
    private readonly long patience, coolDown;
    private readonly bool maximize, relative;
    private readonly double[] lowered;
    private double best;
    private long bad, cooling;

    /// <summary>Makes the schedule.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="factor">The factor that the rate is multiplied by.</param>
    /// <param name="patience">The number of measures without improvement that are tolerated; the next one lowers the rate.</param>
    /// <param name="threshold">The improvement that counts as one.</param>
    /// <param name="relative">Whether the threshold is a share of the best measure.</param>
    /// <param name="coolDown">The number of measures after a lowering that are ignored.</param>
    /// <param name="least">The rate not to go below.</param>
    /// <param name="smallest">A lowering by no more than this is left out.</param>
    /// <param name="maximize">True for a measure that should rise, as an accuracy.</param>
    /// <param name="curve">A curve on top; none if null.</param>
    public ReduceOnPlateau(Optimizer optimizer, double factor = 0.1, long patience = 10, double threshold = 1e-4, bool relative = true,
        long coolDown = 0, double least = 0, double smallest = 1e-8, bool maximize = false, Curve? curve = null)
        : base(optimizer, curve ?? new ConstantRate())
    {
        this.factor = factor is >= 0 and < 1
            ? factor
            : throw new ArgumentOutOfRangeException(
                nameof(factor), $"[reduce_on_plateau] factor is {factor}; it must be at least 0 and below 1 to reduce anything.");
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(coolDown);
        this.patience = patience;
        this.coolDown = coolDown;
        this.threshold = Check.NotNegative(nameof(threshold), threshold);
        this.least = Check.NotNegative(nameof(least), least);
        this.smallest = Check.NotNegative(nameof(smallest), smallest);
        this.relative = relative;
        this.maximize = maximize;
        best = maximize ? double.NegativeInfinity : double.PositiveInfinity;
        lowered = new double[optimizer.Groups.Count];
        for (int g = 0; g < lowered.Length; g++) lowered[g] = base.RateOf(g);
    }

    private protected override string Kind => "reduce_on_plateau";

    private protected override double RateOf(int group) => lowered is null ? base.RateOf(group) : lowered[group];

    /// <summary>Goes on by a step, with the measure of it (a validation loss, usually). A NaN is no improvement.</summary>
    public void Step(double measure)
    {
        if (Listener.IsOn) Listener.RefuseAll(Kind, "takes a measure");
        if (IsBetter(measure))
        {
            best = measure;
            bad = 0;
        }
        else
        {
            bad++;
        }
        if (cooling > 0)
        {
            cooling--;
            bad = 0;
        }
        if (bad > patience)
        {
            for (int g = 0; g < lowered.Length; g++)
            {
                double lower = Math.Max(lowered[g] * factor, least);
                if (lowered[g] - lower > smallest) lowered[g] = lower;
            }
            cooling = coolDown;
            bad = 0;
        }
        Step();
    }

    private bool IsBetter(double measure) => (maximize, relative) switch
    {
        (false, true) => measure < best * (1 - threshold),
        (false, false) => measure < best - threshold,
        (true, true) => measure > best * (1 + threshold),
        (true, false) => measure > best + threshold,
    };

    private protected override void Save(OptimizerState state)
    {
        state.Numbers.Add("best", best);
        state.Numbers.Add("bad", bad);
        state.Numbers.Add("cooling", cooling);
        for (int g = 0; g < lowered.Length; g++) state.Numbers.Add($"group{g}/lowered", lowered[g]);
    }

    private protected override Action Load(StateReader reader, int groups)
    {
        double newBest = reader.Number("best");
        long newBad = reader.Count("bad"), newCooling = reader.Count("cooling");
        double[] newLowered = [.. Enumerable.Range(0, groups).Select(g => reader.NotNegative($"group{g}/lowered"))];
        return () =>
        {
            best = newBest;
            bad = newBad;
            cooling = newCooling;
            newLowered.CopyTo(lowered, 0);
        };
    }
}
