namespace DeepNet.Nn;

/// <summary>
/// The keys that the queries of an attention may see, and what changes their scores. A bool tensor alone does not tell whether true is for
/// what takes part or for what is left out, and functions of other frameworks differ in it: here it is said by the method that makes the
/// mask.
/// </summary>
/// <remarks>
/// Tensors are broadcast to (…, queries, keys). In PyTorch's terms, a bool <c>attn_mask</c> of <c>scaled_dot_product_attention</c> is
/// <see cref="Attend"/>, one of <c>MultiheadAttention</c> and the transformer layers is <see cref="Hide"/>, and a floating one is
/// <see cref="Add"/> in both. Masks are combined with <c>&amp;</c>: a key is seen if all of them let it be seen, and what they add is added
/// up. A query that sees no key at all gives 0.
/// </remarks>
/// <example><code>
/// var mask = AttentionMask.Attend(Tensor.Arange(steps) &lt; length) &amp; AttentionMask.Causal;     // no padding, and no later keys
/// var y = Attention.ScaledDotProduct(query, key, value, mask);
/// </code></example>
public sealed class AttentionMask
{
    private AttentionMask()
    {
    }

    /// <summary>Gets the mask that hides from each query the keys behind its own place.</summary>
    public static AttentionMask Causal { get; } = new() { IsCausal = true };

    /// <summary>
    /// Gets the mask of ALiBi, attention with linear biases: scores fall with the distance between query and key, by a slope for each head.
    /// Nothing is stored for it. It stands in place of positions that are added to the input.
    /// </summary>
    public static AttentionMask Alibi { get; } = new() { HasSlopes = true };

    /// <summary>Gets the masks as kernels take them.</summary>
    internal AttentionMasks Tensors { get; private init; }

    internal bool IsCausal { get; private init; }

    internal bool HasSlopes { get; private init; }

    /// <summary>The number of keys that are seen up to a query's own place; 0 for all.</summary>
    internal int WindowLength { get; private init; }

    /// <summary>A mask from a bool tensor that is true for the keys that take part.</summary>
    public static AttentionMask Attend(Tensor attends) => new() { Tensors = new(!RequireBool("attend", attends), null) };

    /// <summary>A mask from a bool tensor that is true for the keys that are left out.</summary>
    public static AttentionMask Hide(Tensor hidden) => new() { Tensors = new(RequireBool("hide", hidden), null) };

    /// <summary>
    /// A mask from a floating tensor that is added to the scores: 0 changes nothing, −∞ leaves a key out. It may be learned.
    /// </summary>
    public static AttentionMask Add(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!scores.DType.IsFloating())
            throw new ArgumentException($"[attention_mask] what is added to scores must be floating, this tensor of shape {scores.Shape} "
                + $"is {scores.DType.Name()}. For bool masks: Attend, or Hide.");
        return new() { Tensors = new(null, scores) };
    }

    /// <summary>A causal mask that shows each query its own key and those before it, so many in all.</summary>
    public static AttentionMask Window(int keys)
    {
        Check.Positive("attention_mask", nameof(keys), keys);
        return new() { IsCausal = true, WindowLength = keys };
    }

    /// <summary>Combines two masks: a key is seen if both let it be seen, and what they add to scores is added up.</summary>
    public static AttentionMask operator &(AttentionMask left, AttentionMask right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var (a, b) = (left.Tensors, right.Tensors);
        return new()
        {
            Tensors = new(
                a.Hidden is null || b.Hidden is null ? a.Hidden ?? b.Hidden : a.Hidden | b.Hidden,
                a.Added is null || b.Added is null ? a.Added ?? b.Added : a.Added + b.Added),
            IsCausal = left.IsCausal || right.IsCausal, HasSlopes = left.HasSlopes || right.HasSlopes,
            WindowLength = left.WindowLength == 0 || right.WindowLength == 0
                ? left.WindowLength + right.WindowLength : Math.Min(left.WindowLength, right.WindowLength),
        };
    }

    /// <summary>Combines two masks, as <c>&amp;</c> does.</summary>
    public static AttentionMask BitwiseAnd(AttentionMask left, AttentionMask right) => left & right;

    /// <summary>Combines masks of which the first may be missing.</summary>
    internal static AttentionMask Join(AttentionMask? left, AttentionMask right) => left is null ? right : left & right;

    /// <summary>The same mask with its tensors changed.</summary>
    internal AttentionMask Select(Func<Tensor, Tensor> change)
        => new() { Tensors = Tensors.Select(change), IsCausal = IsCausal, HasSlopes = HasSlopes, WindowLength = WindowLength };

    private static Tensor RequireBool(string what, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.DType == DType.Bool) return mask;
        throw new ArgumentException($"[attention_mask] {what} takes a bool tensor, this one of shape {mask.Shape} is {mask.DType.Name()}. "
            + (mask.DType.IsFloating() ? "What is added to the scores goes to Add." : "Compare it: mask.NotEqual(0)."));
    }
}
