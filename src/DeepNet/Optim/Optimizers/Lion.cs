using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Lion"/>.</summary>
public sealed record LionOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public LionOptions() : base(1e-4) { }

    /// <summary>Gets the part of the momentum in the mix whose sign is taken.</summary>
    public double Beta1 { get; init; } = 0.9;

    internal override double GroupMomentum => Beta1;

    /// <summary>Gets the part of the momentum that is kept from step to step.</summary>
    public double Beta2 { get; init; } = 0.99;
}

/// <summary>
/// Lion (Chen et al. 2023): the sign of a mix of momentum and gradient, so all elements move equally far, and one remembered
/// number is enough. Wants a learning rate 3 to 10 times below Adam's, and a decay as many times above. Its decay is decoupled.
/// </summary>
public sealed class Lion : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public Lion(IEnumerable<Parameter> parameters, double learningRate = 1e-4)
        : this(parameters, new LionOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Lion(IEnumerable<Parameter> parameters, LionOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public Lion(IEnumerable<ParameterGroup> groups, LionOptions options) : base(groups, options)
    {
        Beta2 = Check.Fraction(nameof(options.Beta2), options.Beta2);
        DecoupledDecay = true;
        Updater = Updater.By((group, _) => new LionRule(group.LearningRate, group.Momentum, Beta2), ["exp_avg"]);
    }

    /// <inheritdoc/>
    public override string Name => "lion";

    internal double Beta2 { get; }

    internal override double MeanDecay(ParameterGroup group) => Beta2;

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>p ← p − lr·sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g. A NaN stays one: the sign of a NaN is not zero.</summary>
internal readonly struct LionRule(double lr, double beta1, double beta2) : IUpdateRule<LionRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => new(lr, beta1, 1 - beta1, beta2, 1 - beta2, -lr);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        V zero = V.Constant(0), mix = V.Fma(c.C2, g, c.C1 * s0);
        p -= V.IfGreater(mix, zero, c.C0, V.IfGreater(zero, mix, c.C5, V.IfEqual(mix, zero, zero, mix)));
        s0 = V.Fma(c.C4, g, c.C3 * s0);
    }
}
