using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Pruning: sets the smallest weights to 0 and keeps them there by masks, through all further steps of training. With rewinding, the search
/// for winning tickets (Frankle and Carbin 2019): train, prune, rewind what is left to its start, train again.
/// </summary>
/// <remarks>
/// What is pruned are parameters of two axes or more; biases and norms stay. The names of weights stay what they are, beside a
/// <c>weight.mask</c>. Call it before the optimizer is made: after pruning, a new one is due.
/// </remarks>
/// <example><code>
/// var start = Pruning.Snapshot(model);
/// Train(model);
/// Console.WriteLine(Pruning.Magnitude(model, 0.8));       // a fifth of the weights is left
/// Pruning.Rewind(model, start);
/// Train(model);                                            // with a new optimizer
/// Pruning.MakePermanent(model);
/// </code></example>
public static class Pruning
{
    /// <summary>Prunes the weights of the smallest magnitudes, of all layers together or of each.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">The share of the weights that are 0 afterwards; what was pruned before counts, and stays pruned.</param>
    /// <param name="targets">A pattern of the weights, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    /// <param name="byLayer">True for the same share of each layer; false for one threshold for all.</param>
    public static PruningReport Magnitude(Module model, double share, string targets = "*", bool byLayer = false)
    {
        var weights = Find(model, share, targets);
        float[][] sizes = [.. weights.Select(w => w.Mask is null ? Sizes(w.Parameter.Value) : Sizes(w.Parameter.Value, w.Mask.Mask))];
        if (byLayer)
            for (int i = 0; i < sizes.Length; i++) Smallest(share, sizes[i], keep => weights[i].SetMask(keep));
        else
            Smallest(share, [.. sizes.SelectMany(s => s)], keep =>
            {
                int from = 0;
                foreach (var weight in weights) weight.SetMask(keep[from..(from += (int)weight.Parameter.Shape.Count)]);
            });
        return Report(model);
    }

    /// <summary>
    /// Prunes whole output channels, the rows of a layer's weight with the smallest norms, along with their biases: the same share of each
    /// layer. Leave out the last layer, whose channels are the results.
    /// </summary>
    /// <inheritdoc cref="Magnitude"/>
    public static PruningReport Channels(Module model, double share, string targets)
    {
        var weights = Find(model, share, targets);
        var biases = model.NamedParameters().Where(p => p.Parameter.Shape.Rank == 1).ToDictionary(p => p.Path, p => p.Parameter);
        foreach (var weight in weights)
        {
            int channels = weight.Parameter.Shape[0], width = (int)weight.Parameter.Shape.Count / Math.Max(1, channels);
            float[] sizes = weight.Mask is null ? Sizes(weight.Parameter.Value) : Sizes(weight.Parameter.Value, weight.Mask.Mask);
            float[] norms = [.. sizes.Chunk(Math.Max(1, width)).Select(row => row[0] < 0 && row.All(v => v < 0) ? -1
                : (float)Math.Sqrt(row.Sum(v => (double)v * v)))];
            Smallest(share, norms, keep =>
            {
                weight.SetMask([.. keep.SelectMany(kept => Enumerable.Repeat(kept, width))]);
                int end = weight.Path.LastIndexOf("weight", StringComparison.Ordinal);
                if (end >= 0 && biases.TryGetValue($"{weight.Path[..end]}bias", out var bias) && bias.Shape[0] == channels)
                    new Target(model, weight.Path, bias).SetMask(keep);
            });
        }
        return Report(model);
    }

    /// <summary>Copies the present state, to rewind to.</summary>
    public static IReadOnlyDictionary<string, Tensor> Snapshot(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using (Autograd.NoGrad()) return model.State().ToDictionary(part => part.Key, part => Memory.Keep(part.Value.Clone()));
    }

