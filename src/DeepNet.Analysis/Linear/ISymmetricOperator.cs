namespace DeepNet.Analysis;

/// <summary>A symmetric matrix that need not exist: all that is known of it is how it multiplies a vector.</summary>
public interface ISymmetricOperator
{
    /// <summary>Rows and columns.</summary>
    int Size { get; }

    /// <summary>
    /// The relative error of a product, from rounding: what eigenvalues can at best be told apart from, relative to the largest.
    /// </summary>
    double Precision { get; }

    /// <summary>Writes the product with a vector.</summary>
    void Multiply(ReadOnlySpan<double> x, Span<double> y);
}
