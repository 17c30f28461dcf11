using System.Numerics.Tensors;

namespace DeepNet.Analysis;

/// <summary>A symmetric matrix with its elements, dense and in double.</summary>
public sealed class SymmetricMatrix : ISymmetricOperator
{
    private readonly double[] elements;

    /// <summary>A matrix of these elements. What rounding left asymmetric is averaged.</summary>
    /// <exception cref="ArgumentException">It is not square, not finite, or not symmetric by more than <paramref name="tolerance"/> of its
    /// largest element.</exception>
    public SymmetricMatrix(double[,] elements, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(elements);
        Size = elements.GetLength(0);
        if (elements.GetLength(1) != Size || Size == 0)
            throw new ArgumentException(
                $"[symmetric_matrix] {Size} × {elements.GetLength(1)} elements: a symmetric matrix is square and has at least one row.",
                nameof(elements));
        double largest = 0;
        foreach (double v in elements)
        {
            if (!double.IsFinite(v))
                throw new ArgumentException(
                    "[symmetric_matrix] an element is NaN or infinite. Did the training diverge before this point? Anomaly.Detect() "
                        + "names the operator.", nameof(elements));
            largest = Math.Max(largest, Math.Abs(v));
        }
        this.elements = new double[checked(Size * Size)];
        for (int i = 0; i < Size; i++)
            for (int j = 0; j <= i; j++)
            {
                double a = elements[i, j], b = elements[j, i];
                if (Math.Abs(a - b) > tolerance * largest)
                    throw new ArgumentException(
                        FormattableString.Invariant($"[symmetric_matrix] element ({i}, {j}) is {a} and ({j}, {i}) is {b}: not symmetric. ")
                        + "Was it filled by rows of different derivatives, or only above the diagonal?", nameof(elements));
                this.elements[i * Size + j] = this.elements[j * Size + i] = (a + b) / 2;
            }
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public double Precision => Math.ScaleB(1, -53);

    /// <summary>An element.</summary>
    public double this[int row, int column] => elements[checked(row * Size + column)];

    /// <summary>The sum of the diagonal.</summary>
    public double Trace
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Size; i++) sum += elements[i * Size + i];
            return sum;
        }
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        if (x.Length != Size || y.Length != Size)
            throw new ArgumentException($"[symmetric_matrix] vectors of {x.Length} and {y.Length} numbers for a matrix of {Size} rows.");
        for (int i = 0; i < Size; i++) y[i] = TensorPrimitives.Dot(Row(i), x);
    }

    /// <summary>Finds all eigenvalues, and the eigenvectors if wanted, by <see cref="Linalg.Eigh"/>: n³ of work.</summary>
    public EigenDecomposition Eigen(bool vectors = true)
    {
        using var scope = Memory.Scope();
        var matrix = Tensor.From<double>(elements, new Shape(Size, Size));
        return vectors ? new(EigenDecomposition.Solve(matrix)) : new((Linalg.Eigvalsh(matrix).ToArray<double>(), null));
    }

    internal ReadOnlySpan<double> Row(int i) => elements.AsSpan(i * Size, Size);
}
