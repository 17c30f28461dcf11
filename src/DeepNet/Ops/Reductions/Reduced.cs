namespace DeepNet.Ops;

/// <summary>The axes that a sum runs over, as recordings hold them.</summary>
/// <param name="Mask">A bit for each axis.</param>
/// <param name="KeepsAxes">True if they stay, with length 1.</param>
internal sealed record Reduced(uint Mask, bool KeepsAxes);
