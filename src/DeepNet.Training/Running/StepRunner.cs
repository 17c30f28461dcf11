using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>
/// One step of the optimizer: gradients over one batch or several, checked, and the step itself. It is all one function of the weights, so
/// that optimizers which evaluate it several times a step (L-BFGS) need nothing special.
/// </summary>
internal sealed class StepRunner(Trainer trainer)
{
    private readonly List<TrainingBatch> batches = [];
    private readonly NormPass norms = new();
    private readonly List<double> figures = [];
    private readonly int parts = trainer.Strategy?.Shard.Count ?? 1;        // of each batch that come to this process
    private int epoch, firstBatch;
    private bool isFirst;
    private double loss;

    /// <summary>
    /// Gets a value that is true if the steps are undone afterwards: no metric or callback sees them, and a loss or gradient that is not
    /// finite is a loss of NaN.
    /// </summary>
    public bool IsTrial { get; init; }

    /// <summary>Gets the number of examples of the step.</summary>
    public int Examples { get; private set; }

    /// <summary>Gets the 2-norm of all gradients before clipping; NaN unless they are checked.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Takes the batches of the next step: all of them first, so that the weight of each is known. Returns how many.</summary>
    public int Gather(IEnumerator<TrainingBatch> source)
    {
        batches.Clear();
        Examples = 0;
        while (batches.Count < trainer.Accumulate * parts && source.MoveNext())
        {
            batches.Add(source.Current);
            if (batches.Count % parts == 0) Examples += source.Current.Whole;
        }
        return batches.Count / parts;
    }

    /// <summary>Takes the step; returns the loss before it.</summary>
    public double Run(int number, int seen)
    {
        (epoch, firstBatch) = (number, seen);
        isFirst = true;
        GradientNorm = double.NaN;
        var keys = Generator.Default.State;
        try
        {
            trainer.Optimizer.Step(Gradients);
            trainer.Scaler?.Adapt(isFinite: true);
            return loss;
        }
        catch (SkippedException)
        {
            trainer.Scaler!.Adapt(isFinite: false);
            return loss;
        }
        catch (FoundException) when (IsTrial)
        {
            return double.NaN;
        }
        catch (FoundException found)
        {
            Generator.Default.State = keys;         // the same dropout as in the step that failed
            throw new NonFiniteSource(trainer, batches, epoch, firstBatch).Find(found.What);
        }
        finally
        {
            batches.Clear();
        }
    }

    private Tensor Gradients()
    {
        trainer.Optimizer.ZeroGrad();
        double sum = 0;
        Tensor? last = null;
        if (trainer.Strategy is { } strategy)
        {
            sum = Shared(strategy);
        }
        else
        {
            foreach (var batch in batches)
            {
                double share = (double)batch.Count / Examples;
                last = Learn(batch, share, out var output, out double value);
                sum += value * share;
                if (isFirst && !IsTrial) Measure(output, value, batch.Count);
            }
        }
        if (isFirst) loss = sum;
        if (trainer.Scaler?.TryUnscale(trainer.Parameters) == false) throw new SkippedException();
        if (isFirst && !IsTrial)
        {
            foreach (var callback in trainer.Active) callback.OnGradients(trainer);
        }
        if ((trainer.CheckGradients || IsTrial) && (isFirst || !trainer.Optimizer.IsSearch)) CheckGradients();
        isFirst = false;
        return batches.Count == 1 && last is not null ? last : Tensor.FromScalar(sum);
    }

