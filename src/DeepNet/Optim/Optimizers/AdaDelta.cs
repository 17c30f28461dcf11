using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="AdaDelta"/>.</summary>
public sealed record AdaDeltaOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdaDeltaOptions() : base(1) { }

    /// <summary>Gets the part of the means that is kept from step to step.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>Gets the number added under both roots; it is what the first steps grow from.</summary>
    public double Epsilon { get; init; } = 1e-6;
}

/// <summary>
/// AdaDelta (Zeiler 2012): RMSProp whose steps are also measured by the steps before, so that they have the parameter's unit.
/// </summary>
public sealed class AdaDelta : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public AdaDelta(IEnumerable<Parameter> parameters, double learningRate = 1)
        : this(parameters, new AdaDeltaOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public AdaDelta(IEnumerable<Parameter> parameters, AdaDeltaOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public AdaDelta(IEnumerable<ParameterGroup> groups, AdaDeltaOptions options) : base(groups, options)
    {
        double rho = Check.Fraction(nameof(options.Rho), options.Rho);
        double epsilon = Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
        Updater = Updater.By((group, _) => new AdaDeltaRule(group.LearningRate, rho, epsilon), ["square_avg", "acc_delta"]);
    }

    /// <inheritdoc/>
    public override string Name => "adadelta";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>s ← ρs + (1 − ρ)g², d = g·√(a + ε) / √(s + ε), a ← ρa + (1 − ρ)d², p ← p − lr·d.</summary>
internal readonly struct AdaDeltaRule(double lr, double rho, double epsilon) : IUpdateRule<AdaDeltaRule>
{
    public static int StateCount => 2;

    public Coefficients Prepare() => new(-lr, rho, 1 - rho, epsilon);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        V rho = c.C1, rest = c.C2, epsilon = c.C3;
        s0 = V.Fma(rest * g, g, rho * s0);
        V step = V.Sqrt(s1 + epsilon) / V.Sqrt(s0 + epsilon) * g;
        s1 = V.Fma(rest * step, step, rho * s1);
        p = V.Fma(c.C0, step, p);
    }
}
