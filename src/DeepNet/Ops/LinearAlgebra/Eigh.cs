namespace DeepNet.Ops;

/// <summary>
/// The eigenvalues of symmetric matrices, rising, and their vectors as columns, one after the other. The lower triangle is read, and its
/// gradient is symmetric.
/// </summary>
internal sealed class Eigh : Operator, ISampled
{
    private int n;

    public static (Tensor Values, Tensor Vectors) Of(Tensor a)
    {
        a = Matrices.Square("eigh", a);
        return Parts(new Eigh().Apply(a), a.Shape[^1]);
    }

    private static (Tensor Values, Tensor Vectors) Parts(Tensor packed, int n)
        => (packed.Narrow(-1, 0, n), Matrices.Part(packed, n, n, n));

    public override string Name => "eigh";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        n = inputs[0].Shape[^1];
        var result = Decompose(inputs[0], hasVectors: true);
        SaveResult(0, result);
        return result;
    }

    /// <summary>Values and vectors, or the values alone.</summary>
    public static Tensor Decompose(Tensor a, bool hasVectors)
    {
        int n = a.Shape[^1];
        var packed = Tensor.Allocate(Matrices.Of(Matrices.Batch(a.Shape), hasVectors ? n + n * n : n), a.DType, Device.Cpu);
        if (CpuDevice.Eigh(Matrices.OnHost(a), packed, hasVectors) is { } failure) throw Matrices.NotFound("eigh", a.Shape, failure);
        return packed.To(a.Device);
    }

    // V·(diag(Gλ) + (VᵀGV) / (λj − λi))·Vᵀ, made symmetric.
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var (values, v) = Parts(Saved(0), n);
        var (gValues, gv) = Parts(gradient, n);
        var diagonal = Matrices.OnDiagonal(v, n);
        var turn = Tensor.Where(diagonal, Tensor.ZerosLike(v), v.T.MatMul(gv));
        var inner = Tensor.Where(diagonal, gValues.Unsqueeze(-1), Matrices.Ratio(turn, values.Unsqueeze(-2) - values.Unsqueeze(-1)));
        Give(0, Matrices.Symmetric(v.MatMul(inner).MatMul(v.T)));
    }

    private static Tensor Both(Tensor x)
    {
        var (values, vectors) = Of(Spread(x));
        return Tensor.Cat([values.Flatten(), vectors.Flatten()]);
    }

    /// <summary>A symmetric matrix with eigenvalues apart from each other.</summary>
    internal static Tensor Spread(Tensor x)
    {
        int n = x.Shape[^1];
        var places = Tensor.Arange(0, n).To(x.DType).To(x.Device);
        return Matrices.Symmetric(x) + Matrices.Identity(x, n) * (places * 3);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("values and vectors", x => Both(x[0]), Sample.Values(3, 3)),
        new("a batch", x => Both(x[0].T), Sample.Values(2, 2, 2)),
        new("one number", x => Both(x[0]), Sample.Values(2, 1, 1)),
        new("nothing", x => Both(x[0]), Sample.Values(2, 0, 0)),
    ];
}

/// <summary>The eigenvalues of symmetric matrices, rising; where a gradient is wanted, the vectors are found then.</summary>
internal sealed class EighValues : Operator, ISampled
{
    public static Tensor Of(Tensor a) => new EighValues().Apply(Matrices.Square("eigvalsh", a));

    public override string Name => "eigvalsh";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[0]);
        return Eigh.Decompose(inputs[0], hasVectors: false);
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var v = Eigh.Of(Saved(0)).Vectors;
        Give(0, (v * gradient.Unsqueeze(-2)).MatMul(v.T));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("a matrix", x => Of(Eigh.Spread(x[0])), Sample.Values(3, 3)),
        new("a batch", x => Of(Eigh.Spread(x[0])), Sample.Values(2, 2, 2)),
    ];
}
