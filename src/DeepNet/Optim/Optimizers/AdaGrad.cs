using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="AdaGrad"/>.</summary>
public sealed record AdaGradOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdaGradOptions() : base(1e-2) { }

    /// <summary>Gets the decay d of the learning rate, which is lr / (1 + (t − 1)·d) in step t.</summary>
    public double LearningRateDecay { get; init; }

    /// <summary>Gets the number that the sum of squares starts at.</summary>
    public double InitialSum { get; init; }

    /// <summary>Gets the number added to the root, so that no step is divided by zero.</summary>
    public double Epsilon { get; init; } = 1e-10;

    /// <summary>Gets the definition of the size of a gradient.</summary>
    public AdaGradScale Scale { get; init; }
}

/// <summary>Specifies what AdaGrad divides a gradient by.</summary>
public enum AdaGradScale
{
    /// <summary>
    /// The root of the sum of squares of all gradients so far, so that steps shrink for ever (Duchi et al. 2011; PyTorch).
    /// </summary>
    RootSum,

    /// <summary>The root of their mean square, so that steps stay of one size (as some courses define it).</summary>
    RootMean,
}

/// <summary>AdaGrad: measures each element's gradient by all the gradients it ever had.</summary>
public sealed class AdaGrad : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public AdaGrad(IEnumerable<Parameter> parameters, double learningRate = 1e-2)
        : this(parameters, new AdaGradOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public AdaGrad(IEnumerable<Parameter> parameters, AdaGradOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public AdaGrad(IEnumerable<ParameterGroup> groups, AdaGradOptions options) : base(groups, options)
    {
        double rateDecay = Check.NotNegative(nameof(options.LearningRateDecay), options.LearningRateDecay);
        double initial = Check.NotNegative(nameof(options.InitialSum), options.InitialSum);
        double epsilon = Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
        bool isMean = options.Scale == AdaGradScale.RootMean;
        Updater = Updater.By((group, progress) => new AdaGradRule(
            group.LearningRate / (1 + (progress.Step - 1) * rateDecay), isMean ? 1.0 / progress.Step : 1, epsilon), ["sum"], initial);
    }

    /// <inheritdoc/>
    public override string Name => "adagrad";

    /// <inheritdoc/>
    protected override Updater Updater { get; }

    /// <inheritdoc/>
    protected override bool UpdatesRows(ParameterGroup group) => true;
}

/// <summary>s ← s + g², p ← p − lr·g / (√(share·s) + ε).</summary>
/// <param name="lr">The learning rate of this step.</param>
/// <param name="share">1 for the sum of squares, 1/t for their mean.</param>
/// <param name="epsilon">ε.</param>
internal readonly struct AdaGradRule(double lr, double share, double epsilon) : IUpdateRule<AdaGradRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => new(lr, Math.Sqrt(share), epsilon);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(g, g, s0);
        p -= c.C0 * g / V.Fma(V.Sqrt(s0), c.C1, c.C2);
    }
}
