namespace DeepNet.Optim;

/// <summary>
/// Moves the learning rates of an optimizer along a <see cref="Curve"/>. Call <see cref="Step"/> after each of the optimizer's
/// steps, or after each epoch: the curve counts what you count. The first rate is set at once.
/// </summary>
public class Schedule : IResumable
{
    private readonly double[] rates, momenta;

    /// <summary>Takes the present learning rates of the optimizer's groups as those that the curve starts from.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="curve">The curve.</param>
    public Schedule(Optimizer optimizer, Curve curve)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(curve);
        Optimizer = optimizer;
        Curve = curve;
        rates = [.. optimizer.Groups.Select(g => g.LearningRate)];
        momenta = [.. optimizer.Groups.Select(g => g.Momentum)];
        Apply();
    }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The curve.</summary>
    public Curve Curve { get; }

    /// <summary>Gets the number of steps taken.</summary>
    public long Steps { get; private set; }

    private protected virtual string Kind => "schedule";

    /// <summary>Goes on to the next step's learning rate.</summary>
    public void Step()
    {
        if (Listener.IsOn && Recording.TakesOver(Kind, Step)) return;
        Steps++;
        Apply();
    }

    /// <summary>A group's rate before the curve.</summary>
    private protected virtual double RateOf(int group) => rates[group];

    private protected void Apply()
    {
        var groups = Optimizer.Groups;
        for (int g = 0; g < rates.Length; g++)
        {
            groups[g].LearningRate = Curve.At(Steps, RateOf(g));
            groups[g].Momentum = Curve.MomentumAt(Steps, momenta[g]);
        }
    }

    /// <summary>
    /// Gets a copy of the state: the steps taken, and the rates that the curve started from. The curve itself is code, and is not saved.
    /// </summary>
    public OptimizerState SaveState() => IResumable.Save(this);

    string IResumable.Kind => Kind;

    void IResumable.Capture(OptimizerState state)
    {
        state.Numbers.Add("steps", Steps);
        for (int g = 0; g < rates.Length; g++)
        {
            state.Numbers.Add($"group{g}/lr", rates[g]);
            state.Numbers.Add($"group{g}/momentum", momenta[g]);
        }
        Save(state);
    }

    /// <summary>Goes on from a saved state, with the same curve; sets the learning rates.</summary>
    /// <exception cref="ArgumentException">The state is of another kind of schedule or of another number of groups; nothing was
    /// changed.</exception>
    public void LoadState(OptimizerState state) => IResumable.Load(this, state);

    Action IResumable.Prepare(StateReader reader)
    {
        long steps = reader.Count("steps");
        double[] newRates = new double[rates.Length], newMomenta = new double[rates.Length];
        int known = reader.Groups(rates.Length);
        for (int g = 0; g < known; g++)
        {
            newRates[g] = reader.NotNegative($"group{g}/lr");
            newMomenta[g] = reader.Fraction($"group{g}/momentum");
        }
        var rest = Load(reader, known);
        return () =>
        {
            Steps = steps;
            newRates.CopyTo(rates, 0);
            newMomenta.CopyTo(momenta, 0);
            rest?.Invoke();
            Apply();
        };
    }

    private protected virtual void Save(OptimizerState state) { }

    private protected virtual Action? Load(StateReader reader, int groups) => null;
}
