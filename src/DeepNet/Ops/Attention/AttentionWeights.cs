namespace DeepNet.Ops;

/// <summary>Attention with its whole matrix of weights, in tensor operations: what the fused kernel must agree with.</summary>
internal static class AttentionWeights
{
    /// <summary>softmax(q·kᵀ·scale + masks), (…, L, S); zeros for a query that sees nothing.</summary>
    public static Tensor Of(Tensor query, Tensor key, AttentionMasks masks, AttentionRule rule)
    {
        int group = Group(query, key);
        var scores = Unfold((Fold(query, group) * rule.Scale).MatMul(key.T), group);
        if (rule.HasSlopes) scores = scores + Slopes(scores, rule);
        if (masks.Added is not null) scores = scores + masks.Added;
        if (Hidden(scores, masks, rule) is { } hidden) scores = scores.MaskedFill(hidden, double.NegativeInfinity);
        if (scores.Count == 0 || (masks == default && rule.Window == 0)) return scores.Softmax(-1);
        var seesNothing = scores.Detach().Max(-1, keepDim: true).Equal(double.NegativeInfinity);
        return scores.MaskedFill(seesNothing, 0).Softmax(-1).MaskedFill(seesNothing, 0);
    }

    /// <summary>Weights times values.</summary>
    public static Tensor Sum(Tensor weights, Tensor value)
    {
        int group = Group(weights, value);
        return Unfold(Fold(weights, group).MatMul(value), group);
    }

    /// <summary>Gets the number of heads of a that share one of b.</summary>
    public static int Group(Tensor a, Tensor b)
        => a.Rank > 2 && b.Rank > 2 && b.Shape[^3] > 0 && a.Shape[^3] > b.Shape[^3] ? a.Shape[^3] / b.Shape[^3] : 1;

    /// <summary>(…, heads, L, n) as (…, heads / group, group · L, n).</summary>
    public static Tensor Fold(Tensor x, int group)
        => group == 1 ? x : x.Reshape([.. x.Shape.Axes[..^3], x.Shape[^3] / group, group * x.Shape[^2], x.Shape[^1]]);

    /// <summary>The inverse of <see cref="Fold"/>.</summary>
    public static Tensor Unfold(Tensor x, int group)
        => group == 1 ? x : x.Reshape([.. x.Shape.Axes[..^3], x.Shape[^3] * group, x.Shape[^2] / group, x.Shape[^1]]);

    private static Tensor? Hidden(Tensor scores, AttentionMasks masks, AttentionRule rule)
    {
        if (!rule.IsCausal) return masks.Hidden;
        var distance = Distances(scores, rule);
        var hidden = distance < 0;
        if (rule.Window > 0) hidden |= distance >= rule.Window;
        return masks.Hidden is null ? hidden : hidden | masks.Hidden;
    }

    /// <summary>The place of each query less that of each key, (L, S).</summary>
    private static Tensor Distances(Tensor scores, AttentionRule rule)
    {
        int queries = scores.Shape[^2], keys = scores.Shape[^1];
        return Tensor.Arange(rule.Offset, rule.Offset + queries, 1, DType.Int32, scores.Device).Unsqueeze(1)
            - Tensor.Arange(0, keys, 1, DType.Int32, scores.Device);
    }

    private static Tensor Slopes(Tensor scores, AttentionRule rule)
    {
        int heads = scores.Rank > 2 ? scores.Shape[^3] : 1;
        double[] slopes = [.. Enumerable.Range(0, heads).Select(head => -AttentionRule.Slope(head, heads))];
        var factors = Tensor.From<double>(slopes, new Shape(heads, 1, 1), scores.Device).To(scores.DType);
        return Distances(scores, rule).Abs() * (scores.Rank > 2 ? factors : factors.Squeeze(0));
    }
}
