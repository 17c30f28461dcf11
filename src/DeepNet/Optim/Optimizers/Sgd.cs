using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Sgd"/>.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public SgdOptions() : base(1e-2) { }

    /// <summary>Gets the part of the last step that goes into the next one; 0 for none.</summary>
    public double Momentum { get; init; }

    internal override double GroupMomentum => Momentum;

    /// <summary>Gets the part of the gradient that is kept out of the momentum.</summary>
    public double Dampening { get; init; }

    /// <summary>Gets a value that is true if the gradient counts as if taken after the momentum's move.</summary>
    public bool Nesterov { get; init; }
}

/// <summary>Stochastic gradient descent, with momentum and Nesterov's look ahead.</summary>
public sealed class Sgd : FusedOptimizer
{
    private readonly Updater plain, withMomentum;

    /// <summary>Initializes an optimizer of parameters that are all updated alike.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="momentum">The part of the last step that goes into the next one; 0 for none.</param>
    public Sgd(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0)
        : this(parameters, new SgdOptions { LearningRate = learningRate, Momentum = momentum }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Sgd(IEnumerable<Parameter> parameters, SgdOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public Sgd(IEnumerable<ParameterGroup> groups, SgdOptions options) : base(groups, options)
    {
        double dampening = options.Dampening;
        if (dampening is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"[sgd] dampening is {dampening}; it must be from 0 to 1.");
        if (options.Nesterov && dampening != 0)
            throw new ArgumentException("[sgd] Nesterov momentum takes the gradient undampened. Leave Dampening at 0, or Nesterov off.");
        if (options.Nesterov && Groups.All(g => g.Momentum == 0))
            throw new ArgumentException("[sgd] Nesterov momentum needs a momentum: new SgdOptions { Momentum = 0.9, Nesterov = true }.");
        bool isNesterov = options.Nesterov;
        Dampening = dampening;
        plain = Updater.By((group, _) => new SgdRule(group.LearningRate), []);
        withMomentum = Updater.By((group, progress) => new MomentumRule(
            group.LearningRate, group.Momentum, progress.Step == 1 ? 1 : 1 - dampening, isNesterov), ["momentum_buffer"]);
    }

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <summary>Gets the part of the gradient that is kept out of the momentum.</summary>
    public double Dampening { get; }

    /// <inheritdoc/>
    protected override Updater Updater
    {
        get
        {
            for (int i = 0; i < Groups.Count; i++)
            {
                if (Groups[i].Momentum != 0) return withMomentum;
            }
            return plain;
        }
    }

    /// <inheritdoc/>
    protected override bool UpdatesRows(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Momentum == 0;
    }

    /// <summary>
    /// Goes on where an optimizer of the Adam family stands: adaptive steps first, plain ones for the finish. Each parameter
    /// keeps its count of steps, and the mean of its gradients becomes the momentum that plain descent would have gathered from
    /// gradients of that mean, so that the first step points where the last ones did. Returns this optimizer.
    /// </summary>
    /// <param name="adam">An optimizer of the same parameters, in the same order of groups.</param>
    public Sgd ContinueFrom(FusedOptimizer adam)
    {
        ArgumentNullException.ThrowIfNull(adam);
        int slot = adam.StateNames.ToList().IndexOf("exp_avg");
        if (slot < 0)
            throw new ArgumentException(
                $"[sgd] {adam.Name} keeps no mean of the gradients to go on from; it must be of the Adam family (Adam, AdamW, NAdam, "
                    + "RAdam, Adamax) or Lion.");
        RequireSameParameters(adam);
        for (int g = 0; g < Groups.Count; g++)
        {
            var group = Groups[g];
            var from = adam.Groups[g];
            for (int i = 0; i < group.Progress.Length; i++)
            {
                var source = from.Progress[i];
                group.Progress[i].Step = source.Step;
                if (source[slot] is not { } mean || group.Momentum == 0) continue;
                // The mean started at zero: undo that bias. Momentum sums to 1 / (1 − μ) times a steady gradient.
                double bias = 1 - Math.Pow(adam.MeanDecay(from), source.Step);
                group.Progress[i].State0 = null;
                using (GradSwitch.Off()) group.Progress[i][0] = mean * ((1 - Dampening) / ((1 - group.Momentum) * bias));
            }
        }
        return this;
    }

    private void RequireSameParameters(Optimizer other)
    {
        var mine = Groups.Select(g => g.Parameters);
        var theirs = other.Groups.Select(g => g.Parameters);
        if (Groups.Count != other.Groups.Count || !mine.Zip(theirs).All(pair => pair.First.SequenceEqual(pair.Second)))
            throw new ArgumentException(
                $"[sgd] {other.Name} has other parameters, or has them in other groups; both must be made from the same ones.");
    }
}

/// <summary>p ← p − lr·g.</summary>
internal readonly struct SgdRule(double lr) : IUpdateRule<SgdRule>
{
    public static int StateCount => 0;

    public Coefficients Prepare() => new(-lr);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = V.Fma(c.C0, g, p);
}

/// <summary>b ← μb + share·g, p ← p − lr·b; with Nesterov p ← p − lr·(g + μb).</summary>
/// <param name="lr">The learning rate.</param>
/// <param name="momentum">μ.</param>
/// <param name="share">The part of the gradient that the momentum takes in.</param>
/// <param name="nesterov">Whether to look ahead.</param>
internal readonly struct MomentumRule(double lr, double momentum, double share, bool nesterov) : IUpdateRule<MomentumRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => new(momentum, share, nesterov ? -lr * momentum : -lr, nesterov ? -lr : 0);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C1, g, c.C0 * s0);
        p = V.Fma(c.C2, s0, V.Fma(c.C3, g, p));
    }
}
