using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="ScheduleFreeAdamW"/>.</summary>
public sealed record ScheduleFreeAdamWOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public ScheduleFreeAdamWOptions() : base(2.5e-3) { }
}

/// <summary>
/// Schedule-free AdamW (Defazio et al. 2024): the learning rate stays as it is, and instead of lowering it the steps are averaged.
/// Gradients are taken between the mean and the last point; the mean is what a model is used with.
/// </summary>
/// <remarks>
/// While training, the parameters are the weights that gradients are taken at. <see cref="Eval"/> puts the mean into them, for a use or a
/// file of the model, and <see cref="Train"/> takes it out again; the trainer does so by itself where it evaluates or predicts. A
/// checkpoint holds both. Points count by the square of their learning rate, so a warm-up may precede:
/// <c>new ConstantRate().WithWarmUp(500)</c>.
/// </remarks>
public sealed class ScheduleFreeAdamW : FusedOptimizer
{
    private readonly UpdateBatch<CombineRule> combine = new();
    private readonly UpdateBatch<SwapRule> exchange = new();
    private List<(Parameter Parameter, Tensor Kept)>? evaluated;

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public ScheduleFreeAdamW(IEnumerable<Parameter> parameters, double learningRate = 2.5e-3)
        : this(parameters, new ScheduleFreeAdamWOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public ScheduleFreeAdamW(IEnumerable<Parameter> parameters, ScheduleFreeAdamWOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public ScheduleFreeAdamW(IEnumerable<ParameterGroup> groups, ScheduleFreeAdamWOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        Check.Positive(nameof(options.Beta1), options.Beta1);
        DecoupledDecay = true;
        Updater = Updater.By((group, progress) => new ScheduleFreeRule(group, progress, beta2, epsilon, Decay(group)), ["z", "exp_avg_sq"]);
    }

    /// <inheritdoc/>
    public override string Name => "schedule_free_adamw";

    /// <inheritdoc/>
    protected override Updater Updater { get; }

    /// <summary>Gets a value that is true while the parameters are those that gradients are taken at.</summary>
    public bool IsTraining => evaluated is null;

    /// <inheritdoc/>
    public override void Step()
    {
        if (!IsTraining)
            throw new InvalidOperationException(
                $"[{Name}] the mean is in the parameters at the moment. Call optimizer.Train() before the forward pass.");
        for (int g = 0; g < Groups.Count; g++)
        {
            foreach (var progress in Groups[g].Progress)
            {
                if (progress is not { State0: null } || progress.Parameter.PeekGrad() is null) continue;
                progress[0] = progress.Parameter.Value.CopyDense();     // the path starts where the parameter is
            }
        }
        base.Step();
    }

    /// <summary>Puts the mean into the parameters. Nothing happens if it is there.</summary>
    public void Eval()
    {
        if (evaluated is not null) return;
        var means = new List<(Parameter, Tensor)>();
        foreach (var group in Groups)
        {
            double share = 1 / group.Momentum;
            foreach (var progress in group.Progress)
            {
                if (progress.State0 is null) continue;
                var mean = Memory.Keep(progress.Prepare(0, progress.Parameter.Shape).CopyDense());
                combine.Add(new CombineRule(1 - share, share), mean, progress.Parameter.Value);
                means.Add((progress.Parameter, mean));
            }
        }
        combine.Run();
        Exchange(means);
        evaluated = means;
    }

    /// <summary>Puts the parameters back as they were before <see cref="Eval"/>, bit for bit. Nothing happens if they are.</summary>
    public void Train()
    {
        if (evaluated is null) return;
        Exchange(evaluated);
        foreach (var (_, kept) in evaluated) kept.Dispose();
        evaluated = null;
    }

    internal override bool BeginEvaluation()
    {
        if (!IsTraining) return false;
        Eval();
        return true;
    }

    internal override void EndEvaluation() => Train();

    private void Exchange(List<(Parameter Parameter, Tensor Kept)> tensors)
    {
        foreach (var (parameter, kept) in tensors) exchange.Add(default, parameter.Value, parameter.Value, kept);
        exchange.Run();
    }

    // Decay is part of the step; it is taken where the gradient is.
    private protected override Regularization Around(ParameterGroup group, double scale)
    {
        var around = group.Regularization(scale);
        Check.Positive("momentum", group.Momentum);
        return around.Threshold == 0
            ? around with { Keep = 1 }
            : throw new InvalidOperationException(
                $"[{Name}] the proximal step of the L1 penalty would move the weights off the path that is averaged. Use its subgradient: "
                    + "ProximalL1 = false.");
    }

    private double Decay(ParameterGroup group) => group.DecoupledDecay ?? DecoupledDecay ? group.WeightDecay ?? WeightDecay : 0;

    // Where the mean is in the parameters, and so in the model's part of a checkpoint, the trained weights are in the optimizer's.
    internal override void Save(OptimizerState state)
    {
        if (evaluated is null) return;
        var kept = evaluated.ToDictionary(e => e.Parameter, e => e.Kept);
        foreach (var (name, progress) in NamedProgress())
            if (kept.TryGetValue(progress.Parameter, out var trained)) state.Put($"{name}/y", trained);
    }

    internal override Action Load(StateReader reader)
    {
        var loaded = new List<(Parameter Parameter, Tensor? Kept)>();
        foreach (var (name, progress) in NamedProgress())
            if (reader.Has($"{name}/y")) loaded.Add((progress.Parameter, reader.Tensor($"{name}/y", progress.Parameter.Value)));
        return () => evaluated = loaded.Count == 0 ? null : [.. loaded.Select(l => (l.Parameter, l.Kept!))];
    }
}

/// <summary>
/// v ← β₂v + (1 − β₂)g², n = g / (√v̂ + ε) + λy, y ← y + c(z − y) + lr(β₁(1 − c) − 1)n, z ← z − lr·n, where y is the parameter and c the
/// share of this step in the sum of all squared learning rates.
/// </summary>
internal readonly struct ScheduleFreeRule : IUpdateRule<ScheduleFreeRule>
{
    private readonly double beta2, rootScale, epsilon, share, along, lr, decay;

    /// <summary>The rule of one step.</summary>
    /// <param name="group">Has the learning rate and β₁.</param>
    /// <param name="progress">Has the number of the step, and carries the sum of squared learning rates.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="decay">λ.</param>
    public ScheduleFreeRule(ParameterGroup group, ParameterProgress progress, double beta2, double epsilon, double decay)
    {
        lr = group.LearningRate;
        progress.Carry += lr * lr;
        share = progress.Carry > 0 ? lr * lr / progress.Carry : 0;
        along = lr * (group.Momentum * (1 - share) - 1);
        this.beta2 = beta2;
        rootScale = 1 / Math.Sqrt(1 - Math.Pow(beta2, progress.Step));
        this.epsilon = epsilon;
        this.decay = decay;
    }

    public static int StateCount => 2;

    public Coefficients Prepare() => new(beta2, 1 - beta2, rootScale, epsilon, share, along, -lr, decay);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        s1 = V.Fma(c.C1 * g, g, c.C0 * s1);
        V n = V.Fma(c.C7, p, g / V.Fma(V.Sqrt(s1), c.C2, c.C3));
        p = V.Fma(c.C5, n, V.Fma(c.C4, s0 - p, p));
        s0 = V.Fma(c.C6, n, s0);
    }
}
