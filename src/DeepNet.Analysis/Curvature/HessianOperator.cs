namespace DeepNet.Analysis;

/// <summary>
/// The Hessian of a loss at the position its parameters had when this was made. A product costs one backward pass through the recorded
/// gradient; the matrix itself is never formed unless asked for. Holds the record until it is dropped.
/// </summary>
/// <remarks>
/// Products are computed in the parameters' element type: float32 leaves an error of about 1e-6 of the largest eigenvalue, below which
/// eigenvalues cannot be told from 0.
/// </remarks>
public sealed class HessianOperator : ISymmetricOperator
{
    private const int AtOnce = 256;

    private readonly IReadOnlyList<Tensor> parameters;
    private readonly DeepNet.Curvature curvature;

    internal HessianOperator(Func<Tensor> loss, IReadOnlyList<Tensor> parameters)
    {
        this.parameters = parameters;
        curvature = new DeepNet.Curvature(loss, parameters);
        Size = checked((int)curvature.Size);
        Precision = 16 * (parameters.All(p => p.DType == DType.Float64) ? Math.ScaleB(1, -53) : Math.ScaleB(1, -24));
        Loss = curvature.Loss.Item<double>();
        using var scope = Memory.Scope();
        Gradient = Flat.Join(curvature.Gradient(), parameters);
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public double Precision { get; }

    /// <summary>The loss.</summary>
    public double Loss { get; }

    /// <summary>The gradient.</summary>
    public IReadOnlyList<double> Gradient { get; }

    /// <summary>Gets the number of products taken so far.</summary>
    public int Products { get; private set; }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        if (x.Length != Size || y.Length != Size)
            throw new ArgumentException($"[hessian] vectors of {x.Length} and {y.Length} numbers for a Hessian of {Size} parameters.");
        using var scope = Memory.Scope();
        Products++;
        // A length near 1, whatever the vector's length: float32 has no room for those of 1e-30.
        double norm = Vectors.Norm(x);
        if (norm == 0 || !double.IsFinite(norm))
        {
            if (norm != 0) throw new ArgumentException("[hessian] the vector to multiply has a NaN or infinite element.");
            y.Clear();
            return;
        }
        var unit = x.ToArray();
        double scale = Math.ScaleB(1, -Math.ILogB(norm));      // a power of two: no rounding
        Vectors.Scale(unit, scale);
        Flat.Join(curvature.Multiply(Flat.Split(unit, parameters)), parameters, y);
        Vectors.Scale(y, 1 / scale);
    }

    /// <summary>The product with a vector.</summary>
    public double[] Multiply(ReadOnlySpan<double> x)
    {
        var y = new double[Size];
        Multiply(x, y);
        return y;
    }

    /// <summary>The whole matrix: one backward pass for each parameter's element and n² of memory, so for up to a few thousand.</summary>
    /// <exception cref="InvalidOperationException">There are more than 20,000 rows: 3 GB.</exception>
    public SymmetricMatrix ToMatrix(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Size > HessianSpectrum.LargestFull)
            throw new InvalidOperationException(
                $"[hessian] a full Hessian of {Size} parameters would take {(double)Size * Size * 8 / (1L << 30):0} GiB. Use "
                    + "HessianSpectrum.Extreme, Trace or Density, which only multiply with it.");
        // A small one at once: there the way from tensors to doubles and back would cost more than the products.
        if (Size <= AtOnce)
        {
            using var scope = Memory.Scope();
            return new SymmetricMatrix(curvature.ToMatrix().ToMatrix<double>());
        }
        var matrix = new double[Size, Size];
        var unit = new double[Size];
        var column = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            unit[i] = 1;
            Multiply(unit, column);
            unit[i] = 0;
            for (int j = 0; j < Size; j++) matrix[i, j] = column[j];
        }
        return new SymmetricMatrix(matrix);
    }
}
