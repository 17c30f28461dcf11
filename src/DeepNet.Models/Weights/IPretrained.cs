using System.Text.Json.Nodes;

namespace DeepNet.Models;

/// <summary>A model whose files have names of their own, or a config.json beside them.</summary>
public interface IPretrained
{
    /// <summary>Gets the names and layouts that files of the family have.</summary>
    WeightTable Weights => WeightTable.Same;

    /// <summary>Gets what stands in config.json; null for a family that has none.</summary>
    JsonObject? Configuration => null;
}
