using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Keeps small gradients from vanishing in float16: the loss is multiplied by a large factor before the backward pass, the gradients of the
/// parameters are divided by it again. The factor looks after itself: where gradients overflow, the step is left out and the factor
/// halved; after many good steps it doubles.
/// </summary>
/// <remarks>Bfloat16 has the range of float32 and needs none of this.</remarks>
/// <example><code>
/// var scaler = new LossScaler();
/// foreach (var (x, y) in loader)
/// {
///     optimizer.ZeroGrad();
///     Tensor loss;
///     using (Autocast.To(DType.Float16)) loss = Loss.CrossEntropy(model.Forward(x), y);
///     scaler.Scale(loss).Backward();
///     scaler.Step(optimizer);                     // false if the gradients overflowed and nothing was changed
/// }
/// </code></example>
public sealed class LossScaler : IResumable
{
    private const double Most = 1 << 24, Least = 1.0 / (1 << 24);

    private readonly double growth, backoff;
    private readonly int interval;
    private readonly NormPass pass = new();
    private readonly UpdateBatch<ScaleRule> divide = new();
    private readonly List<Optimizer> unscaled = [];
    private bool isOverflown;

    /// <summary>Makes a scaler with PyTorch's defaults.</summary>
    /// <param name="factor">The factor to begin with.</param>
    /// <param name="growth">The factor it is multiplied by after good steps.</param>
    /// <param name="backoff">The factor it is multiplied by after an overflow.</param>
    /// <param name="interval">The number of good steps in a row after which it grows.</param>
    public LossScaler(double factor = 65536, double growth = 2, double backoff = 0.5, int interval = 2000)
    {
        if (!(factor is >= Least and <= Most))
            throw new ArgumentOutOfRangeException(
                nameof(factor), FormattableString.Invariant($"[loss_scaler] the factor is {factor}; it must be between 2⁻²⁴ and 2²⁴."));
        if (!(growth > 1) || double.IsInfinity(growth))
            throw new ArgumentOutOfRangeException(
                nameof(growth),
                FormattableString.Invariant($"[loss_scaler] the growth is {growth}; it must be greater than 1, such as 2."));
        if (!(backoff is > 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(backoff),
                FormattableString.Invariant($"[loss_scaler] the backoff is {backoff}; it must be between 0 and 1, such as 0.5."));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interval);
        (Factor, this.growth, this.backoff, this.interval) = (factor, growth, backoff, interval);
    }

    /// <summary>Gets the factor that losses are multiplied by at present; from 2⁻²⁴ to 2²⁴.</summary>
    public double Factor { get; private set; }

    /// <summary>Gets the number of good steps in a row since the factor changed.</summary>
    public long GoodSteps { get; private set; }

    /// <summary>Gets the number of steps that were skipped.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>The loss times the factor, in float32 at least; differentiable. Call Backward on it.</summary>
    public Tensor Scale(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (Listener.IsOn) Listener.RefuseAll("loss_scaler", "scales by a factor that adapts");
        return Halves.Wide(loss) * Factor;
    }

    /// <summary>
    /// Divides the gradients of an optimizer's parameters by the factor now, for what looks at them before the step: clipping, a log.
    /// <see cref="Step"/> does not do it again.
    /// </summary>
    /// <returns>False if a gradient is infinite or NaN; the gradients are then as they were, and the step will be left out.</returns>
    public bool Unscale(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (unscaled.Contains(optimizer))
            throw new InvalidOperationException(
                "[loss_scaler] these gradients were divided by the factor already. Unscale once between the backward pass and Step.");
        bool isFinite = TryUnscale(optimizer.Groups.SelectMany(group => group.Parameters));
        unscaled.Add(optimizer);
        isOverflown |= !isFinite;
        return isFinite;
    }

    /// <summary>
    /// Takes the step of each optimizer, unless a gradient of any is infinite or NaN; then adapts the factor. Once after each backward
    /// pass.
    /// </summary>
    /// <returns>True if the steps were taken; false if nothing was changed but the factor.</returns>
    /// <exception cref="InvalidOperationException">The gradients are not finite at the smallest factor either: then it is not the factor's
    /// fault.</exception>
    public bool Step(params ReadOnlySpan<Optimizer> optimizers)
    {
        if (optimizers.IsEmpty) throw new ArgumentException("[loss_scaler] there is no optimizer to take a step.");
        foreach (var optimizer in optimizers)
            if (!unscaled.Contains(optimizer)) Unscale(optimizer);
        bool isFinite = !isOverflown;
        unscaled.Clear();
        isOverflown = false;
        if (isFinite)
            foreach (var optimizer in optimizers) optimizer.Step();
        Adapt(isFinite);
        return isFinite;
    }

    /// <summary>Divides gradients by the factor if they are all finite, and says whether they are.</summary>
    internal bool TryUnscale(IEnumerable<Parameter> parameters)
    {
        var all = parameters as IReadOnlyCollection<Parameter> ?? [.. parameters];
        foreach (var parameter in all) pass.Add(parameter);
        bool isFinite = pass.IsFinite();
        pass.Clear();
        if (!isFinite || Factor == 1) return isFinite;
        foreach (var parameter in all)
            if (parameter.OwnValues() is { } gradient) divide.Add(new ScaleRule(1 / Factor), gradient, gradient);
        divide.Run();
        return true;
    }

    /// <summary>The factor for the next step.</summary>
    internal void Adapt(bool isFinite)
    {
        if (!isFinite)
        {
            SkippedSteps++;
            GoodSteps = 0;
            if (Factor <= Least)
                throw new InvalidOperationException(
                    "[loss_scaler] the gradients are infinite or NaN even at the factor 2⁻²⁴, so the factor is not the cause. Activations "
                        + "may exceed 65504, the largest float16: use bfloat16. Or the loss itself is not finite: Anomaly.Detect() "
                        + "finds the operator.");
            Factor = Math.Max(Least, Factor * backoff);
        }
        else if (++GoodSteps >= interval)
        {
            GoodSteps = 0;
            Factor = Math.Min(Most, Factor * growth);
        }
    }

    /// <summary>A copy of all that is remembered, for a checkpoint.</summary>
    public OptimizerState SaveState() => IResumable.Save(this);

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state is not a scaler's; nothing was changed.</exception>
    public void LoadState(OptimizerState state) => IResumable.Load(this, state);

    private static string Kind => "loss_scaler";

    string IResumable.Kind => Kind;

    void IResumable.Capture(OptimizerState state)
    {
        state.Numbers.Add("factor", Factor);
        state.Numbers.Add("good_steps", GoodSteps);
        state.Numbers.Add("skipped_steps", SkippedSteps);
    }

    Action IResumable.Prepare(StateReader reader)
    {
        double factor = reader.NotNegative("factor");
        long good = reader.Count("good_steps"), skipped = reader.Count("skipped_steps");
        return () => (Factor, GoodSteps, SkippedSteps) = (Math.Clamp(factor, Least, Most), good, skipped);
    }
}
