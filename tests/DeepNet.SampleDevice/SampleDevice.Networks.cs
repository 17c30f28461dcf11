using DeepNet.Optim;

namespace DeepNet.SampleDevice;

public sealed unsafe partial class SampleDevice
{
    /// <inheritdoc/>
    protected override void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale = null)
    {
        foreach (var item in items)
        {
            var coefficients = item.Rule.Prepare().As<F64>();
            Elements p = Of(item.Parameter), g = Of(item.Gradient), s0 = Of(item.State0, item.Parameter);
            Elements s1 = Of(item.State1, item.Parameter), s2 = Of(item.State2, item.Parameter);
            for (nint i = 0; i < p.Count; i++)
            {
                F64 value = p[i], a = s0[i], b = s1[i], c = s2[i];
                TRule.Apply(coefficients, ref value, g[i], ref a, ref b, ref c);
                if (TRule.StateCount > 0) s0[i] = a;
                if (TRule.StateCount > 1) s1[i] = b;
                if (TRule.StateCount > 2) s2[i] = c;
                p[i] = value;
            }
            GC.KeepAlive(item.Parameter);
            GC.KeepAlive((item.Gradient, item.State0, item.State1, item.State2));
        }
    }

    /// <inheritdoc/>
    protected override double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
    {
        F64 result = default;
        for (int t = 0; t < a.Length; t++)
        {
            Elements left = Of(a[t]), right = Of(b[t]);
            for (nint i = 0; i < left.Count; i++) result = TMeasure.Combine(result, TMeasure.Map(left[i], right[i]));
            GC.KeepAlive((a[t], b[t]));
        }
        return result.V;
    }

    /// <inheritdoc/>
    protected override void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places = null)
        => throw Lacks(nameof(PoolImages));

    /// <inheritdoc/>
    protected override void Normalize(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance)
        => throw Lacks(nameof(Normalize));

    /// <inheritdoc/>
    protected override void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias)
        => throw Lacks(nameof(NormalizeBackward));

    /// <inheritdoc/>
    protected override void Attention(Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums)
        => throw Lacks(nameof(Attention));

    /// <inheritdoc/>
    protected override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv,
        bool accumulate = false)
        => throw Lacks(nameof(AttentionBackward));

    /// <inheritdoc/>
    protected override void Sequence<TCell>(CellSequence sequence) => throw Lacks(nameof(Sequence));

    /// <inheritdoc/>
    protected override void SequenceBackward<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory)
        => throw Lacks(nameof(SequenceBackward));
}
