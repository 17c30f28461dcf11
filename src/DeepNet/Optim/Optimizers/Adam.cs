using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Adam"/>.</summary>
public record AdamOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdamOptions() : base(1e-3) { }

    private protected AdamOptions(double weightDecay) : base(1e-3, weightDecay) { }

    /// <summary>Gets a value that is true if the largest mean of squares so far is divided by.</summary>
    public bool Amsgrad { get; init; }
}

/// <summary>
/// Adam (Kingma and Ba 2015): steps along the running mean of the gradients, each element measured by the root of the running
/// mean of its squares. With <see cref="AdamOptions.Amsgrad"/>, by the largest such root so far.
/// </summary>
public class Adam : FusedOptimizer
{
    /// <summary>Initializes an optimizer of parameters that are all updated alike.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">The learning rate.</param>
    public Adam(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new AdamOptions { LearningRate = learningRate }) { }

    /// <summary>Initializes an optimizer of parameters that are all updated alike.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The settings.</param>
    public Adam(IEnumerable<Parameter> parameters, AdamOptions options) : this(One(parameters), options) { }

    /// <summary>Initializes an optimizer of groups of parameters.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="options">The settings, where a group has none of its own.</param>
    public Adam(IEnumerable<ParameterGroup> groups, AdamOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        Updater = options.Amsgrad
            ? Updater.By(
                (group, progress) => new AmsgradRule(new(group, progress, beta2, epsilon)), ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"])
            : Updater.By((group, progress) => new AdamRule(group, progress, beta2, epsilon), ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂ / (√v̂ + ε), where the hats undo the bias of starting at zero.
/// </summary>
/// <param name="learningRate">lr.</param>
/// <param name="beta1">β₁.</param>
/// <param name="steps">The number of the step.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε.</param>
internal readonly struct AdamRule(double learningRate, double beta1, long steps, double beta2, double epsilon) : IUpdateRule<AdamRule>
{
    private readonly double rootScale = 1 / Math.Sqrt(1 - Math.Pow(beta2, steps));

    /// <summary>The rule of one step of a group, which has the learning rate and β₁.</summary>
    public AdamRule(ParameterGroup group, ParameterProgress progress, double beta2, double epsilon)
        : this(group.LearningRate, group.Momentum, progress.Step, beta2, epsilon) { }

    /// <summary>The learning rate with the mean's bias undone.</summary>
    internal double Step { get; } = learningRate / (1 - Math.Pow(beta1, steps));

    /// <inheritdoc/>
    public static int StateCount => 2;

    /// <inheritdoc/>
    public Coefficients Prepare() => new(beta1, 1 - beta1, beta2, 1 - beta2, rootScale, epsilon, Step);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        Gather(c, g, ref s0, ref s1);
        p -= c.C6 * s0 / Root(c, s1);
    }

    /// <summary>The two running means.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static void Gather<V>(in Coefficients<V> c, V g, ref V mean, ref V square) where V : INumber<V>
    {
        mean = V.Fma(c.C1, g, c.C0 * mean);
        square = V.Fma(c.C3 * g, g, c.C2 * square);
    }

    /// <summary>√v̂ + ε.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static V Root<V>(in Coefficients<V> c, V square) where V : INumber<V> => V.Fma(V.Sqrt(square), c.C4, c.C5);
}

/// <summary>Adam's rule, dividing by the root of the largest v so far (Reddi et al. 2018).</summary>
/// <param name="adam">Adam's rule.</param>
internal readonly struct AmsgradRule(AdamRule adam) : IUpdateRule<AmsgradRule>
{
    /// <inheritdoc/>
    public static int StateCount => 3;

    /// <inheritdoc/>
    public Coefficients Prepare() => adam.Prepare();

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        AdamRule.Gather(c, g, ref s0, ref s1);
        s2 = V.Max(s2, s1);
        p -= c.C6 * s0 / AdamRule.Root(c, s2);
    }
}
