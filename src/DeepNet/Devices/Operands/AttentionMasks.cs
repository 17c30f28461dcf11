namespace DeepNet.Devices;

/// <summary>The masks of attention, each broadcast to (batch, heads, queries, keys).</summary>
/// <param name="Hidden">Bool, true for keys that a query does not see; or null.</param>
/// <param name="Added">Numbers that are added to the scores; or null.</param>
public readonly record struct AttentionMasks(Tensor? Hidden, Tensor? Added)
{
    /// <summary>Applies a function to both masks.</summary>
    public AttentionMasks Select(Func<Tensor, Tensor> change)
        => new(Hidden is null ? null : change(Hidden), Added is null ? null : change(Added));
}
