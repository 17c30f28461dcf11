namespace DeepNet.Ops;

/// <summary>
/// softmax(q·kᵀ·scale + mask)·v without the matrix of weights: blocks of queries meet blocks of keys, and the backward pass computes
/// the weights again from the scores' largest value and the logarithm of the sum, kept for each query.
/// </summary>
/// <remarks>
/// Operands are (batch, heads, steps, features): three, or one that holds them along an axis before these, so that a projection to
/// all three gets its gradient in one piece.
/// </remarks>
internal sealed class FusedAttention : Operator, ISampled
{
    private const int ResultSlot = 3, SumsSlot = 4, HiddenSlot = 5, AddedSlot = 6;

    private readonly AttentionRule rule;
    private readonly AttentionMasks masks;
    private readonly bool isPacked;

    private FusedAttention(AttentionRule rule, AttentionMasks masks, bool isPacked)
        => (this.rule, this.masks, this.isPacked) = (rule, masks, isPacked);

    /// <summary>True for what the kernel takes; the rest is for <see cref="AttentionWeights"/>.</summary>
    public static bool Takes(Tensor query, Tensor key, Tensor value, AttentionMasks masks)
    {
        var dtype = query.DType;
        if (!dtype.IsFloating() || key.DType != dtype || value.DType != dtype) return false;
        if (query.Rank is < 2 or > 4 || key.Rank != query.Rank || value.Rank != query.Rank) return false;
        if (query.Count == 0 || key.Count == 0 || value.Count == 0) return false;
        for (int i = 0; i < query.Rank - 2; i++)
        {
            bool areHeads = i == query.Rank - 3;
            if (areHeads ? query.Shape[i] % key.Shape[i] != 0 : key.Shape[i] != query.Shape[i]) return false;
            if (value.Shape[i] != key.Shape[i]) return false;
        }
        // A mask that is learned gets its gradient from the composed form.
        bool isLearned = masks.Added?.Node is not null && Autograd.IsEnabled;
        if (isLearned || (masks.Added is { } added && added.DType != DTypes.Compute(dtype))) return false;
        return TakesMask(masks.Hidden, query, key) && TakesMask(masks.Added, query, key);
    }

    private static bool TakesMask(Tensor? mask, Tensor query, Tensor key)
    {
        if (mask is null) return true;
        if (mask.Rank > query.Rank) return false;
        for (int back = 1; back <= mask.Rank; back++)
        {
            int length = back == 1 ? key.Shape[^2] : query.Shape[^back];
            if (mask.Shape[^back] != 1 && mask.Shape[^back] != length) return false;
        }
        return true;
    }

    /// <summary>Attention over the last two axes of operands that the kernel <see cref="Takes"/>.</summary>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, AttentionMasks masks, AttentionRule rule)
    {
        if (masks.Hidden is not null) DeviceCheck.Same("attention", query, masks.Hidden);
        if (masks.Added is not null) DeviceCheck.Same("attention", query, masks.Added);
        if (query.Rank == 4) return new FusedAttention(rule, Whole(masks, query, key), isPacked: false).Apply(query, key, value);
        masks = masks.Select(mask => mask.Rank == 3 ? mask.Unsqueeze(0) : mask);
        return Of(query.Unsqueeze(0), key.Unsqueeze(0), value.Unsqueeze(0), masks, rule).Squeeze(0);
    }

    /// <summary>The same for (3, batch, heads, steps, features): queries, keys and values.</summary>
    public static Tensor Of(Tensor packed, AttentionMasks masks, AttentionRule rule)
        => new FusedAttention(rule, Whole(masks, packed.Select(0, 0), packed.Select(0, 1)), isPacked: true).Apply(packed);

    private static AttentionMasks Whole(AttentionMasks masks, Tensor query, Tensor key)
    {
        if (masks == default) return masks;
        var whole = new Shape(query.Shape[0], query.Shape[1], query.Shape[2], key.Shape[2]);
        return masks.Select(mask => mask.Expand(whole).Detach());
    }

    /// <summary>Gets the scale and what a query sees.</summary>
    public AttentionRule Rule => rule;

