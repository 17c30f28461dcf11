using DeepNet.Devices.Cpu;

namespace DeepNet;

// Factorisations of batches of dense matrices (the last two axes), all of one shape and of float32 or float64. Other devices have none of
// their own: operators bring their matrices here.
public sealed unsafe partial class CpuDevice
{
    /// <summary>The first matrix of a batch that has no result, and what its algorithm says of it.</summary>
    internal readonly record struct Failure(nint Matrix, int Code);

    /// <summary>Overwrites positive definite matrices, of which the lower triangle is read, with their factors L.</summary>
    /// <returns>Null, or a matrix that is not positive definite, with the size of its leading minor that is not positive.</returns>
    internal static Failure? Cholesky(Tensor a)
    {
        int n = a.Shape[^1];
        var failed = new int[n == 0 ? 0 : a.Count / n / n];
        fixed (int* codes = failed)
        {
            var body = new CholeskyBody { A = a.RawPointer, Failed = codes, N = n };
            EachMatrix.Run(a.DType, failed.Length, (double)n * n * n / 3, body, a);
        }
        return First(failed);
    }

    /// <summary>Overwrites matrices with U and, below the diagonal, L.</summary>
    /// <returns>The rows that were exchanged, and null or a square matrix with a pivot that is zero, counted from 1.</returns>
    internal static (int[] Pivots, Failure? Singular) Lu(Tensor a)
    {
        int rows = a.Shape[^2], columns = a.Shape[^1], steps = Math.Min(rows, columns);
        var failed = new int[steps == 0 ? 0 : a.Count / rows / columns];
        var pivots = new int[failed.Length * steps];
        fixed (int* codes = failed, swaps = pivots)
        {
            var body = new LuBody { A = a.RawPointer, Pivots = swaps, Failed = codes, Rows = rows, Columns = columns };
            EachMatrix.Run(a.DType, failed.Length, (double)rows * columns * steps / 2, body, a);
        }
        return (pivots, First(failed));
    }

    /// <summary>
    /// Overwrites right-hand sides with the solutions, from what <see cref="Lu"/> made of the matrices or their transposes.
    /// </summary>
    /// <param name="lu">The factored matrices.</param>
    /// <param name="pivots">The rows that were exchanged.</param>
    /// <param name="isTransposed">Whether the systems are those of the transposes.</param>
    /// <param name="x">The right-hand sides.</param>
    /// <param name="places">The place of the matrix of each right-hand side, or null if both are in the same order.</param>
    internal static void LuSolve(Tensor lu, int[] pivots, bool isTransposed, Tensor x, nint[]? places)
    {
        int n = x.Shape[^2], k = x.Shape[^1];
        if (x.Count == 0) return;
        fixed (int* swaps = pivots)
        fixed (nint* at = places)
        {
            var body = new LuSolveBody
            {
                Lu = lu.RawPointer, X = x.RawPointer, Pivots = swaps, Places = at, N = n, K = k, IsTransposed = isTransposed,
            };
            EachMatrix.Run(x.DType, x.Count / n / k, (double)n * n * k, body, lu, x);
        }
    }

    /// <summary>Overwrites right-hand sides with the solutions of triangular systems.</summary>
    /// <param name="triangle">The matrices, of which one triangle is read.</param>
    /// <param name="isUpper">Which one.</param>
    /// <param name="isTransposed">Whether the systems are those of the transposes.</param>
    /// <param name="isUnit">Whether the diagonal counts as ones.</param>
    /// <param name="x">The right-hand sides.</param>
    /// <param name="places">The place of the matrix of each right-hand side, or null if both are in the same order.</param>
    internal static void SolveTriangular(Tensor triangle, bool isUpper, bool isTransposed, bool isUnit, Tensor x, nint[]? places)
    {
        int n = x.Shape[^2], k = x.Shape[^1];
        if (x.Count == 0) return;
        fixed (nint* at = places)
        {
            var body = new TriangularSolveBody
            {
                Triangle = triangle.RawPointer, X = x.RawPointer, Places = at, N = n, K = k, IsUpper = isUpper,
                IsTransposed = isTransposed, IsUnit = isUnit,
            };
            EachMatrix.Run(x.DType, x.Count / n / k, (double)n * n * k / 2, body, triangle, x);
        }
    }

    /// <summary>Writes Q and R of each matrix one after the other; no matrix has more columns than rows.</summary>
    internal static void Qr(Tensor a, Tensor packed)
    {
        int rows = a.Shape[^2], columns = a.Shape[^1];
        if (a.Count == 0) return;
        var body = new QrBody { A = a.RawPointer, Packed = packed.RawPointer, Rows = rows, Columns = columns };
        EachMatrix.Run(a.DType, a.Count / rows / columns, 2.0 * rows * columns * columns, body, a, packed);
    }

    /// <summary>
    /// Writes the eigenvalues, rising, and the eigenvectors of each symmetric matrix, of which the lower triangle is read, one after the
    /// other; or the values alone.
    /// </summary>
    /// <returns>Null, or the matrix that has no result, with a <see cref="LinearFailure"/>.</returns>
    internal static Failure? Eigh(Tensor a, Tensor packed, bool hasVectors)
    {
        int n = a.Shape[^1];
        var failed = new int[n == 0 ? 0 : a.Count / n / n];
        fixed (int* codes = failed)
        {
            var body = new EigenBody { A = a.RawPointer, Packed = packed.RawPointer, Failed = codes, N = n, HasVectors = hasVectors };
            EachMatrix.Run(a.DType, failed.Length, 4.0 * n * n * n, body, a, packed);
        }
        return First(failed);
    }

    /// <summary>Writes U, the singular values, falling, and Vᵀ of each matrix one after the other; or the values alone.</summary>
    /// <inheritdoc cref="Eigh"/>
    internal static Failure? Svd(Tensor a, Tensor packed, bool hasVectors)
    {
        int rows = a.Shape[^2], columns = a.Shape[^1];
        var failed = new int[a.Count == 0 ? 0 : a.Count / rows / columns];
        fixed (int* codes = failed)
        {
            var body = new SvdBody
            {
                A = a.RawPointer, Packed = packed.RawPointer, Failed = codes, Rows = rows, Columns = columns, HasVectors = hasVectors,
            };
            EachMatrix.Run(a.DType, failed.Length, 8.0 * rows * columns * Math.Min(rows, columns), body, a, packed);
        }
        return First(failed);
    }

    private static Failure? First(int[] codes)
    {
        int matrix = codes.AsSpan().IndexOfAnyExcept(0);
        return matrix < 0 ? null : new Failure(matrix, codes[matrix]);
    }
}
