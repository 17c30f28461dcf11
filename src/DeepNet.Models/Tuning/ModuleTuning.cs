using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Provides methods for models that are tuned.</summary>
public static class ModuleTuning
{
    /// <summary>
    /// Ties a parameter to another one of the same shape: both are one tensor from then on, trained and saved once. Call it before the
    /// optimizer is made.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The path of the parameter that is given up, such as <c>lm_head.weight</c>.</param>
    /// <param name="to">The path of the one that stays, such as <c>wte.weight</c>.</param>
    public static void Tie(this Module model, string path, string to)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = model.NamedParameters().FirstOrDefault(p => p.Path == to).Parameter;
        if (found is null) model.NamedParameters(to);       // its error has the names that are like it
        model.Replace(path, found ?? throw new ArgumentException($"[tie] '{to}' is no parameter."));
    }

    /// <summary>The share of a model's numbers that are trained, from 0 to 1.</summary>
    public static double TrainedShare(this Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long all = 0, trained = 0;
        foreach (var (_, parameter) in model.NamedParameters())
        {
            all += parameter.Shape.Count;
            if (parameter.RequiresGrad) trained += parameter.Shape.Count;
        }
        return all == 0 ? 0 : (double)trained / all;
    }
}
