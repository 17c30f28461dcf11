using DeepNet.Models;
using DeepNet.Nn;

namespace DeepNet.Hosting.Predicting;

/// <summary>A model that is ready to compute, and belongs to its predictor.</summary>
internal sealed record LoadedModel(Module Module, Device Device) : IDisposable
{
    /// <summary>Makes a model in evaluation mode, with the weights of a file if there is one.</summary>
    /// <param name="make">Makes the model.</param>
    /// <param name="weights">The file, or null.</param>
    /// <param name="inUse">The model that the new one is to replace.</param>
    public static LoadedModel Make(Func<Module> make, string? weights, LoadedModel? inUse)
    {
        using var noGrad = Autograd.NoGrad();
        var module = make() ?? throw new InvalidOperationException("[predictor] the function that makes the model returned null.");
        if (ReferenceEquals(module, inUse?.Module))
            throw new InvalidOperationException("[predictor] the function that makes the model returned the one that is in use. A reload "
                + "needs a new one, so that no batch meets a mixture of weights: make it within the function.");
        if (weights is not null) module.LoadPretrained(weights);
        module.Eval();
        return new LoadedModel(module, module.Parameters() is [var first, ..] ? first.Value.Device : Device.Cpu);
    }

    public void Dispose()
    {
        foreach (var tensor in Module.State().Values) tensor.Dispose();
    }

    /// <summary>
    /// Disposes of the weights and returns their memory to the system: the thread that makes the next model would not find it here.
    /// </summary>
    public void Release()
    {
        Dispose();
        Device.Memory.Trim();
    }
}
