namespace DeepNet.Devices;

/// <summary>
/// How a dense tensor is normalised: as (outer, groups, inner), each group over the other two axes. Rows are the groups of a layer
/// norm, with nothing outside; channels those of a batch norm.
/// </summary>
/// <param name="Outer">The length of the axis before the groups.</param>
/// <param name="Groups">How many groups there are.</param>
/// <param name="Inner">The length of the axis behind them.</param>
/// <param name="IsCentered">False to leave the mean alone and divide by the root mean square.</param>
/// <param name="IsPerElement">True if weight and bias go along the inner axis (and nothing is outside), false if each group has one of
/// both.</param>
public readonly record struct NormLayout(int Outer, int Groups, int Inner, bool IsCentered, bool IsPerElement)
{
    /// <summary>Gets the number of elements of a group.</summary>
    public long Size => (long)Outer * Inner;

    /// <summary>The length of weight and bias.</summary>
    public int AffineLength => IsPerElement ? Inner : Groups;
}
