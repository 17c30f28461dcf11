using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>AdaDelta (Zeiler 2012): RMSProp whose steps are also measured by the steps before, so that they have the parameter's unit.</summary>
public sealed class AdaDelta : FusedOptimizer
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="lr">Multiplies the step that the method finds.</param>
    /// <param name="rho">How much of the means is kept from step to step.</param>
    /// <param name="epsilon">Added under both roots; it is what the first steps grow from.</param>
    /// <param name="weightDecay">λ of the penalty ½λ‖p‖².</param>
    public AdaDelta(IEnumerable<ParameterGroup> groups, double lr = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : base(groups, lr)
    {
        Check.Share(nameof(rho), rho);
        Check.NotNegative(nameof(epsilon), epsilon);
        WeightDecay = weightDecay;
        Updater = Updater.By((group, _) => new AdaDeltaRule(group.LearningRate, rho, epsilon), ["square_avg", "acc_delta"]);
    }

    /// <inheritdoc cref="AdaDelta(IEnumerable{ParameterGroup}, double, double, double, double)"/>
    public AdaDelta(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : this(One(parameters), lr, rho, epsilon, weightDecay) { }

    /// <inheritdoc/>
    public override string Name => "adadelta";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>s ← ρs + (1 − ρ)g², d = g·√(a + ε) / √(s + ε), a ← ρa + (1 − ρ)d², p ← p − lr·d.</summary>
/// <param name="lr">The learning rate.</param>
/// <param name="rho">ρ.</param>
/// <param name="epsilon">ε.</param>
internal readonly struct AdaDeltaRule(double lr, double rho, double epsilon) : IUpdateRule<AdaDeltaRule>
{
    private readonly double lr = lr, rho = rho, rest = 1 - rho, epsilon = epsilon;

    /// <inheritdoc/>
    public static int StateCount => 2;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(-lr), C1 = V.Constant(rho), C2 = V.Constant(rest), C3 = V.Constant(epsilon) };

    /// <inheritdoc/>
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
