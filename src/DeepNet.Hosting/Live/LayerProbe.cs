using DeepNet.Nn;
using DeepNet.Training;

namespace DeepNet.Hosting.Live;

/// <summary>
/// Samples the gradients of a model, and the activations of its layers in a prediction of its own: the training itself runs no other code
/// than without, and gives the same bits.
/// </summary>
internal static class LayerProbe
{
    private const int MostLayers = 24;

    /// <summary>Samples the gradients of a step; weights come before biases where there are many.</summary>
    public static IReadOnlyList<LayerSample> Gradients(Module model, long step)
    {
        var all = model.NamedParameters().Where(p => p.Parameter.RequiresGrad && p.Parameter.Shape.Count > 0).ToArray();
        var shown = all.Length <= MostLayers ? all : all.Where(p => p.Parameter.Shape.Rank > 1).ToArray();
        var samples = new List<LayerSample>();
        foreach (var (path, parameter) in Spaced(shown))
            if (parameter.PeekValues() is { Count: > 0 } gradient)
                samples.Add(new("gradient", path, step, Spread.Sample(gradient)));
        return samples;
    }

    /// <summary>Predicts for a few inputs, and samples what each innermost layer gives.</summary>
    public static IReadOnlyList<LayerSample> Activations(Trainer trainer, Tensor x)
    {
        var samples = new List<LayerSample>();
        var hooks = new List<IDisposable>();
        try
        {
            var layers = trainer.Model.Modules().Where(m => m.Module is Layer and not (Dropout or Flatten) && !m.Module.Children().Any())
                .ToArray();
            foreach (var (path, module) in Spaced(layers))
                hooks.Add(((Layer)module).RegisterForwardHook((_, _, y) =>
                {
                    if (y.Count > 0 && y.Rank > 0) samples.Add(new("activation", path, trainer.Step, Spread.Sample(y)));
                    return null;
                }));
            trainer.Predict(x).Dispose();
        }
        finally
        {
            foreach (var hook in hooks) hook.Dispose();
        }
        // A layer that is used several times is shown as it was the last time.
        return [.. samples.GroupBy(s => s.Name).Select(g => g.Last())];
    }

    private static IEnumerable<T> Spaced<T>(IReadOnlyList<T> all)
        => all.Count <= MostLayers ? all : Enumerable.Range(0, MostLayers).Select(i => all[i * (all.Count - 1) / (MostLayers - 1)]);
}
