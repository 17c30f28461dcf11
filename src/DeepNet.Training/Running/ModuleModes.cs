using DeepNet.Nn;

namespace DeepNet.Training.Running;

/// <summary>
/// Keeps which modules of a model were in training and which in evaluation, to restore them: parts may be in evaluation on purpose, as
/// frozen norms are.
/// </summary>
internal readonly struct ModuleModes
{
    private readonly (Module Module, bool WasTraining)[] modules;

    private ModuleModes((Module, bool)[] modules) => this.modules = modules;

    /// <summary>Takes down the mode of each module.</summary>
    public static ModuleModes Of(Module model) => new([.. model.Modules().Select(m => (m.Module, m.Module.IsTraining))]);

    /// <summary>Puts each module into the mode that it was in.</summary>
    public void Restore()
    {
        // Parents come before their children, whose own mode then has the last word.
        foreach (var (module, wasTraining) in modules)
            if (module.IsTraining != wasTraining) module.Train(wasTraining);
    }
}
