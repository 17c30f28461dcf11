namespace DeepNet.Ops;

/// <summary>Norms of matrices, from their elements or their singular values.</summary>
internal sealed class MatrixNorms : ISampled
{
    private MatrixNorms() { }

    public static Tensor Of(Tensor a, MatrixNorm norm)
    {
        a = Matrices.Any("matrix_norm", a);
        return norm switch
        {
            MatrixNorm.Frobenius => a.Norm(2, [-2, -1]),
            MatrixNorm.Nuclear => SingularValues.Of(a).Sum(-1),
            MatrixNorm.Spectral => SingularValues.Of(a).Max(-1),
            MatrixNorm.One => a.Abs().Sum(-2).Max(-1),
            MatrixNorm.Infinity => a.Abs().Sum(-1).Max(-1),
            _ => throw new ArgumentOutOfRangeException(nameof(norm), norm, "[matrix_norm] this is none of MatrixNorm's values."),
        };
    }

    public static IEnumerable<Sample> Samples =>
        [.. Enum.GetValues<MatrixNorm>().Select(norm => new Sample($"{norm}", x => Of(x[0], norm), Sample.Values(2, 3, 2)))];
}
