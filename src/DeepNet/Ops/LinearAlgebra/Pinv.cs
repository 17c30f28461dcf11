namespace DeepNet.Ops;

/// <summary>
/// Moore and Penrose's inverse. Its gradient is that of Golub and Pereyra, which holds as long as the rank does not change.
/// </summary>
internal sealed class Pinv(double? tolerance) : Operator, ISampled
{
    public static Tensor Of(Tensor a, double? tolerance = null) => new Pinv(tolerance).Apply(Matrices.Any("pinv", a));

    public override string Name => "pinv";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        using var exact = Autocast.Off();
        var a = inputs[0];
        var (u, s, vt) = Svd.Of(a);
        var inverse = Tensor.Where(Counts(s, a.Shape, tolerance), s.Reciprocal(), Tensor.ZerosLike(s));
        var result = (vt.T * inverse.Unsqueeze(-2)).MatMul(u.T);
        Save(0, a);
        SaveResult(1, result);
        return result;
    }

    /// <summary>
    /// Which singular values count: those above the tolerance, relative to the largest. The default is the longer side times the distance
    /// from 1 to the next number.
    /// </summary>
    public static Tensor Counts(Tensor s, Shape shape, double? tolerance)
    {
        double relative = tolerance ?? Math.Max(shape[^2], shape[^1]) * Math.ScaleB(1, s.DType == DType.Float64 ? -52 : -23);
        return s.Shape[^1] == 0 ? s > 0 : s > s.Narrow(-1, 0, 1) * relative;
    }

    // (I − A·Y)·Gᵀ·Y·Yᵀ + Yᵀ·Y·Gᵀ·(I − Y·A) − Yᵀ·G·Yᵀ
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        Tensor a = Saved(0), y = Saved(1), g = gradient.T, yt = y.T;
        var inside = yt.MatMul(gradient).MatMul(yt);
        var left = g - a.MatMul(y.MatMul(g));
        var right = g - g.MatMul(y).MatMul(a);
        Give(0, left.MatMul(y).MatMul(yt) + yt.MatMul(y.MatMul(right)) - inside);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("square", x => Of(x[0]), Sample.Values(3, 3)),
        new("tall batch", x => Of(x[0]), Sample.Values(2, 3, 2)),
        new("wide", x => Of(x[0].T), Sample.Values(4, 2)),
        new("rank one", x => Of(x[0].MatMul(x[1])), Sample.Values(3, 1), Sample.Values(1, 3)),
    ];
}
