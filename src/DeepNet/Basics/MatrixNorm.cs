namespace DeepNet;

/// <summary>Specifies a norm of matrices.</summary>
public enum MatrixNorm
{
    /// <summary>The root of the sum of all squares.</summary>
    Frobenius,

    /// <summary>The sum of the singular values.</summary>
    Nuclear,

    /// <summary>The largest singular value: the norm that the 2-norm of vectors induces.</summary>
    Spectral,

    /// <summary>The largest sum of magnitudes in a column: the norm that the 1-norm of vectors induces.</summary>
    One,

    /// <summary>The largest sum of magnitudes in a row: the norm that the ∞-norm of vectors induces.</summary>
    Infinity,
}
