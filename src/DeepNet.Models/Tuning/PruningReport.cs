using System.Globalization;

namespace DeepNet.Models;

/// <summary>Describes how much of a weight is pruned.</summary>
/// <param name="Path">The path in the model.</param>
/// <param name="Count">The number of its elements.</param>
/// <param name="Kept">The number of those that are not pruned.</param>
public sealed record PrunedLayer(string Path, long Count, long Kept)
{
    /// <summary>Gets the share that is pruned.</summary>
    public double Sparsity => Count == 0 ? 0 : 1 - (double)Kept / Count;
}

/// <summary>Describes how much of a model's weights is pruned.</summary>
/// <param name="Layers">The weights that have masks, in the order of the model.</param>
public sealed record PruningReport(IReadOnlyList<PrunedLayer> Layers)
{
    /// <summary>Gets the share of all these weights that is pruned.</summary>
    public double Sparsity => Layers.Count == 0 ? 0 : 1 - (double)Layers.Sum(layer => layer.Kept) / Layers.Sum(layer => layer.Count);

    /// <summary>Returns a line for each layer.</summary>
    public override string ToString() => string.Join('\n', Layers.Select(layer => string.Create(CultureInfo.InvariantCulture,
        $"{layer.Path}: {layer.Kept:N0} of {layer.Count:N0} weights, {layer.Sparsity:P1} pruned")));
}
