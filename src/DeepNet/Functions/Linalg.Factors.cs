namespace DeepNet;

// Factorisations.
public static partial class Linalg
{
    /// <summary>
    /// Finds the lower triangular L of A = L·Lᵀ for symmetric positive definite matrices, of which the lower triangle is read. The gradient
    /// is symmetric. Cholesky's upper factor is Lᵀ.
    /// </summary>
    /// <exception cref="ArithmeticException">A matrix is not positive definite.</exception>
    public static Tensor Cholesky(Tensor a) => Ops.Cholesky.Of(a);

    /// <summary>
    /// Finds the factors of A = P·L·U: a permutation, which has no gradient, a lower triangular matrix with ones on its diagonal, and an
    /// upper triangular one. Singular matrices have factors, but no gradient.
    /// </summary>
    public static (Tensor P, Tensor L, Tensor U) Lu(Tensor a) => Ops.Lu.Of(a);

    /// <summary>
    /// Finds Q with orthonormal columns and upper triangular R of A = Q·R, both thin: R has as many rows as A's shorter side. The gradient
    /// needs the first columns of A, as many as Q has, to be independent.
    /// </summary>
    public static (Tensor Q, Tensor R) Qr(Tensor a) => Ops.Qr.Of(a);

    /// <summary>
    /// Finds the factors of A = U·diag(s)·Vᵀ, thin, with the singular values s falling. Of the two signs of a pair of vectors the one is
    /// taken for which V's component of the largest magnitude is positive.
    /// </summary>
    /// <remarks>
    /// Where singular values are equal, their vectors are not unique and have no derivative: a gradient that goes through them is then NaN
    /// or infinite, as it is through what a zero singular value leaves free. A gradient of the values alone is not: see
    /// <see cref="Svdvals"/>.
    /// </remarks>
    /// <exception cref="ArithmeticException">An element is NaN or infinite.</exception>
    public static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a) => Ops.Svd.Of(a);

    /// <summary>Finds the singular values of each matrix, falling; faster than <see cref="Svd"/>.</summary>
    /// <exception cref="ArithmeticException">An element is NaN or infinite.</exception>
    public static Tensor Svdvals(Tensor a) => Ops.SingularValues.Of(a);

    /// <summary>
    /// Finds the eigenvalues of symmetric matrices, rising, and orthonormal eigenvectors as columns. The lower triangle is read, and the
    /// gradient is symmetric. Of the two signs of a vector the one is taken for which its component of the largest magnitude is positive.
    /// </summary>
    /// <remarks>
    /// Where eigenvalues are equal, their vectors are not unique and have no derivative: a gradient that goes through them is then NaN or
    /// infinite. A gradient of the values alone is not: see <see cref="Eigvalsh"/>.
    /// </remarks>
    /// <exception cref="ArithmeticException">An element is NaN or infinite.</exception>
    public static (Tensor Values, Tensor Vectors) Eigh(Tensor a) => Ops.Eigh.Of(a);

    /// <summary>Finds the eigenvalues of symmetric matrices, rising; faster than <see cref="Eigh"/>.</summary>
    /// <exception cref="ArithmeticException">An element is NaN or infinite.</exception>
    public static Tensor Eigvalsh(Tensor a) => Ops.EighValues.Of(a);
}
