using System.Globalization;
using DeepNet.IO;
using DeepNet.Training.Running;

namespace DeepNet.Training;

public partial class Trainer
{
    private const string HistoryText = History.CheckpointText, SeedText = "loader_seed", BatchesNumber = "loader_batches",
        BatchSizeNumber = "loader_batch_size",
        SecondsNumber = "epoch_seconds", RateNumber = "learning_rate", LossesTensor = "step_losses";
    private const long MostSteps = 1L << 62;            // more can be counted than ever will be

    /// <summary>
    /// Goes on with a run that was saved: call it before <see cref="Fit"/>, on a trainer that was built in the same way. Weights,
    /// optimizer, schedule, random keys, the place in the data, history and the callbacks' own states are as they were, so that the run
    /// ends with the same bits as one that never stopped.
    /// </summary>
    /// <param name="path">
    /// A checkpoint, or a folder of them, of which the last one is taken; where that is damaged the one before, and
    /// <see cref="History.Warnings"/> says so.
    /// </param>
    /// <returns>False if there is nothing to go on from.</returns>
    /// <exception cref="ArgumentException">The run was built otherwise; the message lists the differences, and nothing was
    /// changed.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or says of the run what cannot be; nothing was changed.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Fit"/> is running.</exception>
    public bool Resume(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (run is { } running) throw running.Busy(nameof(Resume));
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path)) return false;
            Load(path);
            return true;
        }
        var folder = new CheckpointFolder(path);
        if (!folder.TryLoadLatest(Load)) return false;
        foreach (string warning in folder.Warnings) Warn(warning);
        return true;
    }

    private void Load(string path)
    {
        var checkpoint = Parts();
        checkpoint.Load(path, () =>
        {
            try
            {
                var take = Prepare(checkpoint);
                LoadCallbacks(checkpoint);
                return take;
            }
            catch (InvalidDataException e)
            {
                string what = e.Message.TrimEnd('.');
                throw new InvalidDataException($"[trainer] {path} cannot be resumed from: {what}. Nothing was changed.", e);
            }
        });
    }

    /// <summary>Checks what a checkpoint says of the run; what is returned takes it over.</summary>
    private Action Prepare(Checkpoint checkpoint)
    {
        long step = SavedNumbers.InRange("step", checkpoint.Step, MostSteps);
        long epoch = SavedNumbers.InRange("epoch", checkpoint.Epoch, int.MaxValue - 1);
        long batch = SavedNumbers.InRange("batch", checkpoint.Position, int.MaxValue);
        double seconds = SavedNumbers.NotNegative(checkpoint, SecondsNumber), rate = SavedNumbers.NotNegative(checkpoint, RateNumber);
        SavedLoader? loader = null;
        if (checkpoint.Texts.TryGetValue(SeedText, out string? seed))
        {
            if (!ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                throw new InvalidDataException($"its '{SeedText}' {Damage.Quote(seed)} is no number");
            long batches = SavedNumbers.Count(checkpoint, BatchesNumber), batchSize = SavedNumbers.Count(checkpoint, BatchSizeNumber);
            if (batch > batches) throw new InvalidDataException($"it was saved after batch {batch} of an epoch of {batches}");
            loader = new SavedLoader(value, (int)batches, (int)batchSize);
        }
        var takeMeters = State.Meters.Prepare(checkpoint);
        var epochs = checkpoint.Texts.TryGetValue(HistoryText, out string? json) ? HistoryJson.Read(json) : [];
        float[] stepLosses = [];
        if (checkpoint.Tensors.TryGetValue(LossesTensor, out var losses))
        {
            if (losses.DType != DType.Float32 || losses.Rank != 1)
                throw new InvalidDataException($"its '{LossesTensor}' are {losses.DType.Name()} {losses.Shape}, not a float32 vector");
            stepLosses = losses.ToArray<float>();
        }
        return () =>
        {
            (State.Step, State.Epoch, State.Batch) = (step, (int)epoch, (int)batch);
            (State.Seconds, State.LearningRate, State.Loader, State.IsResumed) = (seconds, rate, loader, true);
            takeMeters();
            State.History.Restore(epochs, stepLosses);
        };
    }

    /// <summary>Gives callbacks their states. Where one refuses, those before it get back what they had.</summary>
    private void LoadCallbacks(Checkpoint checkpoint)
    {
        var before = new Checkpoint();
        foreach (var callback in Callbacks) callback.Save(new CallbackState(this, before, callback));
        for (int i = 0; i < Callbacks.Count; i++)
        {
            var state = new CallbackState(this, checkpoint, Callbacks[i]);
            if (state.IsEmpty) continue;
            try
            {
                Callbacks[i].Load(state);
            }
            catch (Exception e)
            {
                for (; i >= 0; i--)
                {
                    var former = new CallbackState(this, before, Callbacks[i]);
                    if (!former.IsEmpty) Callbacks[i].Load(former);
                }
                throw new InvalidDataException($"the state of the callback '{state.Owner}' cannot be taken over: {e.Message}", e);
            }
        }
    }

    /// <summary>
    /// The run as it is now, to be saved: <c>trainer.Snapshot().Save("run.safetensors")</c>. In callbacks, between steps; the file holds
    /// what there is when it is written. <see cref="Checkpoints"/> does this by itself.
    /// </summary>
    public Checkpoint Snapshot()
    {
        Strategy?.BeforeSnapshot();
        var checkpoint = Parts();
        (checkpoint.Epoch, checkpoint.Step, checkpoint.Position) = (State.Epoch, State.Step, State.Batch);
        checkpoint.Numbers[SecondsNumber] = State.Seconds;
        checkpoint.Numbers[RateNumber] = State.LearningRate;
        if (State.Loader is { } loader)
        {
            checkpoint.Texts[SeedText] = loader.Seed.ToString(CultureInfo.InvariantCulture);
            checkpoint.Numbers[BatchesNumber] = loader.Batches;
            checkpoint.Numbers[BatchSizeNumber] = loader.BatchSize;
        }
        State.Meters.Capture(checkpoint);
        checkpoint.Texts[HistoryText] = HistoryJson.Write(State.History.Epochs);
        checkpoint.Tensors[LossesTensor] = Tensor.From<float>([.. State.History.StepLosses], new Shape(State.History.StepLosses.Count));
        foreach (var callback in Callbacks) callback.Save(new CallbackState(this, checkpoint, callback));
        return checkpoint;
    }

    private Checkpoint Parts()
    {
        var checkpoint = new Checkpoint { Model = Model, Optimizer = Optimizer, Schedule = Schedule, Average = Average, Scaler = Scaler };
        foreach (var (name, generator) in Generators) checkpoint.Add(name, generator);
        if (Precision != TrainingPrecision.Float32) checkpoint.AddPart("precision", new PrecisionPart(Precision));
        return checkpoint;
    }
}
