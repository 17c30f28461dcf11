using System.Globalization;

namespace DeepNet.Training.Running;

/// <summary>Finds out where a NaN or an infinity came from, by going through the step again with everything being looked at.</summary>
internal sealed class NonFiniteSource(Trainer trainer, List<TrainingBatch> batches, int epoch, int firstBatch)
{
    public NonFiniteException Find(string what)
    {
        long step = trainer.State.Step + 1;
        string place = FormattableString.Invariant($"[trainer] {what} at step {step} (epoch {epoch}, batch {firstBatch + 1})");
        if (Input() is { } input) return new NonFiniteException($"{place}: {input}", step, epoch, null);
        if (Weight() is { } weight) return new NonFiniteException($"{place}: {weight}", step, epoch, null);
        try
        {
            using var detection = Anomaly.Detect();
            trainer.Optimizer.ZeroGrad();
            foreach (var batch in batches) batch.Compute().Loss.Backward();
        }
        catch (AnomalyException culprit)
        {
            return new NonFiniteException($"{place}. {culprit.Message} {Advice()}", step, epoch, culprit);
        }
        finally
        {
            trainer.Optimizer.ZeroGrad();
        }
        return new NonFiniteException(
            $"{place}, and every operator's result was finite when the step was looked into: squares of large gradients overflow, or "
                + $"something in the step is random. {Advice()}",
            step, epoch, null);
    }

    private string? Input()
    {
        for (int i = 0; i < batches.Count; i++)
        {
            foreach (var (name, tensor) in batches[i].Tensors())
            {
                if (!FiniteScan.IsClean(tensor))
                    return $"the {name} of batch {firstBatch + i + 1} of the epoch, of shape {tensor.Shape}, have "
                        + $"{FiniteScan.Describe(tensor)} already. Look at the data: missing values, a division by a "
                        + "standard deviation of 0?";
            }
        }
        return null;
    }

    private string? Weight()
    {
        foreach (var (path, parameter) in trainer.Model.NamedParameters())
        {
            if (!FiniteScan.IsClean(parameter.Value))
                return $"the parameter {path} has {FiniteScan.Describe(parameter.Value)} already. "
                    + (trainer.CheckGradients
                        ? "The step before made it so: lower the learning rate."
                        : "Set CheckGradients to find the step that made it so.");
        }
        return null;
    }

    private string Advice()
    {
        string rate = trainer.Optimizer.LearningRate.ToString(CultureInfo.InvariantCulture);
        string advice =
            $"The weights are as they were before the step; the learning rate is {rate}: a lower one, a warm-up or ClipNorm help "
            + "against an overflow.";
        return trainer.Precision == TrainingPrecision.MixedFloat16
            ? advice + " Float16 ends at 65504: bfloat16 has the range of float32."
            : advice;
    }
}
