using System.Globalization;
using DeepNet.IO;
using DeepNet.Training.Running;

namespace DeepNet.Training;

public partial class Trainer
{
    private const string HistoryText = "history", SeedText = "loader_seed", BatchesNumber = "loader_batches", BatchSizeNumber = "loader_batch_size",
        SecondsNumber = "epoch_seconds", RateNumber = "learning_rate", LossesTensor = "step_losses";

    /// <summary>
    /// Goes on with a run that was saved: call it before <see cref="Fit"/>, on a trainer that was built in the same way. Weights, optimizer,
    /// schedule, random keys, the place in the data, history and the callbacks' own states are as they were, so that the run ends with
    /// the same bits as one that never stopped.
    /// </summary>
    /// <param name="path">A checkpoint, or a folder of them, of which the last one is taken.</param>
    /// <returns>False if there is nothing to go on from.</returns>
    /// <exception cref="ArgumentException">The run was built otherwise; the message lists the differences, and nothing was changed.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public bool Resume(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Run is not null) throw new InvalidOperationException("[trainer] Resume was called within Fit; call it before.");
        string? file = Directory.Exists(path) ? new CheckpointFolder(path).Latest : path;
        if (file is null || !File.Exists(file)) return false;
        var checkpoint = Parts();
        checkpoint.Load(file);
        State.Step = checkpoint.Step;
        State.Epoch = (int)checkpoint.Epoch;
        State.Batch = (int)checkpoint.Position;
        State.Seconds = Number(checkpoint, SecondsNumber);
        State.LearningRate = Number(checkpoint, RateNumber);
        State.Loader = checkpoint.Texts.TryGetValue(SeedText, out string? seed)
            ? new SavedLoader(ulong.Parse(seed, CultureInfo.InvariantCulture), (int)Number(checkpoint, BatchesNumber), (int)Number(checkpoint, BatchSizeNumber))
            : null;
        State.Meters.Restore(checkpoint);
        State.History.Restore(
            checkpoint.Texts.TryGetValue(HistoryText, out string? json) ? HistoryJson.Read(json) : [],
            checkpoint.Tensors.TryGetValue(LossesTensor, out var losses) ? losses.ToArray<float>() : []);
        foreach (var callback in Callbacks)
        {
            var state = new CallbackState(checkpoint, callback);
            if (!state.IsEmpty) callback.Load(state);
        }
        return true;
    }

    /// <summary>
    /// The run as it is now, to be saved: <c>trainer.Snapshot().Save("run.safetensors")</c>. In callbacks, between steps; the file holds what
    /// there is when it is written. <see cref="Checkpoints"/> does this by itself.
    /// </summary>
    public Checkpoint Snapshot()
    {
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
        foreach (var callback in Callbacks) callback.Save(new CallbackState(checkpoint, callback));
        return checkpoint;
    }

    private Checkpoint Parts()
    {
        var checkpoint = new Checkpoint { Model = Model, Optimizer = Optimizer, Schedule = Schedule, Average = Average, Scaler = Scaler };
        foreach (var (name, generator) in Generators) checkpoint.Add(name, generator);
        if (Precision != TrainingPrecision.Float32) checkpoint.AddPart("precision", new PrecisionPart(Precision));
        return checkpoint;
    }

    private static double Number(Checkpoint checkpoint, string name) => checkpoint.Numbers.TryGetValue(name, out double number) ? number : 0;
}
