using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="NAdam"/>.</summary>
public sealed record NAdamOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public NAdamOptions() : base(2e-3) { }

    /// <summary>Gets the speed at which the momentum warms up.</summary>
    public double MomentumDecay { get; init; } = 4e-3;
}

/// <summary>
/// Adam with Nesterov momentum (Dozat 2016): the step looks ahead to the momentum's next move, with a momentum that warms up.
/// </summary>
public sealed class NAdam : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public NAdam(IEnumerable<Parameter> parameters, double learningRate = 2e-3)
        : this(parameters, new NAdamOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public NAdam(IEnumerable<Parameter> parameters, NAdamOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public NAdam(IEnumerable<ParameterGroup> groups, NAdamOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        double momentumDecay = Check.NotNegative(nameof(options.MomentumDecay), options.MomentumDecay);
        Updater = Updater.By((group, progress) => new NAdamRule(group, progress, beta2, epsilon, momentumDecay), ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc/>
    public override string Name => "nadam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>Adam's means; p ← p − (a·g + b·m) / (√v̂ + ε), where a and b follow from the momentum of this step and of the next.</summary>
internal readonly struct NAdamRule : IUpdateRule<NAdamRule>
{
    private readonly AdamRule adam;
    private readonly double alongGradient, alongMean;

    /// <summary>The rule of one step; the product of all momenta so far is carried in <paramref name="progress"/>.</summary>
    /// <param name="group">Has the learning rate and β₁.</param>
    /// <param name="progress">Has the number of the step.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="momentumDecay">The speed at which the momentum warms up.</param>
    public NAdamRule(ParameterGroup group, ParameterProgress progress, double beta2, double epsilon, double momentumDecay)
    {
        adam = new AdamRule(group, progress, beta2, epsilon);
        double now = Momentum(progress.Step), next = Momentum(progress.Step + 1);
        progress.Carry = progress.Step == 1 ? now : progress.Carry * now;
        alongGradient = group.LearningRate * (1 - now) / (1 - progress.Carry);
        alongMean = group.LearningRate * next / (1 - progress.Carry * next);

        double Momentum(long step) => group.Momentum * (1 - 0.5 * Math.Pow(0.96, step * momentumDecay));
    }

    public static int StateCount => 2;

    public Coefficients Prepare() => adam.Prepare() with { C6 = alongGradient, C7 = alongMean };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        AdamRule.Gather(c, g, ref s0, ref s1);
        p -= V.Fma(c.C6, g, c.C7 * s0) / AdamRule.Root(c, s1);
    }
}
