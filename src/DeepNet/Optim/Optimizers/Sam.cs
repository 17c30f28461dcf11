using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Sharpness-aware minimisation (Foret et al. 2021): the step of another optimizer, with the gradient that the loss has a little uphill, so
/// that it ends where the loss is low all around.
/// </summary>
/// <remarks>
/// Each step takes two gradients: use <see cref="Step(Func{Tensor})"/>, or <see cref="FirstStep"/> and <see cref="SecondStep"/>, each after
/// a backward pass. The trainer needs nothing special. Batch norms see both passes.
/// </remarks>
/// <example><code>
/// var optimizer = new Sam(new Sgd(model.Parameters(), 0.1, momentum: 0.9), rho: 0.05);
/// optimizer.Step(() =>
/// {
///     optimizer.ZeroGrad();
///     var loss = Loss.CrossEntropy(model.Forward(x), y);
///     loss.Backward();
///     return loss;
/// });
/// </code></example>
public sealed class Sam : WrappedOptimizer
{
    // As in the authors' code: keeps the quotient finite where the gradient is 0.
    private const double Least = 1e-12;

    private readonly double rho;
    private readonly bool isAdaptive;
    private readonly List<(Parameter Parameter, Tensor Kept)> moved = [];
    private readonly UpdateBatch<CombineRule> climb = new();
    private readonly UpdateBatch<AdaptiveClimb> adaptiveClimb = new();

    /// <summary>Goes around an optimizer.</summary>
    /// <param name="inner">The optimizer that takes the steps.</param>
    /// <param name="rho">How far uphill the second gradient is taken.</param>
    /// <param name="adaptive">
    /// True to measure the way by the size of each weight, so that the scale of a layer does not count (Kwon et al. 2021); ρ is then
    /// larger, about 0.5 to 2.
    /// </param>
    public Sam(Optimizer inner, double rho = 0.05, bool adaptive = false) : base(inner)
    {
        if (inner.IsSearch)
            throw new ArgumentException($"[sam] {inner.Name} takes several gradients a step itself, and cannot go by one from elsewhere.");
        this.rho = Check.Positive(nameof(rho), rho);
        isAdaptive = adaptive;
    }

    /// <inheritdoc/>
    public override string Name => $"sam {Inner.Name}";

    /// <summary>Not possible: a step takes two gradients.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void Step()
        => throw new InvalidOperationException(
            "[sam] a step takes two gradients. Call Step(() => { optimizer.ZeroGrad(); var loss = …; loss.Backward(); return loss; }), or "
                + "FirstStep() and SecondStep(), each after a backward pass.");

    /// <summary>Takes a step.</summary>
    /// <param name="closure">Zeroes the gradients, computes the loss, runs its backward pass and returns it; called twice.</param>
    /// <returns>The loss before the step.</returns>
    public override Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        Tensor loss;
        using (GradSwitch.On()) loss = closure();
        FirstStep();
        try
        {
            using (GradSwitch.On()) closure();
        }
        catch
        {
            Return();
            throw;
        }
        SecondStep();
        return loss;
    }

    /// <summary>Moves the parameters uphill along their gradients, by ρ in all.</summary>
    public void FirstStep()
    {
        if (moved.Count > 0)
            throw new InvalidOperationException("[sam] the first step was taken: compute the gradient there, then SecondStep().");
        double scale = rho / (GradientNorm() + Least);
        foreach (var parameter in Groups.SelectMany(g => g.Parameters))
        {
            if (parameter.PeekGrad() is not { } gradient) continue;
            moved.Add((parameter, Memory.Keep(parameter.Value.CopyDense())));
            if (isAdaptive) adaptiveClimb.Add(new AdaptiveClimb(scale), parameter.Value, gradient);
            else climb.Add(new CombineRule(1, scale), parameter.Value, gradient);
        }
        if (isAdaptive) adaptiveClimb.Run();
        else climb.Run();
    }

    /// <summary>
    /// Puts the parameters back, bit for bit, and takes the step of the optimizer inside with the gradients there are now.
    /// </summary>
    public void SecondStep()
    {
        Return();
        Inner.Step();
    }

    private void Return()
    {
        using var noGrad = GradSwitch.Off();
        foreach (var (parameter, kept) in moved)
        {
            parameter.Value.CopyFrom(kept);
            kept.Dispose();
        }
        moved.Clear();
    }

    private double GradientNorm()
    {
        double sum = 0;
        foreach (var parameter in Groups.SelectMany(g => g.Parameters))
        {
            if (parameter.PeekRows() is not null) throw NoRows(parameter, "all of the table is moved");
            if (parameter.PeekGrad() is not { } gradient) continue;
            using var noGrad = GradSwitch.Off();
            using var scope = Memory.Scope();
            var measured = (isAdaptive ? gradient.Detach() * parameter.Value.Detach() : gradient.Detach()).Contiguous();
            sum += measured.Kernels.Measure<DotProduct>([measured], [measured]);
        }
        return Math.Sqrt(sum);
    }

    internal override void Save(OptimizerState state)
    {
        if (moved.Count > 0)
            throw new InvalidOperationException("[sam] save_state: the parameters are uphill at the moment. Call SecondStep() first.");
        base.Save(state);
    }

    /// <summary>p ← p + scale·p²·g.</summary>
    internal readonly struct AdaptiveClimb(double scale) : IUpdateRule<AdaptiveClimb>
    {
        public static int StateCount => 0;

        public Coefficients Prepare() => new(scale);

        [MethodImpl(AggressiveInlining)]
        public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
            => p = V.Fma(c.C0 * p, p * g, p);
    }
}
