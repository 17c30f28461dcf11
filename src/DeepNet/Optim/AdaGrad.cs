using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>What AdaGrad divides a gradient by.</summary>
public enum AdaGradScale
{
    /// <summary>The root of the sum of squares of all gradients so far, so that steps shrink for ever (Duchi et al. 2011; PyTorch).</summary>
    RootSum,

    /// <summary>The root of their mean square, so that steps stay of one size (as some courses define it).</summary>
    RootMean,
}

/// <summary>AdaGrad: measures each element's gradient by all the gradients it ever had.</summary>
public sealed class AdaGrad : FusedOptimizer
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="lrDecay">The learning rate of step t is lr / (1 + (t − 1)·lrDecay).</param>
    /// <param name="weightDecay">λ of the penalty ½λ‖p‖².</param>
    /// <param name="initial">What the sum of squares starts at.</param>
    /// <param name="epsilon">Added to the root, so that no step is divided by zero.</param>
    /// <param name="scale">Which of the two definitions.</param>
    public AdaGrad(IEnumerable<ParameterGroup> groups, double lr = 1e-2, double lrDecay = 0, double weightDecay = 0, double initial = 0, double epsilon = 1e-10, AdaGradScale scale = AdaGradScale.RootSum)
        : base(groups, lr)
    {
        Check.NotNegative(nameof(lrDecay), lrDecay);
        Check.NotNegative(nameof(initial), initial);
        Check.NotNegative(nameof(epsilon), epsilon);
        WeightDecay = weightDecay;
        Updater = Updater.By((group, progress) => new AdaGradRule(
            group.LearningRate / (1 + (progress.Step - 1) * lrDecay), scale == AdaGradScale.RootMean ? 1.0 / progress.Step : 1, epsilon), ["sum"], initial);
    }

    /// <inheritdoc cref="AdaGrad(IEnumerable{ParameterGroup}, double, double, double, double, double, AdaGradScale)"/>
    public AdaGrad(IEnumerable<Parameter> parameters, double lr = 1e-2, double lrDecay = 0, double weightDecay = 0, double initial = 0, double epsilon = 1e-10, AdaGradScale scale = AdaGradScale.RootSum)
        : this(One(parameters), lr, lrDecay, weightDecay, initial, epsilon, scale) { }

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
    private readonly double lr = lr, rootShare = Math.Sqrt(share), epsilon = epsilon;

    /// <inheritdoc/>
    public static int StateCount => 1;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(lr), C1 = V.Constant(rootShare), C2 = V.Constant(epsilon) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(g, g, s0);
        p -= c.C0 * g / V.Fma(V.Sqrt(s0), c.C1, c.C2);
    }
}
