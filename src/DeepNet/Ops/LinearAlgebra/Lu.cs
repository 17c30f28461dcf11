namespace DeepNet.Ops;

/// <summary>U and, below the diagonal, L of A = P·L·U, in one matrix.</summary>
internal sealed class Lu : Operator, ISampled
{
    private Tensor? permutation;

    /// <summary>P, L with ones on its diagonal, and U.</summary>
    public static (Tensor P, Tensor L, Tensor U) Of(Tensor a)
    {
        a = Matrices.Any("lu", a);
        var op = new Lu();
        var packed = op.Apply(a);
        var (l, u) = Parts(packed);
        return (op.permutation!, l, u);
    }

    private static (Tensor L, Tensor U) Parts(Tensor packed)
    {
        int rows = packed.Shape[^2], columns = packed.Shape[^1], k = Math.Min(rows, columns);
        var ones = Tensor.Eye(rows, k, packed.DType, packed.Device);
        return (packed.Narrow(-1, 0, k).Tril(-1) + ones, packed.Narrow(-2, 0, k).Triu());
    }

    public override string Name => "lu";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = inputs[0];
        var packed = Matrices.CopyOnHost(a);
        var (pivots, _) = CpuDevice.Lu(packed);
        permutation = Permutation(pivots, a).To(a.Device);
        var result = packed.To(a.Device);
        SaveResult(0, result);
        return result;
    }

    private static Tensor Permutation(int[] pivots, Tensor a)
    {
        int rows = a.Shape[^2], steps = Math.Min(rows, a.Shape[^1]);
        var batch = Matrices.Batch(a.Shape);
        var elements = new double[batch.Count * rows * rows];
        var order = new int[rows];
        for (int matrix = 0; matrix < batch.Count; matrix++)
        {
            for (int i = 0; i < rows; i++) order[i] = i;
            for (int i = 0; i < steps; i++)
            {
                int other = pivots[matrix * steps + i];
                (order[i], order[other]) = (order[other], order[i]);
            }
            for (int i = 0; i < rows; i++) elements[((matrix * rows) + order[i]) * rows + i] = 1;
        }
        return Tensor.From<double>(elements, Matrices.Of(batch, rows, rows)).To(a.DType);
    }

    // Of a square matrix P·L⁻ᵀ·(lower(Lᵀ·GL) + upper(GU·Uᵀ))·U⁻ᵀ. Further rows are L₂ = B·U⁻¹ and further columns U₂ = L⁻¹·B of the
    // permuted matrix' parts B, and hand on to the square part what reaches them.
    protected override void Vjp(Tensor gradient)
    {
        using var exact = Autocast.Off();
        var (l, u) = Parts(Saved(0));
        int rows = gradient.Shape[^2], columns = gradient.Shape[^1], k = Math.Min(rows, columns);
        Tensor gl = gradient.Narrow(-1, 0, k).Tril(-1), gu = gradient.Narrow(-2, 0, k).Triu();
        Tensor square = l.Narrow(-2, 0, k), corner = u.Narrow(-1, 0, k);
        Tensor? more = null;
        if (rows > k)
        {
            more = OverU(gl.Narrow(-2, k, rows - k), corner);
            gu -= l.Narrow(-2, k, rows - k).T.MatMul(more).Triu();
            gl = gl.Narrow(-2, 0, k);
        }
        else if (columns > k)
        {
            more = SolveTriangular.Of(square, gu.Narrow(-1, k, columns - k), isUpper: false, isTransposed: true, isUnit: true);
            gl -= more.MatMul(u.Narrow(-1, k, columns - k).T).Tril(-1);
            gu = gu.Narrow(-1, 0, k);
        }
        var middle = square.T.MatMul(gl).Tril(-1) + gu.MatMul(corner.T).Triu();
        var ga = OverU(SolveTriangular.Of(square, middle, isUpper: false, isTransposed: true, isUnit: true), corner);
        if (more is not null) ga = Tensor.Cat([ga, more], rows > k ? -2 : -1);
        Give(0, permutation!.MatMul(ga));
    }

    /// <summary>x·U⁻ᵀ.</summary>
    private static Tensor OverU(Tensor x, Tensor u) => SolveTriangular.Of(u, x.T, isUpper: true).T;

    private static Tensor Both(Tensor a)
    {
        var (p, l, u) = Of(a);
        return Tensor.Cat([p.MatMul(l).Flatten(), u.Flatten()]);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("square", x => Both(x[0]), Sample.Values(3, 3)),
        new("wide batch", x => Both(x[0]), Sample.Values(2, 2, 4)),
        new("tall", x => Both(x[0]), Sample.Values(4, 2)),
        new("nothing", x => Both(x[0]), Sample.Values(2, 0)),
    ];
}
