namespace DeepNet.Ops;

/// <summary>Attention with its whole matrix of weights, in tensor operations: what the fused kernel must agree with.</summary>
internal static class AttentionWeights
{
    /// <summary>softmax(q·kᵀ·scale + mask), (…, L, S).</summary>
    public static Tensor Of(Tensor query, Tensor key, Tensor? mask, AttentionRule rule)
    {
        var scores = (query * rule.Scale).MatMul(key.T);
        if (rule.IsCausal) scores = scores.MaskedFill(Later(scores.Shape[^2], scores.Shape[^1], scores.Device), double.NegativeInfinity);
        if (mask is not null) scores = mask.DType == DType.Bool ? scores.MaskedFill(mask, double.NegativeInfinity) : scores + mask;
        return scores.Softmax(-1);
    }

    /// <summary>True where a column is later than its row.</summary>
    private static Tensor Later(int rows, int columns, Device device)
        => Tensor.Full(new Shape(rows, columns), true, DType.Bool, device).Triu(1);
}
