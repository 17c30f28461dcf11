using DeepNet.Data;
using DeepNet.Optim;

namespace DeepNet.Training.Running;

/// <summary>
/// A part of a training that is undone at the end, bit for bit: weights, buffers, optimizer, loss scale, random keys, modes and the
/// loader's place.
/// </summary>
internal sealed class Trial : IDisposable
{
    private readonly Trainer trainer;
    private readonly ILoader data;
    private readonly LoaderState place;
    private readonly ModuleModes modes;
    private readonly GeneratorState keys = Generator.Default.State;
    private readonly List<(Generator Generator, GeneratorState State)> generators;
    private readonly List<(Tensor Tensor, Tensor Kept)> tensors;
    private readonly OptimizerState optimizer;
    private readonly OptimizerState? scaler;
    private readonly (double? Decay, double? L1)[] options;

    public Trial(Trainer trainer, ILoader data)
    {
        (this.trainer, this.data, place) = (trainer, data, data.State);
        modes = ModuleModes.Of(trainer.Model);
        generators = [.. trainer.Generators.Values.Select(g => (g, g.State))];
        optimizer = trainer.Optimizer.SaveState();
        scaler = trainer.Scaler?.SaveState();
        // A state that is loaded puts numbers where groups leave it to the optimizer.
        options = [.. trainer.Optimizer.Groups.Select(g => (g.WeightDecay, g.L1))];
        var all = trainer.Model.State().Values.Concat(trainer.Parameters.Select(p => p.Value))
            .Distinct<Tensor>(ReferenceEqualityComparer.Instance);
        tensors = [.. all.Select(t => (t, Memory.Keep(t.CopyDense())))];
        if (!trainer.Model.IsTraining) trainer.Model.Train();
        trainer.Optimizer.EndEvaluation();
    }

    public void Dispose()
    {
        trainer.Optimizer.ZeroGrad();
        using (Autograd.NoGrad())
        {
            foreach (var (tensor, kept) in tensors)
            {
                tensor.CopyFrom(kept);
                kept.Dispose();
            }
        }
        trainer.Optimizer.LoadState(optimizer);
        for (int g = 0; g < options.Length; g++)
            (trainer.Optimizer.Groups[g].WeightDecay, trainer.Optimizer.Groups[g].L1) = options[g];
        if (scaler is not null) trainer.Scaler!.LoadState(scaler);
        foreach (var (generator, state) in generators) generator.State = state;
        Generator.Default.State = keys;
        modes.Restore();
        data.State = place;
    }
}
