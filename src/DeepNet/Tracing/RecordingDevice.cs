using DeepNet.Optim;

namespace DeepNet.Tracing;

/// <summary>
/// Stands in front of a device: each kernel becomes a <see cref="Kernel"/> that those who listen hear of, and is run by the device itself.
/// So every device is recorded, those of other packages too, and none of them knows of it.
/// </summary>
/// <param name="device">The device.</param>
internal sealed class RecordingDevice(Device device) : Device, IRotator, IResampler, ISearcher
{
    /// <inheritdoc/>
    public override string Name => device.Name;

    /// <inheritdoc/>
    public override DeviceKind Kind => device.Kind;

    /// <inheritdoc/>
    public override string Description => device.Description;

    /// <inheritdoc/>
    public override DeviceCapabilities Capabilities => device.Capabilities;

    /// <inheritdoc/>
    protected override IBlockSource CreateBlockSource()
        => throw new InvalidOperationException($"The memory of {device.Name} is the device's own, not that of its recording.");

    private void Ask(string name, Tensor?[] reads, Tensor?[] writes, object? settings, Action<Tensor?[]> run, double flops = 0)
        => Recording.Run(new KernelCall(name, device, [.. reads, .. writes], reads.Length, settings, flops, run));

    /// <inheritdoc/>
    protected internal override void Map<TOp>(TOp op, Tensor x, Tensor y) => Recording.Run(new MapCall<TOp>(device, op, x, y));

    /// <inheritdoc/>
    protected internal override void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
        => Recording.Run(new MapBackwardCall<TOp>(device, op, x, y, g, dx));

