using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>Saves the name of a run's precision in a checkpoint, so that a run does not go on in another.</summary>
internal sealed class PrecisionPart(TrainingPrecision precision) : IResumable
{
    public string Kind => "mixed_" + precision.Name();

    public void Capture(OptimizerState state) { }

    public Action Prepare(StateReader reader) => () => { };
}
