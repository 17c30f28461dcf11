using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Adamax"/>.</summary>
public sealed record AdamaxOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdamaxOptions() : base(2e-3) { }
}

/// <summary>Adam with the largest gradient, slowly forgotten, in place of the root of the mean of squares (Kingma and Ba 2015).</summary>
public sealed class Adamax : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public Adamax(IEnumerable<Parameter> parameters, double learningRate = 2e-3)
        : this(parameters, new AdamaxOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Adamax(IEnumerable<Parameter> parameters, AdamaxOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public Adamax(IEnumerable<ParameterGroup> groups, AdamaxOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        Updater = Updater.By(
            (group, progress) => new AdamaxRule(group.LearningRate, group.Momentum, beta2, epsilon, progress.Step), ["exp_avg", "exp_inf"]);
    }

    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>m ← β₁m + (1 − β₁)g, u ← max(β₂u, |g| + ε), p ← p − lr·m̂ / u.</summary>
internal readonly struct AdamaxRule(double lr, double beta1, double beta2, double epsilon, long step) : IUpdateRule<AdamaxRule>
{
    public static int StateCount => 2;

    public Coefficients Prepare() => new(beta1, 1 - beta1, beta2, epsilon, lr / (1 - Math.Pow(beta1, step)));

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C1, g, c.C0 * s0);
        s1 = V.Max(c.C2 * s1, V.Abs(g) + c.C3);
        p -= c.C4 * s0 / s1;
    }
}