    /// <inheritdoc/>
    protected internal override void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) => Recording.Run(new ZipCall<TOp>(device, op, a, b, y));

    /// <inheritdoc/>
    protected internal override void ZipBackward<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow)
        => Recording.Run(new ZipBackwardCall<TOp>(device, op, a, b, y, g, da, db, isRow));

    /// <inheritdoc/>
    protected internal override void Select(Tensor condition, Tensor a, Tensor b, Tensor y)
        => Ask("select", [condition, a, b], [y], null, t => device.Select(t[0]!, t[1]!, t[2]!, t[3]!));

    /// <inheritdoc/>
    protected internal override void Copy(Tensor from, Tensor to)
        => Ask("copy", [from], [to], null, t => device.Copy(t[0]!, t[1]!));

    /// <inheritdoc/>
    protected internal override void Fill(Tensor tensor, Scalar value) => Ask("fill", [], [tensor], value, t => device.Fill(t[0]!, value));

    /// <inheritdoc/>
    protected internal override void MatMul(Tensor a, Tensor b, Tensor c, bool accumulate, bool isTransposed, Epilogue end)
    {
        double rows = a.Shape[^2], inner = a.Shape[^1], columns = c.Shape[^1];
        double batch = Math.Max(a.Count / Math.Max(1, rows * inner), b.Count / Math.Max(1, inner * columns));
        Ask("matmul", [a, b, end.Bias, accumulate ? c : null], [c], (accumulate, isTransposed, end.Activation?.Name),
            t => device.MatMul(t[0]!, t[1]!, t[4]!, accumulate, isTransposed, end with { Bias = t[2] }),
            2 * batch * rows * inner * columns);
    }

    /// <inheritdoc/>
    protected internal override void Convolve(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, Epilogue end)
        => Ask("convolve", [image, weight, end.Bias, end.Residual], [result], end.Activation?.Name,
            t => device.Convolve(geometry, t[0]!, t[1]!, t[4]!, end with { Bias = t[2], Residual = t[3] }), Flops(weight, result));

    /// <inheritdoc/>
    protected internal override void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
        => Ask("convolve_image", [result, weight], [image], null,
            t => device.ConvolveImage(geometry, t[0]!, t[1]!, t[2]!), Flops(weight, result));

    /// <inheritdoc/>
    protected internal override void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
        => Ask("convolve_weight", [image, result], [weight], null,
            t => device.ConvolveWeight(geometry, t[0]!, t[1]!, t[2]!), Flops(weight, result));

    private static double Flops(Tensor weight, Tensor result) => 2.0 * result.Count * weight.Count / Math.Max(1, weight.Shape[0]);

    /// <inheritdoc/>
    protected internal override void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        bool readsPlaces = kind == PoolKind.MaxAdjoint;
        Ask("pool_images", [x, readsPlaces ? places : null], [y, readsPlaces ? null : places], kind,
            t => device.PoolImages(kind, grid, t[0]!, t[2]!, t[1] ?? t[3]));
    }

    /// <inheritdoc/>
    protected internal override void Attention(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums)
        => Ask("attention", [q, k, v, masks.Hidden, masks.Added], [y, sums], null,
            t => device.Attention(t[0]!, t[1]!, t[2]!, new(t[3], t[4]), rule, t[5]!, t[6]!), 2.0 * (q.Count + y.Count) * k.Shape[2]);

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate)
    {
        Tensor?[] results = [dq, dk, dv], sumsSoFar = accumulate ? results : [];
        int first = 8 + sumsSoFar.Length;
        Ask("attention_backward", [q, k, v, masks.Hidden, masks.Added, y, sums, g, .. sumsSoFar], results, accumulate,
            t => device.AttentionBackward(
                t[0]!, t[1]!, t[2]!, new(t[3], t[4]), rule, t[5]!, t[6]!, t[7]!, t[first], t[first + 1], t[first + 2], accumulate),
            5.0 * (q.Count + y.Count) * k.Shape[2]);
    }

    /// <inheritdoc/>
    protected internal override bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted)
    {
        var valid = check;
        bool? first = null;
        Ask("check_index", [index], [counted], null, t =>
        {
            bool mayIgnore = device.CheckIndex(t[0]!, valid, t[1]);
            first ??= mayIgnore;
            // What is computed next was decided by the answer.
            if (mayIgnore != first)
                throw new InvalidOperationException(mayIgnore
                    ? $"[{valid.Op}] some labels are to be ignored, and none were when this step was recorded. Record it with such labels."
                    : $"[{valid.Op}] no labels are to be ignored, and some were when this step was recorded. Record it with such labels.");
        });
        return first!.Value;
    }

    /// <inheritdoc/>
    protected internal override void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y)
        => Ask("gather", [x, index], [y], axis, t => device.Gather(t[0]!, axis, t[1]!, t[2]!));

    /// <inheritdoc/>
    protected internal override void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate)
        => Ask("scatter", [target, index, source], [target], (axis, accumulate),
            t => device.Scatter(t[3]!, axis, t[1]!, t[2]!, accumulate));

    /// <inheritdoc/>
    protected internal override void Positions(Tensor mask, Tensor positions, Tensor? coordinates)
        => Ask("positions", [mask], [positions, coordinates], null, t => device.Positions(t[0]!, t[1]!, t[2]));

    /// <inheritdoc/>
    protected internal override void Normalize(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance)
        => Ask("normalize", [x, weight, bias], [y, mean, variance], epsilon,
            t => device.Normalize(t[0]!, at, t[1], t[2], epsilon, t[3]!, t[4]!, t[5]!));

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias)
        => Ask("normalize_backward", [x, g, weight, mean, variance], [dx, dweight, dbias], epsilon,
            t => device.NormalizeBackward(t[0]!, t[1]!, at, t[2], epsilon, t[3]!, t[4]!, t[5], t[6], t[7]));

    /// <inheritdoc/>
    protected internal override void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale)
    {
        Listener.RefuseAll("update", "changes tensors by a rule whose numbers may be others at each step");
        var copies = items.ToArray();
        Tensor?[] reads = [.. copies.Select(item => item.Gradient)];
        Tensor?[] writes = [.. copies.SelectMany<UpdateItem<TRule>, Tensor?>(i => [i.Parameter, i.State0, i.State1, i.State2])];
        Ask($"update {typeof(TRule).Name}", reads, writes, null, _ => device.Update<TRule>(copies, scale));
    }

    /// <inheritdoc/>
    protected internal override (Tensor Norm, Tensor Scale)? TryClipLater(ReadOnlySpan<Tensor> gradients, double most)
    {
        Listener.RefuseAll("clip", "takes the norm of gradients");
        return device.TryClipLater(gradients, most);
    }

    /// <inheritdoc/>
    protected internal override double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
    {
        Listener.RefuseAll("measure", "reads a norm or a product back");
        Tensor[] first = a.ToArray(), second = b.ToArray();
        double result = 0;
        Ask($"measure {typeof(TMeasure).Name}", [.. first, .. second], [], null, _ => result = device.Measure<TMeasure>(first, second));
        return result;
    }

    /// <inheritdoc/>
    protected internal override void FillRandom<TDistribution>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor)
        => Recording.Run(new DrawCall<TDistribution>(device, distribution, stream, y, factor));

    /// <inheritdoc/>
    protected internal override void Sequence<TCell>(CellSequence sequence)
    {
        var (gates, weight, bias, hidden, memory, y, saved, isReverse) = sequence;
        Ask($"sequence {TCell.Name}", [gates, weight, bias, hidden, memory], [gates, y, saved], isReverse,
            t => device.Sequence<TCell>(new(t[5]!, t[1]!, t[2], t[3]!, t[4], t[6]!, t[7]!, isReverse)),
            2.0 * sequence.Steps * sequence.Batch * weight.Count);
    }

    /// <inheritdoc/>
    protected internal override void SequenceBackward<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory)
    {
        var (gates, weight, bias, hidden, memory, y, saved, isReverse) = sequence;
        Ask($"sequence_backward {TCell.Name}", [gates, weight, bias, hidden, memory, y, saved, g], [dGates, dProducts, dHidden, dMemory],
            isReverse,
            t => device.SequenceBackward<TCell>(
                new(t[0]!, t[1]!, t[2], t[3]!, t[4], t[5]!, t[6]!, isReverse), t[7]!, t[8]!, t[9]!, t[10]!, t[11]),
            2.0 * sequence.Steps * sequence.Batch * weight.Count);
    }

    /// <inheritdoc/>
    protected internal override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
        => Ask($"reduce {OpName.Of<TRule>()}", [x], [y], (map, rule), t => device.Reduce(map, rule, t[0]!, t[1]!));

    /// <inheritdoc/>
    protected internal override void Rows<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, in RowOperands on)
    {
        var rows = on;
        Ask($"rows {OpName.Of<TMap>()}", [on.X, on.G, on.W, on.Gradient, on.Counted, on.Labels, on.Given], [on.Y, on.Saved],
            (first, second, map, on.IsMean, on.IgnoreIndex),
            t => device.Rows(first, second, map, rows with
            {
                X = t[0]!,
                G = t[1],
                W = t[2],
                Gradient = t[3],
                Counted = t[4],
                Labels = t[5],
                Given = t[6],
                Y = t[7]!,
                Saved = t[8],
            }));
    }

    /// <inheritdoc/>
    protected internal override void Recur(Tensor? a, Tensor? b, Tensor y, int axis, double initial, bool isReverse)
        => Ask("recur", [a, b], [y], (axis, initial, isReverse), t => device.Recur(t[0], t[1], t[2]!, axis, initial, isReverse));

    /// <inheritdoc/>
    protected internal override void Sort(Tensor x, Tensor order, bool isDescending, bool nanFirst)
        => Ask("sort", [x], [order], (isDescending, nanFirst), t => device.Sort(t[0]!, t[1]!, isDescending, nanFirst));

    void IRotator.Rotate(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y)
        => Ask("rotate", [x, cos, sin], [y], (isInterleaved, isBackwards),
            t => ((IRotator)device).Rotate(t[0]!, t[1]!, t[2]!, isInterleaved, isBackwards, t[3]!));

    // Which of the three tensors is written depends on the role.
    void IResampler.Resample(ResampleRole role, Resampling sizes, Tensor x, Tensor index, Tensor weight, Tensor y)
    {
        bool isX = role == ResampleRole.Source, isWeight = role == ResampleRole.Weight;
        Ask("resample", [isX ? null : x, index, isWeight ? null : weight, isX || isWeight ? y : null], [isX ? x : isWeight ? weight : y],
            role, t => ((IResampler)device).Resample(
                role, sizes, isX ? t[4]! : t[0]!, t[1]!, isWeight ? t[4]! : t[2]!, isX || isWeight ? t[3]! : t[4]!));
    }

    void ISearcher.PlacesOfRanks(Tensor x, ReadOnlySpan<int> ranks, Tensor places)
    {
        int[] wanted = ranks.ToArray();
        Ask("places_of_ranks", [x], [places], null, t => ((ISearcher)device).PlacesOfRanks(t[0]!, wanted, t[1]!));
    }

    void ISearcher.RunningExtreme(Tensor x, Tensor places, int axis, bool isLargest)
        => Ask("running_extreme", [x], [places], (axis, isLargest),
            t => ((ISearcher)device).RunningExtreme(t[0]!, t[1]!, axis, isLargest));

    void ISearcher.SearchSorted(Tensor sorted, Tensor values, Tensor places, bool isRight)
        => Ask("search_sorted", [sorted, values], [places], isRight,
            t => ((ISearcher)device).SearchSorted(t[0]!, t[1]!, t[2]!, isRight));
}
