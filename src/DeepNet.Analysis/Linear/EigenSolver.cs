using System.Numerics.Tensors;

namespace DeepNet.Analysis;

/// <summary>
/// The eigenvalues of a dense symmetric matrix: Householder reflections make it tridiagonal, QL rotations with implicit shifts make that
/// diagonal.
/// </summary>
/// <remarks>
/// Only the lower triangle is read, row by row. A step of the reduction changes the whole triangle by two rank-one terms and then
/// multiplies it by the next reflection's vector; both happen while a row is in cache, so that a large matrix is read and written once for
/// each step.
/// </remarks>
internal static class EigenSolver
{
    public static EigenDecomposition Solve(
        double[] a, int n, bool vectors, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        var (diagonal, off, reflections) = Tridiagonalise(a, n, progress, cancellation);
        double[][]? rows = vectors ? Accumulate(a, reflections, n, cancellation) : null;
        Tridiagonal.Diagonalise(diagonal, off, rows, cancellation);
        return Sorted(diagonal, rows);
    }

    internal static EigenDecomposition Sorted(double[] values, double[][]? rows)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort(order, (i, j) => values[i].CompareTo(values[j]));
        var sorted = Array.ConvertAll(order, i => values[i]);
        if (rows is null) return new(sorted, null);
        var vectors = Array.ConvertAll(order, i => rows[i]);
        foreach (double[] v in vectors) Vectors.Orient(v);
        return new(sorted, vectors);
    }

    /// <summary>
    /// Overwrites the lower triangle: row k keeps, left of its subdiagonal, the vector of the reflection I − β u uᵀ that cleared it, whose
    /// β is returned. Rows are cleared from the last upwards.
    /// </summary>
    private static (double[] Diagonal, double[] Off, double[] Betas) Tridiagonalise(
        double[] a, int n, IProgress<AnalysisProgress>? progress, CancellationToken cancellation)
    {
        double[] diagonal = new double[n], off = new double[n], betas = new double[n];
        double[] p = new double[n], previous = new double[n], q = new double[n];
        Span<double> Row(int i, int length) => a.AsSpan(i * n, length);

        // The change of the step before, A ← A − u qᵀ − q uᵀ, is put off until a row is next read.
        bool pending = false;
        for (int k = n - 1; k >= 1; k--)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new("tridiagonal form", n - 1 - k, n - 1));
            var u = Row(k, k);
            if (pending) Change(Row(k, k + 1), previous, q, k);
            diagonal[k] = a[k * n + k];
            double beta = Reflection(u, out double subdiagonal);
            (off[k], betas[k]) = (subdiagonal, beta);
            if (beta == 0 && !pending) continue;

            p.AsSpan(0, k).Clear();
            for (int j = 0; j < k; j++)
            {
                var row = Row(j, j + 1);
                if (pending) Change(row, previous, q, j);
                if (beta == 0) continue;
                // Row j stands for column j as well: the part left of the diagonal counts twice.
                p[j] += TensorPrimitives.Dot<double>(row, u[..(j + 1)]);
                if (j > 0) TensorPrimitives.MultiplyAdd(row[..j], u[j], p.AsSpan(0, j), p.AsSpan(0, j));
            }
            pending = beta != 0;
            if (!pending) continue;
            var product = p.AsSpan(0, k);
            TensorPrimitives.Multiply(product, beta, product);
            double half = beta / 2 * TensorPrimitives.Dot<double>(product, u);
            TensorPrimitives.MultiplyAdd(u, -half, product, q.AsSpan(0, k));
            u.CopyTo(previous);
        }
        if (pending) Change(Row(0, 1), previous, q, 0);
        diagonal[0] = a[0];
        return (diagonal, off, betas);
    }

    private static void Change(Span<double> row, double[] u, double[] q, int j)
    {
        TensorPrimitives.MultiplyAdd(u.AsSpan(0, row.Length), -q[j], row, row);
        TensorPrimitives.MultiplyAdd(q.AsSpan(0, row.Length), -u[j], row, row);
    }

    /// <summary>Makes of a row the vector u of the reflection that leaves only its last element, and returns β and that element.</summary>
    private static double Reflection(Span<double> row, out double remains)
    {
        double last = row[^1];
        remains = last;
        double largest = TensorPrimitives.MaxMagnitude<double>(row[..^1].Length == 0 ? [0] : row[..^1]);
        if (largest == 0) return 0;
        double scale = Math.Max(Math.Abs(largest), Math.Abs(last));      // squares must neither overflow nor vanish
        TensorPrimitives.Divide(row, scale, row);
        double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(row));
        double target = row[^1] > 0 ? -norm : norm;
        double u = row[^1] - target;
        row[^1] = u;
        remains = target * scale;
        return 2 / TensorPrimitives.SumOfSquares<double>(row);
    }

    /// <summary>The product of all reflections, its columns as rows.</summary>
    private static double[][] Accumulate(double[] a, double[] betas, int n, CancellationToken cancellation)
    {
        // A = Q T Qᵀ with Q = H(n−1) … H(1); the row i of the result is column i of Q, to which rotations are applied next.
        var rows = new double[n][];
        for (int i = 0; i < n; i++) (rows[i] = new double[n])[i] = 1;
        for (int k = 1; k < n; k++)
        {
            if (betas[k] == 0) continue;
            cancellation.ThrowIfCancellationRequested();
            var u = a.AsSpan(k * n, k);
            for (int i = 0; i < k; i++)
            {
                var head = rows[i].AsSpan(0, k);
                TensorPrimitives.MultiplyAdd(u, -betas[k] * TensorPrimitives.Dot<double>(u, head), head, head);
            }
        }
        return rows;
    }
}
