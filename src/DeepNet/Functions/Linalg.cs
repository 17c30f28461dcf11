namespace DeepNet;

/// <summary>
/// Linear algebra on matrices and batches of them: systems, inverses, determinants and functions of matrices here, factorisations in the
/// other half. All of it is differentiable to any order.
/// </summary>
/// <remarks>
/// Matrices are the last two axes, and the axes before them are the batch. Computed in float32 or float64: integers and half types become
/// float32, and <see cref="Autocast"/> changes nothing. Results are the same to the last bit on any number of threads. What has no result
/// (a singular matrix, one that is not positive definite) is an <see cref="ArithmeticException"/> that names the matrix in the batch.
/// Factorisations run on the processor: of tensors on another device the elements go there and back, while the products of gradients run
/// on the device.
/// </remarks>
/// <example><code>
/// var x = Linalg.Solve(a, b);
/// var (q, r) = Linalg.Qr(a);
/// var (u, s, vt) = Linalg.Svd(a);
/// var (values, vectors) = Linalg.Eigh(a);
/// var (sign, logAbs) = Linalg.SlogDet(a);
/// </code></example>
public static partial class Linalg
{
    /// <summary>
    /// Solves A·X = B for square matrices, by LU factorisation with partial pivoting. B is a vector, or matrices; leading axes broadcast.
    /// For a positive definite A, <c>CholeskySolve(Cholesky(a), b)</c> takes half the time.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix is singular.</exception>
    public static Tensor Solve(Tensor a, Tensor b) => Ops.Solve.Of(a, b);

    /// <summary>Solves T·X = B, or Tᵀ·X = B, for triangular matrices; the other triangle is not read. See <see cref="Solve"/>.</summary>
    /// <param name="triangle">The matrices T.</param>
    /// <param name="b">A vector, or matrices.</param>
    /// <param name="upper">True if the upper triangle is meant.</param>
    /// <param name="transpose">True to solve with Tᵀ.</param>
    /// <param name="unitDiagonal">True if the diagonal counts as ones and is not read.</param>
    /// <exception cref="ArithmeticException">A number on the diagonal is zero.</exception>
    public static Tensor SolveTriangular(
        Tensor triangle, Tensor b, bool upper = false, bool transpose = false, bool unitDiagonal = false)
        => Ops.SolveTriangular.Of(triangle, b, upper, transpose, unitDiagonal);

    /// <summary>Solves A·X = B from Cholesky's factor L of A.</summary>
    public static Tensor CholeskySolve(Tensor factor, Tensor b)
        => SolveTriangular(factor, SolveTriangular(factor, b), transpose: true);

    /// <summary>
    /// Finds the X for which ‖A·X − B‖ is least, by QR factorisation; of a matrix with more columns than rows the one of the many that is
    /// shortest. The rank must be full: for a matrix whose rank is not, <c>Pinv(a).MatMul(b)</c>.
    /// </summary>
    /// <exception cref="ArithmeticException">The rank is not full: a number on R's diagonal is as small as rounding.</exception>
    public static Tensor Lstsq(Tensor a, Tensor b) => Ops.Lstsq.Of(a, b);

    /// <summary>Computes the inverse of each matrix.</summary>
    /// <exception cref="ArithmeticException">A matrix is singular.</exception>
    public static Tensor Inverse(Tensor a) => Ops.Solve.Inverse(Matrices.Square("inverse", a));

    /// <summary>
    /// Computes Moore and Penrose's inverse of each matrix. The gradient holds as long as the rank does not change.
    /// </summary>
    /// <param name="a">The matrices.</param>
    /// <param name="tolerance">Singular values below this, relative to the largest, count as zero; by default as below the rounding
    /// error.</param>
    public static Tensor Pinv(Tensor a, double? tolerance = null) => Ops.Pinv.Of(a, tolerance);

    /// <summary>
    /// Computes the determinant of each matrix. Singular matrices have a gradient too, the cofactors; the second derivative there is NaN
    /// where singular values are equal.
    /// </summary>
    public static Tensor Det(Tensor a) => Ops.Det.Of(a);

    /// <summary>
    /// Computes the sign of the determinant of each matrix and the logarithm of its magnitude, which neither overflows nor vanishes. Of a
    /// singular matrix they are 0 and −∞, and there is no gradient.
    /// </summary>
    public static (Tensor Sign, Tensor LogAbs) SlogDet(Tensor a) => LogAbsDet.Of(a);

    /// <summary>Counts the singular values of each matrix that are not zero, as int64; see <see cref="Pinv"/> for the tolerance.</summary>
    public static Tensor MatrixRank(Tensor a, double? tolerance = null)
    {
        a = Matrices.Any("matrix_rank", a.Detach());
        return Ops.Pinv.Counts(Svdvals(a), a.Shape, tolerance).CountNonZero(-1);
    }

    /// <summary>Computes an integral power of each matrix; a negative one is that of the inverse.</summary>
    public static Tensor MatrixPower(Tensor a, int exponent) => Ops.MatrixPower.Of(a, exponent);

    /// <summary>Computes the exponential Σ Aᵏ/k! of each matrix.</summary>
    public static Tensor MatrixExp(Tensor a) => Ops.MatrixExp.Of(a);

    /// <summary>
    /// Computes a norm of each matrix. Norms of vectors, and of all elements of a tensor: <see cref="Tensor.Norm(double)"/>.
    /// </summary>
    public static Tensor MatrixNorm(Tensor a, MatrixNorm norm = DeepNet.MatrixNorm.Frobenius) => MatrixNorms.Of(a, norm);
}
