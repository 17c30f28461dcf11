using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// y = softmax(q·kᵀ·scale + mask)·v for each batch and head, and sums[…, i] = (max, ln Σ e^(s − max)) of the scores of query i. All are
    /// (batch, heads, steps, features) of any layout, y with unit stride along features, sums dense; the mask, bool or of their type, is
    /// (batch, heads, queries, keys).
    /// </summary>
    protected internal abstract void Attention(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums);

    /// <summary>
    /// The gradients of q, k and v, those that are not null, from y and the sums that <see cref="Attention"/> left and the gradient g
    /// of y; with <paramref name="accumulate"/> added to what they hold. g and the results have unit stride along features.
    /// </summary>
    protected internal abstract void AttentionBackward(
        Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk, Tensor? dv,
        bool accumulate = false);
}
