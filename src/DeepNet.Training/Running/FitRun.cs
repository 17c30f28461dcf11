using System.Diagnostics;
using DeepNet.Data;
using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>One call of <see cref="Trainer.Fit"/>.</summary>
internal sealed class FitRun
{
    private readonly Trainer trainer;
    private readonly RunState state;
    private readonly StepRunner steps;
    private readonly int batchesOfEpoch;
    private readonly Strategy? strategy;
    private string? stop, wish;
    private Evaluation? validated;

    private readonly int thread = Environment.CurrentManagedThreadId;

    public FitRun(
        Trainer trainer, TrainingData train, TrainingData? validation, int epochs, IProgress<TrainingProgress>? progress = null)
    {
        this.trainer = trainer;
        state = trainer.State;
        steps = new StepRunner(trainer);
        (Train, Validation, Epochs) = (train, validation, epochs);
        batchesOfEpoch = train.Loader.Batches ?? 0;
        Display = trainer.IsMain ? Display.Of(trainer.Progress, trainer.ProgressOutput) : Display.None;
        if (progress is not null) Display = new ReportingDisplay(Display, trainer, progress);
        strategy = trainer.Strategy;
    }

    public TrainingData Train { get; }
    public TrainingData? Validation { get; }
    public int Epochs { get; }
    public Display Display { get; }

    /// <summary>Gets the error of who calls something that the run does not allow.</summary>
    public InvalidOperationException Busy(string method) => new(thread == Environment.CurrentManagedThreadId
        ? $"[trainer] {method} was called within Fit, by a callback or a step. Evaluate and Predict may be; {method} comes before or after."
        : $"[trainer] {method} was called while Fit of this trainer runs on another thread (number {thread}). "
            + "A trainer does one run at a time: wait for that one, or make a trainer, a model and an optimizer for each thread.");

    /// <summary>Gets the number of examples of the present step.</summary>
    public int Examples => steps.Examples;

    public void Stop(string reason)
    {
        wish ??= reason;
        if (strategy is null) stop = wish;          // several processes agree on it first
    }

    public void Execute(CancellationToken cancellation)
    {
        var history = state.History;
        (history.End, history.Reason) = (TrainingEnd.Running, null);
        PlaceLoader();
        if (trainer.Seed is { } seed && state is { Step: 0, Epoch: 0 }) Generator.SetSeed(seed);
        var modes = ModuleModes.Of(trainer.Model);
        if (!trainer.Model.IsTraining) trainer.Model.Train();
        trainer.Optimizer.EndEvaluation();
        var shard = Train.Loader.Shard;
        try
        {
            Execute(history, cancellation);
        }
        finally
        {
            strategy?.End();
            strategy?.Wishes = (() => null, () => null);
            Train.Loader.Shard = shard;
            modes.Restore();
        }
    }

    private void Execute(History history, CancellationToken cancellation)
    {
        using var signals = StopSignals.Listen(trainer.HandleSignals);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Token);
        try
        {
            if (strategy is not null)
            {
                strategy.Wishes = (() => wish, () => either.IsCancellationRequested ? signals.Reason ?? "the run was cancelled" : null);
                strategy.Begin(trainer);
                Train.Loader.Shard = strategy.Shard;
            }
            foreach (var callback in trainer.Active) callback.OnFitStart(trainer);
            Meet();
            Display.Begin(trainer);
            while (state.PendingWarnings.TryDequeue(out string? warning)) Display.Say(warning);
            while (state.Epoch < Epochs && stop is null)
            {
                // Several processes leave a run together, where they meet.
                var token = strategy is null ? either.Token : default;
                token.ThrowIfCancellationRequested();
                RunEpoch(token);
                Meet();
            }
            (history.End, history.Reason) = (stop is null ? TrainingEnd.Completed : TrainingEnd.Stopped, stop);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested || strategy?.AgreedInterruption is not null)
        {
            (history.End, history.Reason)
                = (TrainingEnd.Interrupted, strategy?.AgreedInterruption ?? signals.Reason ?? "the run was cancelled");
        }
        catch (Exception e)
        {
            (history.End, history.Reason) = (TrainingEnd.Failed, e.Message);
            strategy?.Fail(e);
            EndAfterFailure();
            throw;
        }
        strategy?.BeforeSnapshot();                     // what is divided is whole after a run
        Display.End(trainer);
        foreach (var callback in trainer.Active) callback.OnFitEnd(trainer);
        if (!signals.IsRaised) cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Agrees with the other processes, where they have nothing else to exchange.</summary>
    private void Meet()
    {
        if (strategy is null) return;
        strategy.Next = Meeting.Exchange;
        strategy.Exchange([]);
        Expect();
        LeaveIfAgreed();
    }

    /// <summary>Takes over what was agreed on, and says what comes next.</summary>
    private void Expect()
    {
        if (strategy is null) return;
        stop ??= strategy.AgreedStop;
        bool isOver = strategy.AgreedInterruption is not null || stop is not null || state.Epoch >= Epochs;
        strategy.Next = state.Batch == batchesOfEpoch && strategy.AgreedInterruption is null ? Meeting.Exchange
            : isOver ? Meeting.None : Meeting.Step;
    }

