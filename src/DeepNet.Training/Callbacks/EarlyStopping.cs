using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>Ends a run that does not get better any more, and puts the weights of the best epoch back.</summary>
public sealed class EarlyStopping : Callback
{
    private readonly MonitoredFigure monitor;
    private readonly Dictionary<string, Tensor> best = [];
    private double bestValue = double.NaN;
    private int bestEpoch, waited;

    /// <summary>Chooses what to go by.</summary>
    /// <param name="patience">The number of measured epochs without improvement after which the run ends.</param>
    /// <param name="monitor">The figure, such as <c>val_accuracy</c>; the validation loss, or the loss where there is no validation, if
    /// null.</param>
    /// <param name="higherIsBetter">True if a higher figure is better; by default as the metric of that name says, and false for everything
    /// else.</param>
    public EarlyStopping(int patience = 5, string? monitor = null, bool? higherIsBetter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(patience);
        Patience = patience;
        this.monitor = new MonitoredFigure(monitor, higherIsBetter);
    }

    /// <summary>Gets the number of measured epochs without improvement after which the run ends.</summary>
    public int Patience { get; }

    /// <summary>By how much the figure must be better to count as an improvement.</summary>
    public double MinDelta { get; init; }

    /// <summary>Gets the number of first epochs that are not judged, as while a rate warms up.</summary>
    public int StartAfter { get; init; }

    /// <summary>
    /// Gets a value that is true if the weights of the best epoch are restored when the run ends, unless by an interruption or an error.
    /// </summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>The best value so far; NaN before the first.</summary>
    public double BestValue => bestValue;

    /// <summary>The epoch it is of; 0 before the first.</summary>
    public int BestEpoch => bestEpoch;

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.Step == 0)
        {
            (bestValue, bestEpoch, waited) = (double.NaN, 0, 0);
            best.Clear();
        }
        if (waited >= Patience) StopRun(trainer);
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Epoch <= StartAfter || monitor.In(trainer, epoch) is not { } value) return;
        if (IsBetter(value, monitor.IsHigherBetter(trainer)))
        {
            (bestValue, bestEpoch, waited) = (value, epoch.Epoch, 0);
            if (RestoreBest) Remember(trainer);
        }
        else if (++waited >= Patience)
        {
            StopRun(trainer);
        }
    }

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!RestoreBest || best.Count == 0 || trainer.History.End is TrainingEnd.Interrupted or TrainingEnd.Failed
            || bestEpoch == trainer.Epoch) return;
        trainer.Optimizer.BeginEvaluation();     // what was remembered are weights to be used
        trainer.Model.LoadState(best);
        trainer.Say($"the weights are those of epoch {bestEpoch}, with {monitor.NameIn(trainer)} {Figures.Text(bestValue)}");
    }

    /// <inheritdoc/>
    protected internal override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("best_value", bestValue);
        state.Put("best_epoch", bestEpoch);
        state.Put("waited", waited);
        foreach (var (name, tensor) in best) state.Put(name, tensor);
    }

    /// <inheritdoc/>
    protected internal override void Load(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int epoch = (int)state.Count("best_epoch"), epochs = (int)state.Count("waited");
        var own = state.Trainer.Model.State();
        var saved = state.Tensors;
        bool isOwn = saved.Count == own.Count
            && own.All(o => saved.TryGetValue(o.Key, out var t) && t.Shape.Equals(o.Value.Shape) && t.DType == o.Value.DType);
        if (saved.Count > 0 && !isOwn) throw new InvalidDataException("its best weights are not those of this model");
        (bestValue, bestEpoch, waited) = (state.Number("best_value"), epoch, epochs);
        best.Clear();
        foreach (var (name, tensor) in saved) best[name] = Memory.Keep(tensor);
    }

    private bool IsBetter(double value, bool higherIsBetter)
    {
        if (double.IsNaN(value)) return false;
        if (double.IsNaN(bestValue)) return true;
        return higherIsBetter ? value > bestValue + MinDelta : value < bestValue - MinDelta;
    }

    private void StopRun(Trainer trainer)
        => trainer.Stop(
            $"{monitor.NameIn(trainer)} has not been better than {Figures.Text(bestValue)} of epoch {bestEpoch} for {waited} epochs");

    // What was measured: the mean of the weights where there is one, and the weights that the optimizer means to be used.
    private void Remember(Trainer trainer)
    {
        using var noGrad = Autograd.NoGrad();
        trainer.Average?.Swap();
        bool isOther = trainer.Optimizer.BeginEvaluation();
        foreach (var (name, tensor) in trainer.Model.State())
        {
            if (best.TryGetValue(name, out var copy)) copy.CopyFrom(tensor);
            else best[name] = Memory.Keep(tensor.CopyDense());
        }
        if (isOther) trainer.Optimizer.EndEvaluation();
        trainer.Average?.Restore();
    }
}
