namespace DeepNet.Ops;

/// <summary>Least squares by QR factorisation, for matrices of full rank.</summary>
internal sealed class Lstsq : ISampled
{
    private Lstsq() { }

    public static Tensor Of(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        a = Matrices.Any("lstsq", a);
        int rows = a.Shape[^2], columns = a.Shape[^1];
        bool isVector = b.Rank == 1;
        if (isVector) b = b.Unsqueeze(-1);
        if (b.Rank < 2 || b.Shape[^2] != rows)
            throw new ArgumentException(
                $"[lstsq] matrices of shape {a.Shape} and right-hand sides of shape {(isVector ? b.Squeeze(-1) : b).Shape}: these must be "
                + $"vectors of {rows} numbers, or matrices of {rows} rows. A batch of vectors is b.Unsqueeze(-1).");
        b = b.To(DTypes.ComputeFloating(DTypes.Promote(a.DType, b.DType)));
        a = a.To(b.DType);
        using var exact = Autocast.Off();
        var (q, r) = Qr.Of(rows >= columns ? a : a.T);
        RequireFullRank(r, a.Shape);
        var x = rows >= columns ? SolveTriangular.Of(r, q.T.MatMul(b), isUpper: true)
            : q.MatMul(SolveTriangular.Of(r, b, isUpper: true, isTransposed: true));
        return isVector ? x.Squeeze(-1) : x;
    }

    private static void RequireFullRank(Tensor r, Shape shape)
    {
        double[] diagonal = r.Detach().Diagonal(0, -2, -1).ToArray<double>();
        int n = r.Shape[^1];
        double rounding = Math.Max(shape[^1], shape[^2]) * Math.ScaleB(1, r.DType == DType.Float64 ? -52 : -23);
        for (int start = 0; start < diagonal.Length; start += n)
        {
            var one = diagonal.AsSpan(start, n);
            double largest = 0, smallest = double.PositiveInfinity;
            foreach (double value in one) (largest, smallest) = (Math.Max(largest, Math.Abs(value)), Math.Min(smallest, Math.Abs(value)));
            if (smallest <= rounding * largest)
                throw new ArithmeticException(
                    $"[lstsq] {Matrices.Name(shape, start / n)} has not the full rank of {n}. Linalg.Pinv(a).MatMul(b) gives the "
                    + "shortest solution.");
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("tall", x => Of(x[0], x[1]), Sample.Values(4, 2), Sample.Values(4, 2)),
        new("tall, a vector", x => Of(x[0], x[1]), Sample.Values(3, 2), Sample.Values(3)),
        new("wide batch", x => Of(x[0].T, x[1]), Sample.Values(2, 3, 2), Sample.Values(2, 1)),
    ];
}