    /// <summary>Gets the masks, of the shape of the scores.</summary>
    public AttentionMasks Masks => masks;

    /// <summary>Gets a value that is true if queries, keys and values are parts of one tensor.</summary>
    public bool IsPacked => isPacked;

    public override string Name => "attention";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (q, k, v) = isPacked ? Parts(inputs[0]) : (inputs[0], inputs[1], inputs[2]);
        var y = InOrderOf(q, v.Shape[3], q.DType);
        var sums = Tensor.Allocate(new Shape(q.Shape[0], q.Shape[1], q.Shape[2], 2), DTypes.Compute(q.DType), q.Device);
        q.Kernels.Attention(q, k, v, masks, rule, y, sums);
        for (int i = 0; i < inputs.Length; i++) Save(i, inputs[i]);
        SaveResult(ResultSlot, y);
        Save(SumsSlot, sums);
        if (masks.Hidden is not null) Save(HiddenSlot, masks.Hidden);
        if (masks.Added is not null) Save(AddedSlot, masks.Added);
        return y;
    }

    private AttentionMasks SavedMasks
        => new(masks.Hidden is null ? null : Saved(HiddenSlot), masks.Added is null ? null : Saved(AddedSlot));

    protected override void Vjp(Tensor gradient)
    {
        if (IsRecording) VjpOfTensors(gradient);
        else VjpOfKernel(gradient);
    }

    private void VjpOfKernel(Tensor gradient)
    {
        if (gradient.Strides[^1] != 1) gradient = gradient.Contiguous();
        if (!isPacked && !gradient.DType.IsHalf() && AddInPlace(gradient)) return;
        var packed = isPacked ? InOrderOf(Saved(0), Saved(0).Shape[^1], GradientType(0)) : null;
        var (q, k, v) = Operands();
        var (dq, dk, dv) = packed is not null ? Parts(packed)
            : (Needs(0) ? Like(q, 0) : null, Needs(1) ? Like(k, 1) : null, Needs(2) ? Like(v, 2) : null);
        q.Kernels.AttentionBackward(q, k, v, SavedMasks, rule, Saved(ResultSlot), Saved(SumsSlot), gradient, dq, dk, dv);
        Give(packed, dq, dk, dv);
    }

    /// <summary>Room for the gradient of an operand.</summary>
    private Tensor Like(Tensor x, int input) => InOrderOf(x, x.Shape[3], GradientType(input));

    /// <summary>Adds the gradients where they belong, if all operands are views: parts of one projection, as a rule.</summary>
    private bool AddInPlace(Tensor gradient)
    {
        var device = gradient.Device;
        var (dq, dk, dv) = (TakePlace(0, device), TakePlace(1, device), TakePlace(2, device));
        if (!Fits(0, dq) || !Fits(1, dk) || !Fits(2, dv)) return false;
        var (q, k, v) = Operands();
        q.Kernels.AttentionBackward(q, k, v, SavedMasks, rule, Saved(ResultSlot), Saved(SumsSlot), gradient, dq, dk, dv, accumulate: true);
        return true;
    }

    private bool Fits(int input, Tensor? place) => !Needs(input) || place?.Strides[^1] == 1;

    private void VjpOfTensors(Tensor gradient)
    {
        var (q, k, v) = Operands();
        (q, k, v, gradient) = (Halves.Wide(q), Halves.Wide(k), Halves.Wide(v), Halves.Wide(gradient));
        int group = AttentionWeights.Group(q, k);
        var weights = AttentionWeights.Fold(AttentionWeights.Of(q, k, SavedMasks, rule), group);
        (q, gradient) = (AttentionWeights.Fold(q, group), AttentionWeights.Fold(gradient, group));
        var dweights = gradient.MatMul(v.T);
        var dscores = weights * (dweights - (weights * dweights).Sum(-1, keepDim: true)) * rule.Scale;
        var (dq, dk, dv) = (AttentionWeights.Unfold(dscores.MatMul(k), group), dscores.T.MatMul(q), weights.T.MatMul(gradient));
        Give(isPacked ? Tensor.Stack([dq, dk, dv]) : null, dq, dk, dv);
    }

    private void Give(Tensor? packed, Tensor? dq, Tensor? dk, Tensor? dv)
    {
        if (packed is not null)
        {
            Give(0, packed);
            return;
        }
        if (dq is not null) Give(0, dq);
        if (dk is not null) Give(1, dk);
        if (dv is not null) Give(2, dv);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Operands() => isPacked ? Parts(Saved(0)) : (Saved(0), Saved(1), Saved(2));

    private static (Tensor Query, Tensor Key, Tensor Value) Parts(Tensor packed)
        => (packed.Select(0, 0), packed.Select(0, 1), packed.Select(0, 2));

    /// <summary>
    /// A dense tensor whose axes lie in memory in the order of another's, the last innermost: heads that were split from the features
    /// of a projection are put together again without a copy.
    /// </summary>
    private static Tensor InOrderOf(Tensor x, int width, DType dtype)
    {
        var shape = x.Shape[^1] == width ? x.Shape : new Shape([.. x.Shape.Axes[..^1], width]);
        var strides = new nint[x.Rank];
        nint stride = width;
        strides[^1] = 1;
        foreach (int axis in Enumerable.Range(0, x.Rank - 1).Reverse().OrderBy(axis => x.Strides[axis]))
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        var dense = Tensor.Allocate(shape, dtype, x.Device);
        return dense.View(shape, strides, dense.Offset);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("one step", x => Of(x[0], x[1], x[2], default, new(1, false)), Sample.Values(1, 2), Sample.Values(1, 2), Sample.Values(1, 3)),
        new("causal", x => Of(x[0], x[1], x[2], default, new(0.7, true)), Sample.Values(2, 3, 2), Sample.Values(2, 3, 2),
            Sample.Values(2, 3, 1)),
        new("causal, more keys than queries", x => Of(x[0], x[1], x[2], default, new(0.7, true)), Sample.Values(2, 2), Sample.Values(4, 2),
            Sample.Values(4, 2)),
        new("after a cache", x => Of(x[0], x[1], x[2], default, new(0.7, true) { Offset = 2 }), Sample.Values(2, 2), Sample.Values(4, 2),
            Sample.Values(4, 2)),
        new("a window and slopes", x => Of(x[0], x[1], x[2], default, new(0.7, true) { Window = 2, HasSlopes = true }),
            Sample.Values(2, 4, 2), Sample.Values(2, 4, 2), Sample.Values(2, 4, 1)),
        new("two heads to a key", x => Of(x[0], x[1], x[2], Hides(x[0], true, false, false), new(0.7, false) { HasSlopes = true }),
            Sample.Values(1, 4, 2, 2), Sample.Values(1, 2, 3, 2), Sample.Values(1, 2, 3, 2)),
        new("one query, three heads to a key", x => Of(x[0], x[1], x[2], default, new(0.7, true) { Offset = 1 }),
            Sample.Values(2, 3, 1, 2), Sample.Values(2, 1, 2, 2), Sample.Values(2, 1, 2, 2)),
        new("hidden keys", x => Of(x[0], x[1], x[2], Hides(x[0], false, true, false), new(0.5, false)),
            Sample.Values(1, 2, 2, 2), Sample.Values(1, 2, 3, 2), Sample.Values(1, 2, 3, 2)),
        new("nothing to see for the first query", x => Of(x[0], x[1], x[2], Hides(x[0], true, false, false), new(0.5, true)),
            Sample.Values(3, 2), Sample.Values(3, 2), Sample.Values(3, 2)),
        new("added mask", x => Of(x[0], x[1], x[2], new(null, Sample.Values(2, 3).To(x[0].DType).To(x[0].Device)), new(0.5, false)),
            Sample.Values(2, 2), Sample.Values(3, 2), Sample.Values(3, 2)),
        new("packed", x => Of(x[0].Reshape(2, 3, 3, 1, 2).Permute(2, 0, 3, 1, 4), default, new(0.5, true)), Sample.Values(2, 3, 6)),
    ];

    private static AttentionMasks Hides(Tensor like, params ReadOnlySpan<bool> keys) => new(Tensor.From(keys).To(like.Device), null);
}
