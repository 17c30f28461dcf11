using DeepNet.Ops;

namespace DeepNet.Ilgpu;

// Products for all heads at once with one pass over the scores between them. The scores of all heads are in memory at the same time, for as
// long as the operator runs.
internal sealed partial class IlgpuDevice
{
    protected internal override void Attention(Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums)
    {
        var heads = new Heads(q, k, v);
        var weights = Weights(heads, mask, rule, sums, isBackward: false);
        var result = Temporary(q.DType, heads.Count, heads.Queries, v.Shape[3]);
        var factors = AsFactor(weights, q.DType);
        MatMul(factors, heads.V, result, accumulate: false);
        Copy(result.Reshape(y.Shape.Axes), y);
        Done(result);
        GiveBack(factors, weights);
        Done(weights);
        heads.GiveBack();
        GC.KeepAlive((q, k, v, mask, y, sums));
    }

    protected internal override void AttentionBackward(
        Tensor q, Tensor k, Tensor v, Tensor? mask, AttentionRule rule, Tensor y, Tensor sums, Tensor g, Tensor? dq, Tensor? dk, Tensor? dv,
        bool accumulate)
    {
        var heads = new Heads(q, k, v);
        var weights = Weights(heads, mask, rule, sums, isBackward: true);
        Tensor denseY = Heads.Dense(y), denseG = Heads.Dense(g);
        if (dv is not null)
        {
            var factors = AsFactor(weights, q.DType);
            Give(factors.Transpose(1, 2), denseG, dv, accumulate);
            GiveBack(factors, weights);
        }
        if (dq is not null || dk is not null)
        {
            var gradients = Temporary(weights.DType, heads.Count, heads.Queries, heads.Keys);
            MatMul(denseG, heads.V.Transpose(1, 2), gradients, accumulate: false);
            long rows = (long)heads.Count * heads.Queries;
            Tensor wideY = Widened(denseY), wideG = Widened(denseG);
            if (weights.DType == DType.Float32)
                Gradients<GpuFloat, float>(weights, gradients, wideY, wideG, (float)rule.Scale, rows, heads.Keys);
            else Gradients<GpuDouble, double>(weights, gradients, wideY, wideG, rule.Scale, rows, heads.Keys);
            EndWidened(wideY, denseY);
            EndWidened(wideG, denseG);
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
        GC.KeepAlive((q, k, v, mask, y, sums));
        GC.KeepAlive((g, dq, dk, dv));
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

    private Tensor Weights(Heads heads, Tensor? mask, AttentionRule rule, Tensor sums, bool isBackward)
    {
        var scores = Temporary(DTypes.Compute(heads.Q.DType), heads.Count, heads.Queries, heads.Keys);
        MatMul(heads.Q, heads.K.Transpose(1, 2), scores, accumulate: false);
        if (scores.DType == DType.Float32) Weigh<GpuFloat, float>(scores, heads, mask, rule, (float)rule.Scale, sums, isBackward);
        else Weigh<GpuDouble, double>(scores, heads, mask, rule, rule.Scale, sums, isBackward);
        return scores;
    }

    private void Weigh<V, T>(Tensor scores, Heads heads, Tensor? mask, AttentionRule rule, T scale, Tensor sums, bool isBackward)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var nest = default(Nest);
        if (mask is not null)
        {
            var rows = mask.Detach().Select(3, 0);       // three axes: always few enough
            _ = Nest.TryMake(rows.Shape, rows, null, null, out nest);
        }
        bool isHidden = mask?.DType == DType.Bool;
        var share = PartitionOf((long)heads.Count * heads.Queries, heads.Keys, scores);
        RunRows(new AttentionWeightsJob<V, T>
        {
            Scores = View<T>(scores), Sums = View<T>(sums), Added = mask is null || isHidden ? View<T>(scores)
                : Whole<T>(mask), Hidden = isHidden ? Whole<byte>(mask!) : default,
            Mask = nest, MaskStep = mask is null ? 0
                : mask.Strides[3], Scale = scale, Queries = heads.Queries, Share = share, IsCausal = rule.IsCausal ? 1 : 0,
            HasAdded = mask is null || isHidden ? 0 : 1, HasHidden = isHidden ? 1 : 0, IsBackward = isBackward ? 1 : 0,
        }, share);
    }

    /// <summary>Queries, keys and values as dense (heads, steps, features).</summary>
    private readonly struct Heads(Tensor q, Tensor k, Tensor v)
    {
        public readonly Tensor Q = Dense(q), K = Dense(k), V = Dense(v);

        public int Count => Q.Shape[0];
        public int Queries => Q.Shape[1];
        public int Keys => K.Shape[1];

        public static Tensor Dense(Tensor x) => x.Detach().Contiguous().Reshape(x.Shape[0] * x.Shape[1], x.Shape[2], x.Shape[3]);

        public void GiveBack()
        {
            IlgpuDevice.GiveBack(Q, q);
            IlgpuDevice.GiveBack(K, k);
            IlgpuDevice.GiveBack(V, v);
        }
    }
}
