using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Adam with the largest gradient, slowly forgotten, in place of the root of the mean of squares (Kingma and Ba 2015).</summary>
public sealed class Adamax : FusedOptimizer
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="beta1">How much of the mean of gradients is kept from step to step.</param>
    /// <param name="beta2">How much of the largest gradient is kept.</param>
    /// <param name="epsilon">Added to the gradient's magnitude, so that no step is divided by zero.</param>
    /// <param name="weightDecay">λ of the penalty ½λ‖p‖², coupled unless <see cref="Optimizer.DecoupledDecay"/> is set.</param>
    public Adamax(IEnumerable<ParameterGroup> groups, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : base(groups, lr, beta1)
    {
        Check.Share(nameof(beta2), beta2);
        Check.NotNegative(nameof(epsilon), epsilon);
        WeightDecay = weightDecay;
        Updater = Updater.By((group, progress) => new AdamaxRule(group.LearningRate, group.Momentum, beta2, epsilon, progress.Step), ["exp_avg", "exp_inf"]);
    }

    /// <inheritdoc cref="Adamax(IEnumerable{ParameterGroup}, double, double, double, double, double)"/>
    public Adamax(IEnumerable<Parameter> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
        : this(One(parameters), lr, beta1, beta2, epsilon, weightDecay) { }

    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>m ← β₁m + (1 − β₁)g, u ← max(β₂u, |g| + ε), p ← p − lr·m̂ / u.</summary>
/// <param name="lr">The learning rate.</param>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε.</param>
/// <param name="step">The number of the step.</param>
internal readonly struct AdamaxRule(double lr, double beta1, double beta2, double epsilon, long step) : IUpdateRule<AdamaxRule>
{
    private readonly double beta1 = beta1, rest1 = 1 - beta1, beta2 = beta2, epsilon = epsilon;
    private readonly double move = lr / (1 - Math.Pow(beta1, step));

    /// <inheritdoc/>
    public static int StateCount => 2;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(beta1), C1 = V.Constant(rest1), C2 = V.Constant(beta2), C3 = V.Constant(epsilon), C4 = V.Constant(move) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s0 = V.Fma(c.C1, g, c.C0 * s0);
        s1 = V.Max(c.C2 * s1, V.Abs(g) + c.C3);
        p -= c.C4 * s0 / s1;
    }
}
