using DeepNet.Data;

namespace DeepNet.Training.Tests.Support;

/// <summary>A callback made of functions.</summary>
internal sealed class Probe : Callback
{
    public Action<Trainer>? Start { get; init; }
    public Action<Trainer>? Gradients { get; init; }
    public Action<Trainer, StepRecord>? Step { get; init; }
    public Action<Trainer>? ValidationBatch { get; init; }
    public Action<Trainer, EpochRecord>? Epoch { get; init; }
    public Action<Trainer>? End { get; init; }

    public override string Name { get; } = $"probe{Guid.NewGuid():N}";

    protected internal override void OnFitStart(Trainer trainer) => Start?.Invoke(trainer);
    protected internal override void OnGradients(Trainer trainer) => Gradients?.Invoke(trainer);
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step) => Step?.Invoke(trainer, step);
    protected internal override void OnValidationBatch(Trainer trainer, Batch batch, in StepOutput output)
        => ValidationBatch?.Invoke(trainer);
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => Epoch?.Invoke(trainer, epoch);
    protected internal override void OnFitEnd(Trainer trainer) => End?.Invoke(trainer);
}
