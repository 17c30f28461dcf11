using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>What a checkpoint says of a run's precision: its name, so that a run does not go on in another.</summary>
internal sealed class PrecisionPart(TrainingPrecision precision) : IResumable
{
    public string Kind => "mixed_" + precision.Name();

    public void Capture(OptimizerState state) { }

    public Action Prepare(StateReader reader) => () => { };
}
