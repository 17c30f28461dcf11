using System.Diagnostics;
using DeepNet.Data;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Samples.FineTune;

/// <summary>Teaches a network some pictures, and measures what that takes.</summary>
/// <param name="pictures">The pictures.</param>
/// <param name="batch">How many a step takes.</param>
/// <param name="epochs">How many times to go through them.</param>
/// <param name="looks">How many times the network is judged on the way.</param>
/// <param name="page">The live page on which it is shown; null for none.</param>
internal sealed class Lesson(Pictures pictures, int batch, int epochs, int looks, Callback? page)
{
    private readonly DataLoader test = new(pictures.Test, batchSize: 100);

    /// <summary>Trains what is not frozen of a network.</summary>
    public Outcome Teach(ResNet model, double rate, ulong seed)
    {
        var train = new DataLoader(pictures.Train, batch, shuffle: true, seed: seed);
        var optimizer = new Adam(model.Parameters(), rate);
        long steps = (long)train.Count * epochs, rise = Math.Max(1, steps / 10);
        var trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            MeasureTraining = false,
            Schedule = new Schedule(optimizer, new CosineDecay(steps).WithWarmUp(rise)),
            Seed = seed,
            Progress = ProgressStyle.None,
            Callbacks = page is null ? [] : [page],
        };
        var points = new List<(double Step, double Accuracy)> { (0, Judge(trainer)) };
        var (time, memory) = (new Stopwatch(), Device.Cpu.Memory);
        long before = memory.LiveBytes, most = 0;
        for (int look = 1; look <= looks && trainer.History.End != TrainingEnd.Interrupted; look++)
        {
            if (epochs * look / looks <= trainer.Epoch) continue;
            memory.ResetPeak();
            time.Start();
            trainer.Fit(train, epochs: epochs * look / looks);
            time.Stop();
            most = Math.Max(most, memory.PeakBytes - before);
            points.Add((trainer.Step, Judge(trainer)));
        }
        long trained = model.Parameters().Where(p => p.RequiresGrad).Sum(p => p.Shape.Count);
        return new Outcome(points, trained, model.TrainedShare(), time.Elapsed / trainer.Step, most,
            trainer.History.End == TrainingEnd.Interrupted);
    }

    private double Judge(Trainer trainer) => 100 * trainer.Evaluate(test)["accuracy"];
}

/// <summary>The cost and the accuracy of a lesson.</summary>
/// <param name="Points">The share of the test pictures that were told right after some steps, in percent.</param>
/// <param name="Trained">How many numbers were trained.</param>
/// <param name="Share">Their share of all numbers.</param>
/// <param name="StepTime">The time of a step.</param>
/// <param name="Memory">What the steps needed in bytes, beside the network as it was before.</param>
/// <param name="IsInterrupted">Whether it ended early.</param>
internal sealed record Outcome(
    IReadOnlyList<(double Step, double Accuracy)> Points, long Trained, double Share, TimeSpan StepTime, long Memory, bool IsInterrupted)
{
    public double Accuracy => Points[^1].Accuracy;
}
