namespace DeepNet.Nn;

/// <summary>Attention as a function.</summary>
public static class Attention
{
    /// <summary>softmax(q·kᵀ·scale + mask)·v over the last two axes, (…, heads, steps, features).</summary>
    /// <remarks>
    /// Keys and values may have fewer heads than the queries: each then serves as many neighbouring heads of the queries (grouped-query
    /// attention), and nothing is copied for it. A query that sees no key gives 0.
    /// </remarks>
    /// <param name="query">q, (…, L, d).</param>
    /// <param name="key">k, (…, S, d).</param>
    /// <param name="value">v, (…, S, e).</param>
    /// <param name="mask">The keys that each query may see, or what is added to the scores, broadcast to (…, L, S); or none.</param>
    /// <param name="isCausal">True if a step sees no later ones, as <see cref="AttentionMask.Causal"/> says it.</param>
    /// <param name="dropout">The probability with which weights are set to 0.</param>
    /// <param name="scale">By default 1/√d.</param>
    /// <param name="generator">The source of dropout.</param>
    /// <param name="offset">The place of the first query among the keys: the number of keys from before, if they come from a cache.</param>
    public static Tensor ScaledDotProduct(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, bool isCausal = false, double dropout = 0, double? scale = null,
        Generator? generator = null, int offset = 0)
    {
        Check(query, key, value);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        CheckMask(mask?.Tensors.Hidden?.Shape, query.Shape[^2], key.Shape[^2]);
        CheckMask(mask?.Tensors.Added?.Shape, query.Shape[^2], key.Shape[^2]);
        return Of(query, key, value, mask, new(isCausal, dropout, scale, generator, offset));
    }

    /// <summary>The same without the check of the mask.</summary>
    internal static Tensor Of(Tensor query, Tensor key, Tensor value, AttentionMask? mask, in Settings settings)
    {
        Check(query, key, value);
        (query, key) = Autocast.Meet(query, key);
        (value, _) = Autocast.Meet(value, query);
        var tensors = mask?.Tensors ?? default;
        if (settings.Dropout == 0 && FusedAttention.Takes(query, key, value, tensors))
            return FusedAttention.Of(query, key, value, tensors, settings.Rule(query, mask));
        return WithWeights(query, key, value, mask, settings).Output;
    }

    internal static (Tensor Output, Tensor Weights) WithWeights(
        Tensor query, Tensor key, Tensor value, AttentionMask? mask, in Settings settings)
    {
        Check(query, key, value);
        var weights = AttentionWeights.Of(query, key, mask?.Tensors ?? default, settings.Rule(query, mask));
        return (AttentionWeights.Sum(Dropout.Apply(weights, settings.Dropout, settings.Generator), value), weights);
    }

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
        if (query.Rank < 3 || key.Rank < 3 || value.Rank < 3) return;
        int heads = query.Shape[^3], shared = key.Shape[^3];
        if (heads != 1 && shared != 0 && heads % shared != 0)
            throw new ArgumentException(
                $"[attention] query {query.Shape} and key {key.Shape}: {heads} heads cannot share {shared} evenly.");
    }

    internal readonly record struct Settings(bool IsCausal, double Dropout, double? Scale, Generator? Generator, int Offset)
    {
        public AttentionRule Rule(Tensor query, AttentionMask? mask)
            => new(Scale ?? 1 / Math.Sqrt(query.Shape[^1]), IsCausal || mask is { IsCausal: true })
            {
                Offset = Offset, Window = mask?.WindowLength ?? 0, HasSlopes = mask is { HasSlopes: true },
            };
    }
}
