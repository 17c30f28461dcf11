using DeepNet.Ops;

namespace DeepNet.Nn;

/// <summary>Attention as a function.</summary>
public static class Attention
{
    /// <summary>softmax(q·kᵀ·scale + mask)·v over the last two axes, (…, steps, features).</summary>
    /// <param name="query">q, (…, L, d).</param>
    /// <param name="key">k, (…, S, d).</param>
    /// <param name="value">v, (…, S, e).</param>
    /// <param name="mask">The keys that each query may see, or what is added to the scores, broadcast to (…, L, S); or none.</param>
    /// <param name="isCausal">True if step i sees no later ones than i.</param>
    /// <param name="dropout">The probability with which weights are set to 0.</param>
    /// <param name="scale">By default 1/√d.</param>
    /// <param name="generator">The source of dropout.</param>
    public static Tensor ScaledDotProduct(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, bool isCausal = false, double dropout = 0, double? scale = null,
        Generator? generator = null)
    {
        Check(query, key, value);
        CheckMask(mask?.Tensor.Shape, query.Shape[^2], key.Shape[^2]);
        return Of(query, key, value, mask?.Tensor, isCausal, dropout, scale, generator);
    }

    /// <summary>The same with a mask as the kernels take it: bool, true for what is left out, or floating.</summary>
    internal static Tensor Of(
        Tensor query, Tensor key, Tensor value, Tensor? mask, bool isCausal, double dropout, double? scale, Generator? generator)
    {
        Check(query, key, value);
        (query, key) = Autocast.Meet(query, key);
        (value, _) = Autocast.Meet(value, query);
        if (dropout == 0 && FusedAttention.Takes(query, key, value, mask))
            return FusedAttention.Of(query, key, value, mask, Rule(query, isCausal, scale));
        return WithWeights(query, key, value, mask, isCausal, dropout, scale, generator).Output;
    }

    internal static (Tensor Output, Tensor Weights) WithWeights(
        Tensor query, Tensor key, Tensor value, Tensor? mask, bool isCausal, double dropout, double? scale, Generator? generator)
    {
        Check(query, key, value);
        var weights = AttentionWeights.Of(query, key, mask, Rule(query, isCausal, scale));
        return (Dropout.Apply(weights, dropout, generator).MatMul(value), weights);
    }

    private static AttentionRule Rule(Tensor query, bool isCausal, double? scale) => new(scale ?? 1 / Math.Sqrt(query.Shape[^1]), isCausal);

    private static void CheckMask(Shape? mask, int queries, int keys)
    {
        if (mask is null) return;
        bool fits = (mask.Rank < 1 || mask[^1] == 1 || mask[^1] == keys) && (mask.Rank < 2 || mask[^2] == 1 || mask[^2] == queries);
        if (fits) return;
        throw new ArgumentException($"[attention] the mask is {mask}; for {queries} queries and {keys} keys it must end in ({queries}, "
            + $"{keys}), or in 1 for either.");
    }

    private static void Check(Tensor query, Tensor key, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2 || query.Shape[^1] != key.Shape[^1] || key.Shape[^2] != value.Shape[^2])
            throw new ArgumentException(
                $"[attention] query {query.Shape}, key {key.Shape} and value {value.Shape}: the first two must agree in the last "
                + "axis, the last two in the one before.");
    }
}
