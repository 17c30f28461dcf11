namespace DeepNet.Ops;

/// <summary>Q and R of a matrix that has no more columns than rows, one after the other.</summary>
internal sealed class Qr : Operator, ISampled
{
    /// <summary>Q with orthonormal columns and upper triangular R. What lies right of a square is Qᵀ times it.</summary>
    public static (Tensor Q, Tensor R) Of(Tensor a)
    {
        a = Matrices.Any("qr", a);
        int rows = a.Shape[^2], columns = a.Shape[^1];
        if (columns > rows)
        {
            using var exact = Autocast.Off();
            var (basis, left) = Of(a.Narrow(-1, 0, rows));
            return (basis, Tensor.Cat([left, basis.T.MatMul(a.Narrow(-1, rows, columns - rows))], -1));
        }
        return Parts(new Qr().Apply(a), rows, columns);
    }

    private static (Tensor Q, Tensor R) Parts(Tensor packed, int rows, int columns)
        => (Matrices.Part(packed, 0, rows, columns), Matrices.Part(packed, rows * columns, columns, columns));

    private int rows, columns;

    public override string Name => "qr";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = inputs[0];
        (rows, columns) = (a.Shape[^2], a.Shape[^1]);
        var packed = Tensor.Allocate(Matrices.Of(Matrices.Batch(a.Shape), (rows + columns) * columns), a.DType, Device.Cpu);
        CpuDevice.Qr(Matrices.OnHost(a), packed);
        var result = packed.To(a.Device);
        SaveResult(0, result);
        return result;
    }

    // (GQ + Q·S)·R⁻ᵀ, where S is symmetric and has the upper triangle of GR·Rᵀ − Qᵀ·GQ.
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var (q, r) = Parts(Saved(0), rows, columns);
        var (gq, gr) = Parts(gradient, rows, columns);
        var upper = (gr.MatMul(r.T) - q.T.MatMul(gq)).Triu();
        var sum = gq + q.MatMul(upper + upper.Triu(1).T);
        Give(0, SolveTriangular.Of(r, sum.T, isUpper: true).T);
    }

    private static Tensor Both(Tensor a)
    {
        var (q, r) = Of(a);
        return Tensor.Cat([q.Flatten(), r.Triu().Flatten()]);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("square", x => Both(x[0]), Sample.Values(3, 3)),
        new("tall batch", x => Both(x[0]), Sample.Values(2, 4, 2)),
        new("wide", x => Both(x[0].T), Sample.Values(4, 2)),
        new("one column", x => Both(x[0]), Sample.Values(3, 1)),
        new("nothing", x => Both(x[0]), Sample.Values(3, 0)),
    ];
}
