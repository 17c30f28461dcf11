using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Adam with Nesterov momentum (Dozat 2016): the step looks ahead to the momentum's next move, with a momentum that warms up.</summary>
public sealed class NAdam : FusedOptimizer
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="beta1">How much of the mean of gradients is kept from step to step.</param>
    /// <param name="beta2">How much of the mean of squares is kept.</param>
    /// <param name="epsilon">Added to the root, so that no step is divided by zero.</param>
    /// <param name="weightDecay">λ of the penalty ½λ‖p‖², coupled unless <see cref="Optimizer.DecoupledDecay"/> is set.</param>
    /// <param name="momentumDecay">How fast the momentum warms up.</param>
    public NAdam(IEnumerable<ParameterGroup> groups, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : base(groups, lr, beta1)
    {
        Check.Share(nameof(beta2), beta2);
        Check.NotNegative(nameof(epsilon), epsilon);
        Check.NotNegative(nameof(momentumDecay), momentumDecay);
        WeightDecay = weightDecay;
        Updater = Updater.By((group, progress) => new NAdamRule(group, progress, beta2, epsilon, momentumDecay), ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc cref="NAdam(IEnumerable{ParameterGroup}, double, double, double, double, double, double)"/>
    public NAdam(IEnumerable<Parameter> parameters, double lr = 2e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, double momentumDecay = 4e-3)
        : this(One(parameters), lr, beta1, beta2, epsilon, weightDecay, momentumDecay) { }

    /// <inheritdoc/>
    public override string Name => "nadam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }
}

/// <summary>Adam's means; p ← p − (a·g + b·m) / (√v̂ + ε), where a and b follow from the momentum of this step and of the next.</summary>
internal readonly struct NAdamRule : IUpdateRule<NAdamRule>
{
    private readonly AdamRule adam;
    private readonly double alongGradient, alongMean;

    /// <summary>The rule of one step; the product of all momenta so far is carried in <paramref name="progress"/>.</summary>
    /// <param name="group">Has the learning rate and β₁.</param>
    /// <param name="progress">Has the number of the step.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="momentumDecay">How fast the momentum warms up.</param>
    public NAdamRule(ParameterGroup group, ParameterProgress progress, double beta2, double epsilon, double momentumDecay)
    {
        adam = new AdamRule(group, progress, beta2, epsilon);
        double now = Momentum(progress.Step), next = Momentum(progress.Step + 1);
        progress.Carry = progress.Step == 1 ? now : progress.Carry * now;
        alongGradient = group.LearningRate * (1 - now) / (1 - progress.Carry);
        alongMean = group.LearningRate * next / (1 - progress.Carry * next);

        double Momentum(long step) => group.Momentum * (1 - 0.5 * Math.Pow(0.96, step * momentumDecay));
    }

    /// <inheritdoc/>
    public static int StateCount => 2;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V>
        => adam.Prepare<V>() with { C6 = V.Constant(alongGradient), C7 = V.Constant(alongMean) };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        AdamRule.Gather(c, g, ref s0, ref s1);
        p -= V.Fma(c.C6, g, c.C7 * s0) / AdamRule.Root(c, s1);
    }
}
