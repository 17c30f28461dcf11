namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// y = softmax(q·kᵀ·scale + masks)·v for each batch and head, and sums[…, i] = (max, ln Σ e^(s − max)) of the scores of query i, or
    /// zeros for a query that sees nothing, whose result is 0. All are (batch, heads, steps, features) of any layout, y with unit stride
    /// along features, sums dense. Keys and values may have fewer heads, each shared by as many neighbouring heads of the queries. Masks
    /// are (batch, heads, queries, keys), the added one of the type of the scores.
    /// </summary>
    protected internal abstract void Attention(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums);

    /// <summary>
    /// The gradients of q, k and v, those that are not null, from y and the sums that <see cref="Attention"/> left and the gradient g
    /// of y; with <paramref name="accumulate"/> added to what they hold. g and the results have unit stride along features.
    /// </summary>
    protected internal abstract void AttentionBackward(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate = false);
}
