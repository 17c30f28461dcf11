using DeepNet.Data;
using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>
/// A model set to evaluation for a while, with the weights that its optimizer means to be used, and its data to their first epoch, so that
/// looking twice shows the same. At the end each module is in the mode it was in (parts may be frozen in evaluation on purpose), and
/// weights, random keys and the loader are where they were.
/// </summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly ModuleModes modes;
    private readonly GeneratorState keys = Generator.Default.State;
    private readonly ILoader? data;
    private readonly LoaderState place;
    private readonly Optimizer? optimizer;

    public EvaluationMode(Trainer trainer, ILoader? data = null)
    {
        modes = ModuleModes.Of(trainer.Model);
        trainer.Model.Eval();
        if (trainer.Optimizer.BeginEvaluation()) optimizer = trainer.Optimizer;
        this.data = data;
        if (data is null) return;
        place = data.State;
        data.State = new LoaderState(place.Seed, 0, 0);
    }

    public void Dispose()
    {
        modes.Restore();
        optimizer?.EndEvaluation();
        Generator.Default.State = keys;
        if (data is not null) data.State = place;
    }
}
