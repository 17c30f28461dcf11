using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="RmsProp"/>.</summary>
public sealed record RmsPropOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public RmsPropOptions() : base(1e-2) { }

    /// <summary>Gets the part of the means that is kept from step to step.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Gets the number added to the root, so that no step is divided by zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets the part of the last step that goes into the next one; 0 for none.</summary>
    public double Momentum { get; init; }

    internal override double GroupMomentum => Momentum;

    /// <summary>Gets a value that is true if the mean of the gradients is subtracted, so that the root is of their variance.</summary>
    public bool Centered { get; init; }
}

/// <summary>
/// RMSProp (Hinton): measures a gradient by the root of the running mean of its squares; centred, by its running standard deviation.
/// </summary>
public sealed class RmsProp : FusedOptimizer
{
    private readonly bool centered;
    private readonly Updater plain, withMomentum, withCenter;

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public RmsProp(IEnumerable<Parameter> parameters, double learningRate = 1e-2)
        : this(parameters, new RmsPropOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public RmsProp(IEnumerable<Parameter> parameters, RmsPropOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public RmsProp(IEnumerable<ParameterGroup> groups, RmsPropOptions options) : base(groups, options)
    {
        double alpha = Check.Fraction(nameof(options.Alpha), options.Alpha);
        double epsilon = Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
        centered = options.Centered;
        plain = Updater.By((group, _) => new RmsPropRule(group.LearningRate, alpha, epsilon), ["square_avg"]);
        withMomentum = Updater.By(
            (group, _) => new RmsPropMomentumRule(group.LearningRate, alpha, epsilon, group.Momentum), ["square_avg", "momentum_buffer"]);
        withCenter = Updater.By(
            (group, _) => new RmsPropCenteredRule(group.LearningRate, alpha, epsilon, group.Momentum),
            ["square_avg", "momentum_buffer", "grad_avg"]);
    }

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    protected override Updater Updater
    {
        get
        {
            if (centered) return withCenter;
            for (int i = 0; i < Groups.Count; i++)
            {
                if (Groups[i].Momentum != 0) return withMomentum;
            }
            return plain;
        }
    }
}

/// <summary>s ← αs + (1 − α)g², p ← p − lr·g / (√s + ε).</summary>
internal readonly struct RmsPropRule(double lr, double alpha, double epsilon) : IUpdateRule<RmsPropRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => new(lr, alpha, 1 - alpha, epsilon);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C2 * g, g, c.C1 * s0);
        p -= c.C0 * g / (V.Sqrt(s0) + c.C3);
    }
}

/// <summary>s ← αs + (1 − α)g², b ← μb + g / (√s + ε), p ← p − lr·b.</summary>
internal readonly struct RmsPropMomentumRule(double lr, double alpha, double epsilon, double momentum) : IUpdateRule<RmsPropMomentumRule>
{
    public static int StateCount => 2;

    public Coefficients Prepare() => new(-lr, alpha, 1 - alpha, epsilon, momentum);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C2 * g, g, c.C1 * s0);
        s1 = V.Fma(c.C4, s1, g / (V.Sqrt(s0) + c.C3));
        p = V.Fma(c.C0, s1, p);
    }
}

/// <summary>The same with a ← αa + (1 − α)g and √(s − a²) as the root.</summary>
internal readonly struct RmsPropCenteredRule(double lr, double alpha, double epsilon, double momentum) : IUpdateRule<RmsPropCenteredRule>
{
    public static int StateCount => 3;

    public Coefficients Prepare() => new(-lr, alpha, 1 - alpha, epsilon, momentum);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C2 * g, g, c.C1 * s0);
        s2 = V.Fma(c.C2, g, c.C1 * s2);
        // A variance that rounding made negative is zero, not NaN.
        V variance = V.Max(V.Fma(-s2, s2, s0), V.Constant(0));
        s1 = V.Fma(c.C4, s1, g / (V.Sqrt(variance) + c.C3));
        p = V.Fma(c.C0, s1, p);
    }
}
