using System.Diagnostics;

namespace DeepNet.Training.Running;

/// <summary>
/// Goes through a data set without learning from it. Weights, modes of modules, random keys and the loader's place stay as they were.
/// </summary>
internal sealed class Evaluator(Trainer trainer)
{
    /// <summary>Gets a value that is true if it is the validation of a run, which callbacks observe.</summary>
    public bool IsValidation { get; init; }

    public Display Display { get; init; } = Display.None;

    public Evaluation Run(TrainingData data, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        double sum = 0;
        int count = 0, done = 0;
        foreach (var metric in trainer.Metrics) metric.Reset();
        using (new EvaluationMode(trainer, data.Loader))
        {
            using var batches = data.Begin(cancellation);
            while (true)
            {
                using var scope = Memory.Scope();
                using var noGrad = Autograd.NoGrad();
                if (!batches.MoveNext()) break;
                var batch = batches.Current;
                var output = batch.Compute();
                sum += output.Loss.To(DType.Float64).Sum().Item<double>() * batch.Count;
                count += batch.Count;
                if (output.Output is not null && output.Target is not null)
                    foreach (var metric in trainer.Metrics) metric.Update(output.Output, output.Target);
                if (IsValidation && batch.Pair is { } pair)
                    foreach (var callback in trainer.Callbacks) callback.OnValidationBatch(trainer, pair, output);
                Display.Validated(++done, data.Loader.Batches ?? done);
            }
        }
        if (count == 0) throw new ArgumentException($"[evaluate] {data.Loader} has no examples.");
        var values = new OrderedDictionary<string, double> { ["loss"] = sum / count };
        foreach (var metric in trainer.Metrics) values[metric.Name] = metric.Value;
        return new Evaluation(count, clock.Elapsed.TotalSeconds, values);
    }
}
