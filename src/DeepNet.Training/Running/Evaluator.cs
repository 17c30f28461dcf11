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
        var (sum, count) = trainer.Strategy is { } strategy ? Shared(strategy, data, cancellation) : Look(data, cancellation);
        if (count == 0) throw new ArgumentException($"[evaluate] {data.Loader} has no examples.");
        var values = new OrderedDictionary<string, double> { ["loss"] = sum / count };
        foreach (var metric in trainer.Metrics) values[metric.Name] = metric.Value;
        return new Evaluation(count, clock.Elapsed.TotalSeconds, values);
    }

    /// <summary>Looks at this process's parts, and puts together what all have seen: the same, however the parts are divided.</summary>
    private (double Sum, int Count) Shared(Strategy strategy, TrainingData data, CancellationToken cancellation)
    {
        strategy.Next = Meeting.Exchange;
        var shard = data.Loader.Shard;
        var seen = new List<double>();
        try
        {
            for (int part = 0; part < strategy.Shard.Count; part++)
            {
                data.Loader.Shard = strategy.Shard with { First = strategy.Shard.First + part, Count = 1 };
                var (sum, count) = Look(data, cancellation);
                seen.AddRange([sum, count]);
                foreach (var metric in trainer.Metrics)
                {
                    double[] state = metric.State();
                    seen.Add(state.Length);
                    seen.AddRange(state);
                }
            }
        }
        catch (Exception e) when (!IsValidation)
        {
            strategy.Fail(e);
            throw;
        }
        finally
        {
            data.Loader.Shard = shard;
        }
        strategy.Exchange([]);
        return Merge(strategy.Gather([.. seen]));
    }

    private (double Sum, int Count) Merge(double[][] parts)
    {
        double sum = 0;
        int count = 0;
        foreach (var metric in trainer.Metrics) metric.Reset();
        foreach (double[] numbers in parts)
        {
            for (int at = 0; at < numbers.Length;)
            {
                sum += numbers[at++];
                count += (int)numbers[at++];
                foreach (var metric in trainer.Metrics)
                {
                    int length = (int)numbers[at++];
                    metric.Merge(numbers.AsSpan(at, length));
                    at += length;
                }
            }
        }
        return (sum, count);
    }

    private (double Sum, int Count) Look(TrainingData data, CancellationToken cancellation)
    {
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
                if (batch.Count == 0) continue;
                var output = batch.Compute();
                sum += output.Loss.To(DType.Float64).Sum().Item<double>() * batch.Count;
                count += batch.Count;
                if (output.Output is not null && output.Target is not null)
                    foreach (var metric in trainer.Metrics) metric.Update(output.Output, output.Target);
                if (IsValidation && batch.Pair is { } pair)
                    foreach (var callback in trainer.Active) callback.OnValidationBatch(trainer, pair, output);
                Display.Validated(++done, data.Loader.Batches ?? done);
            }
        }
        return (sum, count);
    }
}
