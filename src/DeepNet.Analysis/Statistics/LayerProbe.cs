using DeepNet.Nn;

namespace DeepNet.Analysis;

/// <summary>
/// Observes the layers of a model while it computes: their outputs, and the gradients that come back. Dispose it to stop observing; the
/// model computes the same with and without.
/// </summary>
/// <example><code>
/// using var probe = new LayerProbe(model);
/// Loss.CrossEntropy(model.Forward(x), y).Backward();
/// foreach (var layer in probe.Layers) Console.WriteLine($"{layer.Name}: {layer.Gradient?.Rms:0.0e0}");
/// </code></example>
public sealed class LayerProbe : IDisposable
{
    private readonly List<IDisposable> hooks = [];
    private readonly List<Seen> seen = [];
    private readonly HashSet<Layer> inThisPass = [];
    private readonly int bins;

    /// <summary>Starts to observe the layers of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="only">The layers to observe; those that hold no other modules if not given.</param>
    /// <param name="bins">The number of bins of histograms.</param>
    /// <exception cref="ArgumentException">No layer was chosen: functions such as <c>x.Relu()</c> are no layers and cannot be
    /// watched.</exception>
    public LayerProbe(Module model, Func<string, Layer, bool>? only = null, int bins = 30)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        this.bins = bins;
        model.Parameters();         // gives layers their paths
        only ??= (_, layer) => !layer.Children().Any();
        foreach (var (name, module) in model.Modules())
            if (module is Layer layer && only(name, layer)) hooks.Add(layer.RegisterForwardHook((l, _, y) => Watch(name, l, y)));
        if (hooks.Count == 0)
            throw new ArgumentException(
                "[layer_probe] there is no layer to watch in the model. Functions such as x.Relu() are none: put the layer new "
                    + "Relu() there instead.", nameof(model));
    }

    /// <summary>
    /// Gets the statistics of the latest pass, in the order in which the layers ran. A pass begins when a layer that has run runs again; if
    /// a model calls a layer more than once in one pass, what it gave last is seen.
    /// </summary>
    public IReadOnlyList<LayerStatistics> Layers => [.. seen.Select((s, i) => s.Statistics with { Depth = i, Gradient = s.Gradient })];

    /// <summary>Forgets what was seen.</summary>
    public void Clear()
    {
        seen.Clear();
        inThisPass.Clear();
    }

    /// <summary>Stops observing; the statistics stay.</summary>
    public void Dispose()
    {
        foreach (var hook in hooks) hook.Dispose();
        hooks.Clear();
    }

    private Tensor? Watch(string name, Layer layer, Tensor output)
    {
        if (!inThisPass.Add(layer))
        {
            Clear();
            inThisPass.Add(layer);
        }
        var entry = new Seen(
            new(name.Length == 0 ? layer.Description : name, layer.Description, 0, TensorStatistics.Of(output, bins), Dead(output), null));
        seen.Add(entry);
        if (output.RequiresGrad)
            output.RegisterHook(gradient =>
            {
                entry.Gradient = TensorStatistics.Of(gradient, bins);
                return null;
            });
        return null;
    }

    /// <summary>The share of units that are 0 for all examples; axis 1 counts units, the others examples and places.</summary>
    private static double Dead(Tensor output)
    {
        if (output.Rank < 2 || output.Count == 0) return 0;
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        int[] others = [.. Enumerable.Range(0, output.Rank).Where(axis => axis != 1)];
        return output.Detach().Abs().Max(others).Equal(0).To(DType.Float64).Mean().Item<double>();
    }

    private sealed class Seen(LayerStatistics statistics)
    {
        public LayerStatistics Statistics { get; } = statistics;

        public TensorStatistics? Gradient { get; set; }
    }
}
