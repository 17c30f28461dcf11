namespace DeepNet.Analysis;

/// <summary>The eigenvalues of a symmetric matrix, in ascending order, and the eigenvectors that belong to them.</summary>
public sealed class EigenDecomposition
{
    private readonly double[][]? vectors;

    internal EigenDecomposition(double[] values, double[][]? vectors) => (Values, this.vectors) = (values, vectors);

    /// <summary>The eigenvalues, smallest first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Gets a value that is true if eigenvectors were computed.</summary>
    public bool HasVectors => vectors is not null;

    /// <summary>
    /// The eigenvector of eigenvalue <paramref name="i"/>, of length 1; of its two signs the one whose largest component is positive.
    /// </summary>
    public IReadOnlyList<double> Vector(int i)
        => vectors?[i] ?? throw new InvalidOperationException("[eigen] eigenvectors were not asked for. Use Eigen(vectors: true).");

    internal double[] Raw(int i) => (double[])Vector(i);
}
