namespace DeepNet.Ilgpu;

// Products for all heads at once with one pass over the scores between them. The scores of all heads are in memory at the same time, for as
// long as the operator runs.
internal sealed partial class IlgpuDevice : IRotator
{
    protected internal override void Attention(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums)
    {
        var heads = new Heads(q, k, v);
        var weights = Weights(heads, masks, rule, sums, isBackward: false);
        var result = Temporary(q.DType, heads.Count, heads.Rows, v.Shape[3]);
        var factors = AsFactor(weights, q.DType);
        MatMul(factors, heads.V, result, accumulate: false);
        Copy(result.Reshape(y.Shape.Axes), y);
        Done(result);
        GiveBack(factors, weights);
        Done(weights);
        heads.GiveBack();
        Tensor.KeepAlive(q, k, v, masks.Hidden, masks.Added, y, sums);
    }

    protected internal override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, AttentionMasks masks, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk,
        Tensor? dv, bool accumulate)
    {
        var heads = new Heads(q, k, v);
        var weights = Weights(heads, masks, rule, sums, isBackward: true);
        Tensor denseY = heads.Folded(y), denseG = heads.Folded(g);
        if (dv is not null)
        {
            var factors = AsFactor(weights, q.DType);
            Give(factors.Transpose(1, 2), denseG, dv, accumulate);
            GiveBack(factors, weights);
        }
        if (dq is not null || dk is not null)
        {
            var gradients = Temporary(weights.DType, heads.Count, heads.Rows, heads.Keys);
            MatMul(denseG, heads.V.Transpose(1, 2), gradients, accumulate: false);
            long rows = (long)heads.Count * heads.Rows;
            using (var wide = new Widening())
            {
                var (wideY, wideG) = (wide.Read(denseY), wide.Read(denseG));
                if (weights.DType == DType.Float32)
                    Gradients<GpuFloat, float>(weights, gradients, wideY, wideG, (float)rule.Scale, rows, heads.Keys);
                else Gradients<GpuDouble, double>(weights, gradients, wideY, wideG, rule.Scale, rows, heads.Keys);
            }
            var factors = AsFactor(gradients, q.DType);
            if (dq is not null) Give(factors, heads.K, dq, accumulate);
            if (dk is not null) Give(factors.Transpose(1, 2), heads.Q, dk, accumulate);
            GiveBack(factors, gradients);
            Done(gradients);
        }
        Done(weights);
        GiveBack(denseY, y);
        GiveBack(denseG, g);
        heads.GiveBack();
        Tensor.KeepAlive(q, k, v, masks.Hidden, masks.Added, y, sums, g, dq, dk, dv);
    }

    private void Gradients<V, T>(Tensor weights, Tensor gradients, Tensor y, Tensor g, T scale, long rows, int keys)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var share = PartitionOf(rows, keys, weights, gradients);
        RunRows(new AttentionSlopesJob<V, T>
        {
            Weights = View<T>(weights), Gradients = View<T>(gradients), Y = View<T>(y), G = View<T>(g), Share = share, Scale = scale,
            Width = y.Shape[^1], IsWide = PartitionOf(rows, y.Shape[^1], y, g).IsWide,
        }, share);
    }

    /// <summary>A product of all heads, put into a gradient of whatever layout or added to it.</summary>
    private void Give(Tensor a, Tensor b, Tensor gradient, bool accumulate)
    {
        var product = Temporary(gradient.DType, a.Shape[0], a.Shape[1], b.Shape[2]);
        MatMul(a, b, product, accumulate: false);
        if (accumulate) gradient.AddInto(product.Reshape(gradient.Shape.Axes));
        else Copy(product.Reshape(gradient.Shape.Axes), gradient);
        Done(product);
    }

    /// <summary>Scores and weights are float32; a product with a half type takes them as that.</summary>
    private static Tensor AsFactor(Tensor x, DType dtype) => x.Detach().To(dtype);

    private Tensor Weights(Heads heads, AttentionMasks masks, AttentionRule rule, Tensor sums, bool isBackward)
    {
        var scores = Temporary(DTypes.Compute(heads.Q.DType), heads.Count, heads.Rows, heads.Keys);
        MatMul(heads.Q, heads.K.Transpose(1, 2), scores, accumulate: false);
        if (scores.DType == DType.Float32) Weigh<GpuFloat, float>(scores, heads, masks, rule, (float)rule.Scale, sums, isBackward);
        else Weigh<GpuDouble, double>(scores, heads, masks, rule, rule.Scale, sums, isBackward);
        return scores;
    }

    private void Weigh<V, T>(Tensor scores, Heads heads, AttentionMasks masks, AttentionRule rule, T scale, Tensor sums, bool isBackward)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var nest = default(Nest);
        var (hidden, added) = (masks.Hidden?.Detach(), masks.Added?.Detach());
        if ((hidden ?? added) is { } any)
        {
            var (ofHidden, ofAdded) = (hidden?.Select(3, 0), added?.Select(3, 0));     // three axes: always few enough
            _ = Nest.TryMake(any.Select(3, 0).Shape, ofHidden ?? ofAdded!, ofAdded, null, out nest);
        }
        var share = PartitionOf((long)heads.Count * heads.Rows, heads.Keys, scores);
        RunRows(new AttentionWeightsJob<V, T>
        {
            Scores = View<T>(scores), Sums = View<T>(sums), Added = added is null ? View<T>(scores) : Whole<T>(added),
            Hidden = hidden is null ? default : Whole<byte>(hidden), Masks = nest, HiddenStep = hidden?.Strides[3] ?? 0,
            AddedStep = added?.Strides[3] ?? 0, Scale = scale, Queries = heads.Queries, Heads = heads.OfQueries, Share = share,
            IsCausal = rule.IsCausal ? 1 : 0, Offset = rule.Offset, Window = rule.Window,
            SlopeHeads = rule.HasSlopes ? AttentionRule.SlopeHeads(heads.OfQueries) : 0,
            HasAdded = added is null ? 0 : 1, HasHidden = hidden is null ? 0 : 1, IsBackward = isBackward ? 1 : 0,
        }, share);
    }

    void IRotator.Rotate(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y)
    {
        if (x.DType == DType.Float32) Rotate<GpuFloat, float>(x, cos, sin, isInterleaved, isBackwards, y);
        else Rotate<GpuDouble, double>(x, cos, sin, isInterleaved, isBackwards, y);
        Tensor.KeepAlive(x, cos, sin, y);
    }

    private void Rotate<V, T>(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards, Tensor y)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => Run(new RotateJob<V, T>
        {
            X = Whole<T>(x), Start = x.Offset, Cos = View<T>(cos), Sin = View<T>(sin), Y = View<T>(y),
            BatchStride = x.Strides[0], StepStride = x.Strides[1], HeadStride = x.Strides[2],
            Steps = x.Shape[1], Heads = x.Shape[2], Half = x.Shape[3] / 2,
            IsInterleaved = isInterleaved ? 1 : 0, IsBackwards = isBackwards ? 1 : 0,
        }, x.Count / 2);

    /// <summary>
    /// Queries, keys and values as dense (heads, steps, features). Queries of heads that share their keys are the rows of one matrix, one
    /// head below the other.
    /// </summary>
    private readonly struct Heads(Tensor q, Tensor k, Tensor v)
    {
        public readonly Tensor K = Dense(k), V = Dense(v);
        public readonly Tensor Q = Dense(q).Reshape(k.Shape[0] * k.Shape[1], -1, q.Shape[3]);

        /// <summary>The number of heads of keys in all batches, and that of queries in one.</summary>
        public int Count => K.Shape[0];
        public int OfQueries => q.Shape[1];

        /// <summary>The number of queries of one head, and of all heads that share their keys.</summary>
        public int Queries => q.Shape[2];
        public int Rows => Q.Shape[1];
        public int Keys => K.Shape[1];

        private static Tensor Dense(Tensor x) => x.Detach().Contiguous().Reshape(x.Shape[0] * x.Shape[1], x.Shape[2], x.Shape[3]);

        /// <summary>A tensor of the heads of queries in the order of <see cref="Q"/>.</summary>
        public Tensor Folded(Tensor x) => Dense(x).Reshape(Count, Rows, x.Shape[3]);

        public void GiveBack()
        {
            IlgpuDevice.GiveBack(Q, q);
            IlgpuDevice.GiveBack(K, k);
            IlgpuDevice.GiveBack(V, v);
        }
    }
}