    /// <summary>Gives the weights and buffers the values of a snapshot, but for what is pruned, which stays 0.</summary>
    /// <exception cref="ArgumentException">The snapshot is one of another model.</exception>
    public static void Rewind(Module model, IReadOnlyDictionary<string, Tensor> snapshot)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(snapshot);
        var masks = Masks(model).Select(m => $"{m.Path}.mask").ToHashSet();
        var wanted = snapshot.Where(part => !masks.Contains(part.Key)).ToDictionary();
        var missing = model.State().Keys.Where(name => !wanted.ContainsKey(name) && !masks.Contains(name)).ToList();
        if (missing.Count > 0) throw new ArgumentException($"[pruning] the snapshot has no '{missing[0]}': it is one of another model.");
        var difference = model.LoadState(wanted, strict: false);
        if (difference.Unexpected.Count + difference.Reshaped.Count > 0)
            throw new ArgumentException($"[pruning] the snapshot is one of another model:\n{difference}");
    }

    /// <summary>
    /// Deals the masks of each layer out anew: a random ticket of the same size, beside which a winning one is measured.
    /// </summary>
    public static void ShuffleMasks(Module model, Generator? generator = null)
    {
        foreach (var (_, mask) in Masks(model))
        {
            var order = Tensor.RandPerm((int)mask.Mask.Value.Count, generator: generator).To(mask.Mask.Value.Device);
            mask.Mask.Replace(mask.Mask.Value.Reshape(-1).IndexSelect(0, order).Reshape(mask.Mask.Value.Shape.Axes));
        }
    }

    /// <summary>Makes the pruned weights plain ones again, with zeros that further training would change.</summary>
    public static void MakePermanent(Module model)
    {
        foreach (var (_, mask) in Masks(model)) mask.Remove();
    }

    /// <summary>Gets the parts that are pruned at present.</summary>
    public static PruningReport Report(Module model) => new([.. Masks(model).Where(m => m.Mask.Mask.Value.Rank >= 2)
        .Select(m => new PrunedLayer(m.Path, m.Mask.Mask.Value.Count, m.Mask.Mask.Value.CountNonZero().Item<long>()))]);

    private static List<(string Path, PruningMask Mask)> Masks(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Modules().Where(m => m.Module is PruningMask).Select(m => (m.Path, (PruningMask)m.Module))];
    }

    private static List<Target> Find(Module model, double share, string targets)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "[pruning] the share to prune must be from 0 to 1.");
        List<Target> found = [.. model.NamedParameters(targets).Where(p => p.Parameter.Shape.Rank >= 2)
            .Select(p => new Target(model, p.Path, p.Parameter))];
        return found.Count > 0 ? found
            : throw new ArgumentException($"[pruning] '{targets}' fits no parameter of two axes or more.", nameof(targets));
    }

    private static float[] Sizes(Tensor weight) => weight.Detach().Abs().To(DType.Float32).ToArray<float>();

    // What is pruned already comes first, whatever its value has become.
    private static float[] Sizes(Tensor weight, Tensor mask)
        => [.. Sizes(weight).Zip(mask.To(DType.Float32).ToArray<float>(), (size, kept) => kept == 0 ? -1 : size)];

    // Of equal ones the first go.
    private static void Smallest(double share, float[] sizes, Action<bool[]> give)
    {
        var keep = new bool[sizes.Length];
        Array.Fill(keep, true);
        int[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(i => sizes[i]).Take((int)Math.Round(share * sizes.Length))];
        foreach (int i in order) keep[i] = false;
        give(keep);
    }

    private sealed record Target(Module Model, string Path, Parameter Parameter)
    {
        public PruningMask? Mask { get; private set; }
            = Masks(Model).Select(m => m.Mask).FirstOrDefault(m => ReferenceEquals(m.Original, Parameter));

        public void SetMask(bool[] keep)
        {
            var shape = Parameter.Shape;
            if (Mask is null) Parameter.Parametrize(Mask = new PruningMask(Parameter));
            Mask.Mask.Replace(Tensor.From(keep, shape).To(Mask.Mask.Value.DType).To(Mask.Mask.Value.Device));
        }
    }
}
