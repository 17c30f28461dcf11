using System.Globalization;

namespace DeepNet.Models;

/// <summary>Describes a weight that was made into two.</summary>
/// <param name="Path">The path of the weight.</param>
/// <param name="Rows">The rows of it as a matrix: its first axis.</param>
/// <param name="Columns">The columns: all its other axes.</param>
/// <param name="Rank">The number of singular values that were kept; all of them for a weight that stays as it is.</param>
/// <param name="Error">The relative error of the weight, in the Frobenius norm.</param>
/// <param name="Before">The number of its elements.</param>
/// <param name="After">The number of elements of both matrices.</param>
public sealed record LowRankLayer(string Path, int Rows, int Columns, int Rank, double Error, long Before, long After);

/// <summary>Describes what <see cref="LowRank"/> did.</summary>
/// <param name="Layers">The weights, in the order of the model.</param>
public sealed record LowRankReport(IReadOnlyList<LowRankLayer> Layers)
{
    /// <summary>Gets the number of elements after, as a share of those before.</summary>
    public double Share => (double)Layers.Sum(layer => layer.After) / Layers.Sum(layer => layer.Before);

    /// <summary>Returns a line for each weight.</summary>
    public override string ToString() => string.Join('\n', Layers.Select(layer => string.Create(CultureInfo.InvariantCulture,
        $"{layer.Path}: {layer.Rows}×{layer.Columns} to rank {layer.Rank}, {layer.After:N0} of {layer.Before:N0} numbers, ")
        + string.Create(CultureInfo.InvariantCulture, $"error {layer.Error:P1}")));
}