    /// <summary>Computes the gradients of this process's parts, and what they are together with those of the others.</summary>
    /// <remarks>
    /// Of a part all batches come first, and figures are summed in the order of parts: both are the same however the parts are divided.
    /// </remarks>
    private double Shared(Strategy strategy)
    {
        figures.Clear();
        int batchCount = batches.Count / parts;
        strategy.BeginStep(batchCount);
        for (int part = 0; part < parts; part++)
        {
            for (int batch = 0; batch < batchCount; batch++)
            {
                var own = batches[batch * parts + part];
                double share = (double)own.Count / Examples;
                strategy.BeginPart(part, batch);
                if (own.Count > 0)
                {
                    Learn(own, share, out var output, out double value);
                    Note(output, value, own.Count);
                }
                else
                {
                    Note(default, double.NaN, 0);
                }
                strategy.EndPart(share);
            }
        }
        strategy.EndStep();
        double sum = 0;
        int width = 2 + trainer.Metrics.Count;
        foreach (double[] theirs in strategy.Exchange([.. figures]))
        {
            for (int at = 0; at < theirs.Length; at += width)
            {
                if (theirs[at] == 0) continue;
                sum += theirs[at + 1] * (theirs[at] / Examples);
                if (!isFirst || IsTrial) continue;
                trainer.State.Meters.Add("loss", theirs[at + 1], theirs[at]);
                for (int m = 0; m < trainer.Metrics.Count; m++)
                    trainer.State.Meters.Add(trainer.Metrics[m].Name, theirs[at + 2 + m], theirs[at]);
            }
        }
        return sum;
    }

    private Tensor Learn(TrainingBatch batch, double share, out StepOutput output, out double value)
    {
        output = batch.Compute();
        CheckSingle(output.Loss);
        var weighted = share == 1 ? output.Loss : output.Loss * share;
        trainer.Strategy?.BeginBackward();
        (trainer.Scaler is { } scaler ? scaler.Scale(weighted) : weighted).Backward();
        // Read when the way back is asked for too: a GPU waits for nothing between the two.
        value = output.Loss.Detach().To(DType.Float64).Item<double>();
        // A line search may try points where the loss is not finite, and turns back by itself; where a step starts it must be.
        if (isFirst && !double.IsFinite(value)) throw new FoundException(FormattableString.Invariant($"the loss is {value}"));
        return weighted;
    }

    private static void CheckSingle(Tensor loss)
    {
        if (loss is null) throw new InvalidOperationException("[trainer] the step has no loss.");
        if (loss.Count != 1)
            throw new ArgumentException(
                $"[trainer] the loss has the shape {loss.Shape}, and must be a single number, the mean over the batch. Was it made "
                    + "with Reduction.None?");
    }

    private void Measure(in StepOutput output, double value, int count)
    {
        var meters = trainer.State.Meters;
        meters.Add("loss", value, count);
        foreach (var metric in trainer.Metrics) meters.Add(metric.Name, Of(metric, output), count);
    }

    /// <summary>Puts down the figures of a part, for all processes.</summary>
    private void Note(in StepOutput output, double value, int count)
    {
        figures.Add(count);
        figures.Add(value);
        foreach (var metric in trainer.Metrics) figures.Add(isFirst && !IsTrial ? Of(metric, output) : double.NaN);
    }

    // NaN, which does not count, where there is nothing to measure.
    private double Of(Metric metric, in StepOutput output)
    {
        if (!trainer.MeasureTraining || output.Output is null || output.Target is null) return double.NaN;
        using var noGrad = Autograd.NoGrad();
        metric.Reset();
        metric.Update(output.Output.Detach(), output.Target);
        return metric.Value;
    }

    private void CheckGradients()
    {
        foreach (var parameter in trainer.Parameters) norms.Add(parameter);
        double norm = norms.Norm();
        norms.Clear();
        if (isFirst) GradientNorm = norm;
        if (!double.IsFinite(norm)) throw new FoundException(FormattableString.Invariant($"the norm of the gradients is {norm}"));
    }

    /// <summary>Leaves a step whose gradients overflowed, through the optimizer, before it changes anything.</summary>
    private sealed class SkippedException : Exception;

    /// <summary>Leaves the step, through the optimizer, before it changes anything.</summary>
    private sealed class FoundException(string what) : Exception
    {
        public string What => what;
    }
}
