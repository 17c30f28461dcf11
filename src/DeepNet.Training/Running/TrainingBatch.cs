using DeepNet.Data;
using DeepNet.Data.Loading;

namespace DeepNet.Training.Running;

/// <summary>A batch of any type, where the parameters are, and the way from it to its loss.</summary>
internal abstract class TrainingBatch
{
    /// <summary>Gets the number of examples; 0 for a part that a small batch does not have.</summary>
    public abstract int Count { get; }

    /// <summary>Gets the number of examples of the whole batch, of which this may be a part.</summary>
    public abstract int Whole { get; }

    /// <summary>Gets the batch if it is one of inputs and targets.</summary>
    public abstract Batch? Pair { get; }

    /// <summary>Computes the loss, in the run's precision.</summary>
    public abstract StepOutput Compute();

    /// <summary>Gets the tensors, with what they are called in messages.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> Tensors();
}

/// <summary>A batch of one type.</summary>
internal sealed class TrainingBatch<TBatch>(Trainer trainer, BatchPart<TBatch> part, Func<TBatch, StepOutput> compute) : TrainingBatch
{
    private readonly TBatch batch = part.Batch;

    public override int Count { get; } = part.IsEmpty ? 0 : BatchTensors.Count(part.Batch);

    public override int Whole => part.Whole ?? Count;

    public override Batch? Pair => batch is Batch pair ? pair : null;

    public override StepOutput Compute()
    {
        using var cast = Autocast.To(trainer.Precision.ProductType());
        return compute(batch);
    }

    public override IEnumerable<(string Name, Tensor Tensor)> Tensors() => part.IsEmpty ? [] : batch switch
    {
        Batch pair => [("inputs", pair.X), ("targets", pair.Y)],
        IReadOnlyDictionary<string, Tensor> named => named.Select(n => ($"values of '{n.Key}'", n.Value)),
        _ => BatchTensors.Of(batch).Select((t, i) => (FormattableString.Invariant($"values of tensor {i + 1}"), t)),
    };
}
