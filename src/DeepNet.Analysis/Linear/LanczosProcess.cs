namespace DeepNet.Analysis;

/// <summary>
/// The growing basis of a Krylov space and the tridiagonal matrix that stands for the operator in it. Every new vector is made orthogonal
/// to all before, twice: without that, rounding brings converged eigenvalues back as ghosts.
/// </summary>
internal sealed class LanczosProcess(ISymmetricOperator matrix, Generator generator, int limit, double[]? start = null)
{
    private readonly List<double[]> basis = [start ?? Vectors.Direction(matrix.Size, generator)];
    private readonly double[] diagonal = new double[limit], off = new double[limit + 1];

    public int Size => matrix.Size;

    public double Precision => matrix.Precision;

    public int Steps { get; private set; }

    public void Step()
    {
        int k = Steps;
        var next = new double[Size];
        matrix.Multiply(basis[k], next);
        diagonal[k] = Vectors.Dot(basis[k], next);
        if (!double.IsFinite(diagonal[k]))
            throw new ArithmeticException(
                "[lanczos] a product with the matrix is NaN or infinite. Is the loss finite at this point? Anomaly.Detect() names the "
                    + "operator that is not.");
        double before = Vectors.Norm(next);
        Orthogonalise(next);
        Orthogonalise(next);
        double norm = Vectors.Norm(next);
        Steps++;
        if (Steps == limit)
        {
            off[Steps] = Steps == Size ? 0 : norm;
            return;
        }
        // What rounding alone leaves is no direction: the space is closed, and another start finds what is not in it.
        if (norm <= Math.Max(Precision, 1e-14) * Math.Max(before, Math.Abs(diagonal[k])) || norm == 0)
        {
            next = Vectors.Direction(Size, generator);
            Orthogonalise(next);
            Orthogonalise(next);
            norm = 0;
        }
        off[Steps] = norm;
        Vectors.Scale(next, 1 / Vectors.Norm(next));
        basis.Add(next);
    }

    /// <summary>The eigenvalues of the tridiagonal matrix so far.</summary>
    public Ritz Solve()
    {
        var tridiagonal = new double[Steps, Steps];
        for (int i = 0; i < Steps; i++)
        {
            tridiagonal[i, i] = diagonal[i];
            if (i > 0) tridiagonal[i, i - 1] = tridiagonal[i - 1, i] = off[i];
        }
        var (values, rows) = EigenDecomposition.Solve(Tensor.From(tridiagonal));
        return new Ritz(values, rows, off[Steps]);
    }

    /// <summary>The vector in full space that a vector in the basis stands for.</summary>
    public double[] Vector(double[] inBasis)
    {
        var v = new double[Size];
        for (int i = 0; i < inBasis.Length; i++) Vectors.Add(v, inBasis[i], basis[i]);
        Vectors.Scale(v, 1 / Vectors.Norm(v));
        Vectors.Orient(v);
        return v;
    }

    private void Orthogonalise(double[] vector)
    {
        foreach (double[] b in basis) Vectors.Add(vector, -Vectors.Dot(b, vector), b);
    }
}

/// <summary>
/// Approximate eigenvalues in ascending order, their vectors in the basis, and the coupling to what is not in the basis yet.
/// </summary>
internal sealed record Ritz(double[] Values, double[][] Rows, double Coupling)
{
    public double Residual(int i) => Math.Abs(Coupling * Rows[i][^1]);

    public bool HasConverged(int largest, int smallest, double tolerance, double precision)
    {
        if (Values.Length < largest + smallest) return false;
        double bound = Math.Max(tolerance, precision) * Math.Max(Math.Abs(Values[0]), Math.Abs(Values[^1]));
        for (int i = 0; i < smallest; i++)
            if (Residual(i) > bound) return false;
        for (int i = 0; i < largest; i++)
            if (Residual(Values.Length - 1 - i) > bound) return false;
        return true;
    }
}
