namespace DeepNet.Devices.Cpu;

/// <summary>
/// Cholesky's factor L of A = L·Lᵀ, by blocks of columns: a matrix product subtracts what the columns before explain, the block on the
/// diagonal is factored by itself, and a product with its inverse makes the rows below.
/// </summary>
internal static unsafe class CholeskyFactor<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 48;

    /// <summary>Gets the elements of workspace for a matrix of n rows.</summary>
    public static nint Workspace(int n) => 2 * Block * Block + (n <= Block ? 0 : (nint)Block * n) + TriangularSolve<V, T>.Workspace(Block);

    /// <summary>
    /// Overwrites a dense matrix, of which the lower triangle is read, with L. Returns 0, or n for the leading minor of n rows that is not
    /// positive.
    /// </summary>
    public static int Run(T* a, int n, T* workspace)
    {
        T* upper = workspace, inverse = upper + Block * Block, copy = inverse + Block * Block, rest = copy + (n <= Block ? 0 : Block * n);
        for (int start = 0; start < n; start += Block)
        {
            int size = Math.Min(Block, n - start), below = n - start - size;
            T* rows = a + (nint)start * n;
            if (start > 0)
            {
                for (int i = 0; i < size; i++) RowMath<V, T>.Scale(copy + (nint)i * start, -T.One, rows + (nint)i * n, start);
                Gemm.Run(rows, n, 1, copy, 1, start, rows + start, n, n - start, size, start, accumulate: true);
            }
            RowMath<V, T>.Transpose(rows + start, n, upper, size, size, size);
            int failed = Upper(upper, size);
            if (failed != 0) return start + failed;
            for (int i = 0; i < size; i++)
            {
                new Span<T>(rows + (nint)i * n + start + i + 1, n - start - i - 1).Clear();
                for (int j = 0; j <= i; j++) rows[(nint)i * n + start + j] = upper[j * size + i];
            }
            if (below == 0) continue;
            RowMath<V, T>.Identity(inverse, size, size);
            TriangularSolve<V, T>.Run(upper, size, 1, isUpper: true, isUnit: false, size, inverse, size, size, rest);
            T* target = rows + (nint)size * n + start;
            for (int i = 0; i < below; i++) new Span<T>(target + (nint)i * n, size).CopyTo(new Span<T>(copy + (nint)i * size, size));
            Gemm.Run(copy, size, 1, inverse, size, 1, target, n, below, size, size, accumulate: false);
        }
        return 0;
    }

    /// <summary>
    /// U of A = Uᵀ·U in place of a small dense matrix, of which the upper triangle is read: all its loops run along rows.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static int Upper(T* a, int n)
    {
        for (int k = 0; k < n; k++)
        {
            T* pivot = a + k * n;
            if (!(pivot[k] > T.Zero) || !T.IsFinite(pivot[k])) return k + 1;
            RowMath<V, T>.Scale(pivot + k, T.One / T.Sqrt(pivot[k]), pivot + k, n - k);
            for (int i = k + 1; i < n; i++) RowMath<V, T>.AddScaled(a + i * n + i, -pivot[i], pivot + i, n - i);
        }
        return 0;
    }
}

/// <summary>Factors each matrix of a batch in place.</summary>
internal unsafe struct CholeskyBody : IMatrixBody
{
    public void* A;
    public int* Failed;
    public int N;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* workspace = (T*)Scratch.GetOuter(CholeskyFactor<V, T>.Workspace(N) * sizeof(T));
        Failed[index] = CholeskyFactor<V, T>.Run((T*)A + index * N * N, N, workspace);
    }
}
