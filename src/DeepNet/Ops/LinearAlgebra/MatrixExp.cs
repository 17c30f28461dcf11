namespace DeepNet.Ops;

/// <summary>
/// The exponential of square matrices: scaled down by a power of two to where Padé's approximation holds, and squared as often. All of it
/// is made of products and one solution, through which the gradient goes.
/// </summary>
internal sealed class MatrixExp : ISampled
{
    private static readonly double[] coefficients =
    [
        64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800,
        33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
    ];

    private MatrixExp() { }

    public static Tensor Of(Tensor a)
    {
        a = Matrices.Square("matrix_exp", a);
        using var exact = Autocast.Off();
        if (a.Count == 0) return a.Clone();
        // Of degree 13 the approximation is exact to the last digit of float64 up to this norm.
        const double Radius = 5.37;
        double[] norms = a.Detach().Abs().Sum(-2).Max(-1).ToArray<double>();
        double[] halvings = [.. norms.Select(x => x > Radius && double.IsFinite(x) ? Math.Ceiling(Math.Log2(x / Radius)) : 0)];
        var shape = Matrices.Of(Matrices.Batch(a.Shape), 1, 1);
        Tensor Each(double[] values) => Tensor.From<double>(values, shape).To(a.DType).To(a.Device);
        var result = Approximate(a * Each([.. halvings.Select(n => Math.ScaleB(1, -(int)n))]));
        for (int i = 0; i < halvings.Max(); i++)
        {
            var square = result.MatMul(result);
            result = halvings.All(n => n > i) ? square : Tensor.Where(Each(halvings) > i, square, result);
        }
        return result;
    }

    private static Tensor Approximate(Tensor a)
    {
        var b = coefficients;
        var one = Matrices.Identity(a, a.Shape[^1]);
        var a2 = a.MatMul(a);
        var a4 = a2.MatMul(a2);
        var a6 = a4.MatMul(a2);
        var odd = a.MatMul(a6.MatMul(a6 * b[13] + a4 * b[11] + a2 * b[9]) + a6 * b[7] + a4 * b[5] + a2 * b[3] + one * b[1]);
        var even = a6.MatMul(a6 * b[12] + a4 * b[10] + a2 * b[8]) + a6 * b[6] + a4 * b[4] + a2 * b[2] + one * b[0];
        return Solve.Of(even - odd, even + odd);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("a matrix", x => Of(x[0] * 0.5), Sample.Values(3, 3)),
        new("squared", x => Of(x[0]), Sample.Values(2, 2) * 4),
        new("a batch of different sizes", x => Of(Tensor.Stack([x[0] * 0.1, x[0] * 3])), Sample.Values(2, 2)),
    ];
}
