namespace DeepNet.Ops;

/// <summary>The thin factors U, the singular values, falling, and Vᵀ of A = U·diag(s)·Vᵀ, one after the other.</summary>
internal sealed class Svd : Operator, ISampled
{
    private int rows, columns;

    public static (Tensor U, Tensor S, Tensor Vt) Of(Tensor a)
    {
        a = Matrices.Any("svd", a);
        return Parts(new Svd().Apply(a), a.Shape[^2], a.Shape[^1]);
    }

    private static (Tensor U, Tensor S, Tensor Vt) Parts(Tensor packed, int rows, int columns)
    {
        int k = Math.Min(rows, columns);
        return (Matrices.Part(packed, 0, rows, k), packed.Narrow(-1, rows * k, k), Matrices.Part(packed, (rows + 1) * k, k, columns));
    }

    public override string Name => "svd";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        (rows, columns) = (inputs[0].Shape[^2], inputs[0].Shape[^1]);
        var result = Decompose(inputs[0], hasVectors: true);
        SaveResult(0, result);
        return result;
    }

    /// <summary>U, values and Vᵀ, or the values alone.</summary>
    public static Tensor Decompose(Tensor a, bool hasVectors)
    {
        int rows = a.Shape[^2], columns = a.Shape[^1], k = Math.Min(rows, columns);
        var packed = Tensor.Allocate(
            Matrices.Of(Matrices.Batch(a.Shape), hasVectors ? (rows + columns + 1) * k : k), a.DType, Device.Cpu);
        if (CpuDevice.Svd(Matrices.OnHost(a), packed, hasVectors) is { } failure) throw Matrices.NotFound("svd", a.Shape, failure);
        return packed.To(a.Device);
    }

    // U·(diag(Gs) + skew(UᵀGU)/E·S + S·skew(VᵀGV)/E)·Vᵀ with E = sj² − si², and what leaves the spaces of U and V.
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var (u, s, vt) = Parts(Saved(0), rows, columns);
        var (gu, gs, gvt) = Parts(gradient, rows, columns);
        int k = Math.Min(rows, columns);
        Tensor row = s.Unsqueeze(-2), column = s.Unsqueeze(-1);
        var squares = (row - column) * (row + column);
        Tensor left = u.T.MatMul(gu), right = vt.MatMul(gvt.T);
        var inner = Matrices.Ratio(left - left.T, squares) * row + Matrices.Ratio(right - right.T, squares) * column;
        inner = Tensor.Where(Matrices.OnDiagonal(s, k), gs.Unsqueeze(-1), inner);
        var sum = u.MatMul(inner).MatMul(vt);
        if (rows > k)
        {
            var outside = Matrices.Ratio(gu - u.MatMul(left), row.Expand(gu.Shape));
            sum += outside.MatMul(vt);
        }
        if (columns > k)
        {
            var outside = Matrices.Ratio(gvt - right.T.MatMul(vt), column.Expand(gvt.Shape));
            sum += u.MatMul(outside);
        }
        Give(0, sum);
    }

    private static Tensor All(Tensor a)
    {
        var (u, s, vt) = Of(a);
        return Tensor.Cat([u.Flatten(), s.Flatten(), vt.Flatten()]);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("square", x => All(x[0]), Sample.Values(3, 3)),
        new("tall batch", x => All(x[0]), Sample.Values(2, 3, 2)),
        new("wide", x => All(x[0].T), Sample.Values(4, 2)),
        new("one column", x => All(x[0]), Sample.Values(3, 1)),
        new("nothing", x => All(x[0]), Sample.Values(3, 0)),
    ];
}

/// <summary>The singular values, falling; where a gradient is wanted, the vectors are found then.</summary>
internal sealed class SingularValues : Operator, ISampled
{
    public static Tensor Of(Tensor a) => new SingularValues().Apply(Matrices.Any("svdvals", a));

    public override string Name => "svdvals";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[0]);
        return Svd.Decompose(inputs[0], hasVectors: false);
    }

    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var (u, _, vt) = Svd.Of(Saved(0));
        Give(0, (u * gradient.Unsqueeze(-2)).MatMul(vt));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("square", x => Of(x[0]), Sample.Values(3, 3)),
        new("wide batch", x => Of(x[0]), Sample.Values(2, 2, 3)),
    ];
}
