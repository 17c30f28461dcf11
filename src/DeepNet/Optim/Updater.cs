namespace DeepNet.Optim;

/// <summary>
/// An optimizer's way to change parameters: how the rule of a step follows from a group's options and a parameter's progress,
/// and what the rule remembers. Made with <see cref="By"/>.
/// </summary>
public abstract class Updater
{
    private protected Updater(string[] stateNames, double start)
    {
        StateNames = stateNames;
        Start = start;
    }

    /// <summary>Gets the names under which the rule's state is saved.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>The value that remembered numbers start at.</summary>
    internal double Start { get; }

    /// <summary>Updates by a rule that is made for each tensor and step.</summary>
    /// <param name="rule">The rule for one tensor in one step.</param>
    /// <param name="stateNames">A name for each number the rule remembers.</param>
    /// <param name="start">The value these numbers start at.</param>
    public static Updater By<TRule>(Func<ParameterGroup, ParameterProgress, TRule> rule, string[] stateNames, double start = 0)
        where TRule : unmanaged, IUpdateRule<TRule>
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(stateNames);
        if (stateNames.Length != TRule.StateCount)
            throw new ArgumentException(
                $"[optim] the rule {typeof(TRule).Name} remembers {TRule.StateCount} numbers, and {stateNames.Length} names are given.");
        return new Of<TRule>(rule, stateNames, start);
    }

    internal abstract void Add(
        ParameterGroup group, ParameterProgress progress, Tensor gradient, Tensor? rows, in Regularization regularization);
    internal abstract void Run(Tensor? share);
    internal abstract void Clear();

    private sealed class Of<TRule>(Func<ParameterGroup, ParameterProgress, TRule> rule, string[] names, double start)
        : Updater(names, start)
        where TRule : unmanaged, IUpdateRule<TRule>
    {
        private readonly UpdateBatch<TRule> plain = new();
        private readonly UpdateBatch<Decayed<TRule>> decayed = new();
        private readonly UpdateBatch<Regularized<TRule>> regularized = new();

        internal override void Add(
            ParameterGroup group, ParameterProgress progress, Tensor gradient, Tensor? rows, in Regularization regularization)
        {
            progress.Prepare(TRule.StateCount, Start);
            var now = rule(group, progress);
            var (value, s0, s1, s2) = (progress.Parameter.Value, progress.State0, progress.State1, progress.State2);
            if (regularization.IsNone) plain.Add(now, value, gradient, s0, s1, s2, rows);
            else if (regularization.IsDecay) decayed.Add(new(now, regularization), value, gradient, s0, s1, s2, rows);
            else regularized.Add(new(now, regularization), value, gradient, s0, s1, s2, rows);
        }

        internal override void Run(Tensor? share)
        {
            // Code for what is not used is not compiled: a short program starts sooner.
            if (!plain.IsEmpty) plain.Run(share);
            if (!decayed.IsEmpty) decayed.Run(share);
            if (!regularized.IsEmpty) regularized.Run(share);
        }

        internal override void Clear()
        {
            if (!plain.IsEmpty) plain.Clear();
            if (!decayed.IsEmpty) decayed.Clear();
            if (!regularized.IsEmpty) regularized.Clear();
        }
    }
}
