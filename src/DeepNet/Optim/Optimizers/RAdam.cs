using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="RAdam"/>.</summary>
public sealed record RAdamOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public RAdamOptions() : base(1e-3) { }
}

/// <summary>
/// Rectified Adam (Liu et al. 2020): plain momentum while the mean of squares rests on too few gradients to be trusted, then
/// Adam, scaled by how far it can be. No warm-up is needed.
/// </summary>
public sealed class RAdam : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public RAdam(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new RAdamOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public RAdam(IEnumerable<Parameter> parameters, RAdamOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public RAdam(IEnumerable<ParameterGroup> groups, RAdamOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        Updater = Updater.By((group, progress) => new RAdamRule(group, progress, beta2, epsilon), ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc/>
    public override string Name => "radam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>Adam's means; p ← p − m·(a / (√v + ε) + b), where one of a and b is zero.</summary>
internal readonly struct RAdamRule : IUpdateRule<RAdamRule>
{
    private readonly AdamRule adam;
    private readonly double adaptive, direct;

    /// <summary>The rule of one step.</summary>
    public RAdamRule(ParameterGroup group, ParameterProgress progress, double beta2, double epsilon)
    {
        adam = new AdamRule(group, progress, beta2, epsilon);
        // ρ is the number of gradients the mean of squares amounts to; up to 5 the variance of its root is not finite.
        double most = 2 / (1 - beta2) - 1, decay = Math.Pow(beta2, progress.Step);
        double length = most - 2 * progress.Step * decay / (1 - decay);
        if (length > 5)
            adaptive = adam.Step * Math.Sqrt(1 - decay) * Math.Sqrt(
                (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
        else
            direct = adam.Step;
    }

    public static int StateCount => 2;

    public Coefficients Prepare() => adam.Prepare() with { C6 = adaptive, C7 = direct };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        AdamRule.Gather(c, g, ref s0, ref s1);
        // Where all gradients were zero and ε is too, the quotient is infinite: chosen away, not multiplied by zero.
        p -= s0 * V.IfGreater(c.C6, V.Constant(0), c.C6 / (V.Sqrt(s1) + c.C5), c.C7);
    }
}
