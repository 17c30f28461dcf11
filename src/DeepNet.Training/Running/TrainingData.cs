using DeepNet.Data;

namespace DeepNet.Training.Running;

/// <summary>The batches of a loader, whatever their type, with the step that a trainer takes with each.</summary>
internal abstract class TrainingData(ILoader loader)
{
    public ILoader Loader { get; } = loader;

    /// <summary>Begins a pass from the loader's place on.</summary>
    public abstract IEnumerator<TrainingBatch> Begin(CancellationToken cancellation);
}

/// <summary>The batches of a loader of one type.</summary>
internal sealed class TrainingData<TBatch>(Trainer trainer, Loader<TBatch> loader, Func<TBatch, StepOutput> compute) : TrainingData(loader)
{
    public override IEnumerator<TrainingBatch> Begin(CancellationToken cancellation)
    {
        var device = trainer.Parameters[0].Value.Device;
        foreach (var part in loader.Parts(cancellation))
        {
            var placed = part.IsEmpty ? part : part with { Batch = BatchTensors.To(part.Batch, device) };
            yield return new TrainingBatch<TBatch>(trainer, placed, compute);
        }
    }
}
