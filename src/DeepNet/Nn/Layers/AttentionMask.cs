namespace DeepNet.Nn;

/// <summary>
/// The keys that the queries of an attention may see. A bool tensor alone does not tell whether true is for what takes part or for what is
/// left out, and functions of other frameworks differ in it: here it is said by the method that makes the mask.
/// </summary>
/// <remarks>
/// The tensor is broadcast to (…, queries, keys). In PyTorch's terms, a bool <c>attn_mask</c> of <c>scaled_dot_product_attention</c> is
/// <see cref="Attend"/>, one of <c>MultiheadAttention</c> and the transformer layers is <see cref="Hide"/>, and a floating one is
/// <see cref="Add"/> in both.
/// </remarks>
/// <example><code>
/// var mask = AttentionMask.Attend(Tensor.Arange(steps) &lt; length);     // the keys before the padding
/// var y = Attention.ScaledDotProduct(query, key, value, mask);
/// </code></example>
public sealed class AttentionMask
{
    private AttentionMask(Tensor tensor) => Tensor = tensor;

    /// <summary>A bool tensor that is true for what is left out, or a floating one that is added to the scores.</summary>
    internal Tensor Tensor { get; }

    /// <summary>A mask from a bool tensor that is true for the keys that take part.</summary>
    public static AttentionMask Attend(Tensor attends) => new(!RequireBool("attend", attends));

    /// <summary>A mask from a bool tensor that is true for the keys that are left out.</summary>
    public static AttentionMask Hide(Tensor hidden) => new(RequireBool("hide", hidden));

    /// <summary>
    /// A mask from a floating tensor that is added to the scores: 0 changes nothing, −∞ leaves a key out. It may be learned.
    /// </summary>
    public static AttentionMask Add(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!scores.DType.IsFloating())
            throw new ArgumentException($"[attention_mask] what is added to scores must be floating, this tensor of shape {scores.Shape} "
                + $"is {scores.DType.Name()}. For bool masks: Attend, or Hide.");
        return new(scores);
    }

    private static Tensor RequireBool(string what, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.DType == DType.Bool) return mask;
        throw new ArgumentException($"[attention_mask] {what} takes a bool tensor, this one of shape {mask.Shape} is {mask.DType.Name()}. "
            + (mask.DType.IsFloating() ? "What is added to the scores goes to Add." : "Compare it: mask.NotEqual(0)."));
    }
}