    private void LeaveIfAgreed()
    {
        if (strategy?.AgreedInterruption is { } reason) throw new OperationCanceledException(reason);
    }

    private void EndAfterFailure()
    {
        foreach (var callback in trainer.Active)
        {
            try
            {
                callback.OnFitEnd(trainer);
            }
            catch (Exception)
            {
                // The exception that ended the run says more.
            }
        }
    }

    /// <summary>Sees to it that a resumed run meets the batches that it left.</summary>
    private void PlaceLoader()
    {
        var own = SavedLoader.Of(Train.Loader);
        if (state.Loader is { } saved)
        {
            if (state.Batch > 0 && (saved.Batches, saved.BatchSize) != (own.Batches, own.BatchSize))
                throw new ArgumentException(
                    $"[trainer] the run was left after batch {state.Batch} of an epoch of {saved.Batches} batches of {saved.BatchSize}, "
                        + $"and this loader has {own.Batches} of {own.BatchSize}. "
                    + "Go on with the same data and batch size, or resume from the end of an epoch.");
            own = own with { Seed = saved.Seed };
        }
        state.Loader = own;
    }

    private void RunEpoch(CancellationToken cancellation)
    {
        int number = state.Epoch + 1;
        var clock = Stopwatch.StartNew();
        double before = state.Seconds;
        validated = null;
        try
        {
            Display.Epoch(trainer, number, () =>
            {
                Learn(number, cancellation);
                // A run that was stopped within an epoch leaves that epoch unfinished; it can be resumed there.
                if (state.Batch < batchesOfEpoch) return;
                if (Validation is not null && (number % trainer.ValidateEvery == 0 || number == Epochs || stop is not null))
                    validated = Validate(cancellation);
            });
        }
        finally
        {
            state.Seconds = before + clock.Elapsed.TotalSeconds;
        }
        if (state.Batch == batchesOfEpoch) EndEpoch(number, validated);
    }

    private void Learn(int number, CancellationToken cancellation)
    {
        if (state.Batch == 0)
        {
            state.Meters.Clear();
            foreach (var callback in trainer.Active) callback.OnEpochStart(trainer, number);
        }
        Train.Loader.State = new LoaderState(state.Loader!.Value.Seed, state.Epoch, state.Batch);
        using var batches = Train.Begin(cancellation);
        while (stop is null && state.Batch < batchesOfEpoch)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = TakeStep(batches, number);
            Expect();
            Display.Step(step, state.Meters.Mean("loss"));
            foreach (var callback in trainer.Active) callback.OnStepEnd(trainer, step);
            LeaveIfAgreed();
        }
    }

    private StepRecord TakeStep(IEnumerator<TrainingBatch> batches, int number)
    {
        using var scope = Memory.Scope();
        int seen = steps.Gather(batches);
        strategy?.After = state.Batch + seen == batchesOfEpoch ? Meeting.Exchange : Meeting.Step;
        double rate = trainer.Optimizer.LearningRate;
        double loss = steps.Run(number, state.Batch);
        strategy?.AfterUpdate();
        trainer.Average?.Update();
        if (trainer.Schedule is { } schedule and not ReduceOnPlateau && trainer.ScheduleUnit == ScheduleUnit.Step) schedule.Step();
        state.Batch += seen;
        state.Step++;
        state.LearningRate = rate;
        state.History.AddStep(loss);
        return new StepRecord(state.Step, number, state.Batch, batchesOfEpoch, steps.Examples, loss, rate, steps.GradientNorm);
    }

    private Evaluation Validate(CancellationToken cancellation)
    {
        trainer.Average?.Swap();
        try
        {
            var evaluation = new Evaluator(trainer) { IsValidation = true, Display = Display }.Run(Validation!, cancellation);
            Expect();
            LeaveIfAgreed();
            return evaluation;
        }
        finally
        {
            trainer.Average?.Restore();
        }
    }

    private void EndEpoch(int number, Evaluation? validation)
    {
        var values = new OrderedDictionary<string, double>(state.Meters.Means);
        foreach (var (name, value) in validation?.Values ?? new Dictionary<string, double>())
            values[EpochRecord.ValidationPrefix + name] = value;
        var record = new EpochRecord(number, state.Step, state.Seconds, state.LearningRate, values);
        (state.Epoch, state.Batch, state.Seconds) = (number, 0, 0);
        state.Meters.Clear();
        state.History.Add(record);
        StepSchedule(record);
        Display.EpochEnded(trainer, record);
        foreach (var callback in trainer.Active) callback.OnEpochEnd(trainer, record);
    }

    private void StepSchedule(EpochRecord record)
    {
        if (trainer.Schedule is ReduceOnPlateau plateau)
        {
            string name = trainer.ScheduleMonitor ?? (record.Values.ContainsKey("val_loss") ? "val_loss" : "loss");
            if (record.Values.TryGetValue(name, out double measure)) plateau.Step(measure);
            else if (Validation is null || !name.StartsWith(EpochRecord.ValidationPrefix, StringComparison.Ordinal))
                throw MonitoredFigure.Unknown(name, record);
        }
        else if (trainer.ScheduleUnit == ScheduleUnit.Epoch)
        {
            trainer.Schedule?.Step();
        }
    }
}
