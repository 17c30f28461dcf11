namespace DeepNet.Analysis;

/// <summary>The eigenvalues of a symmetric matrix, in ascending order, and the eigenvectors that belong to them.</summary>
public sealed class EigenDecomposition
{
    private readonly double[][]? vectors;

    internal EigenDecomposition((double[] Values, double[][]? Vectors) found) => (Values, vectors) = found;

    /// <summary>The eigenvalues of a float64 matrix, smallest first, and their vectors.</summary>
    internal static (double[] Values, double[][] Vectors) Solve(Tensor matrix)
    {
        using var scope = Memory.Scope();
        var (values, vectors) = Linalg.Eigh(matrix);
        return (values.ToArray<double>(), [.. vectors.Unbind(1).Select(v => v.ToArray<double>())]);
    }

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
