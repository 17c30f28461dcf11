namespace DeepNet.Devices.Cpu;

/// <summary>
/// Systems with a triangular matrix, by blocks of rows: what is known already leaves a block by a matrix product, and within the block one
/// row after the other is solved.
/// </summary>
internal static unsafe class TriangularSolve<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 32;

    /// <summary>Gets the elements of workspace for a matrix of n rows.</summary>
    public static nint Workspace(int n) => n <= Block ? 0 : (nint)Block * n;

    /// <summary>
    /// X = T⁻¹·X for n × n T of any strides, of which one triangle is read, and n × k X with contiguous rows; with
    /// <paramref name="isUnit"/> the diagonal of T counts as ones.
    /// </summary>
    public static void Run(
        T* t, nint row, nint column, bool isUpper, bool isUnit, int n, T* x, nint step, int k, T* workspace)
    {
        int blocks = (n + Block - 1) / Block;
        for (int block = 0; block < blocks; block++)
        {
            int start = (isUpper ? blocks - 1 - block : block) * Block, size = Math.Min(Block, n - start);
            int known = isUpper ? start + size : 0, count = isUpper ? n - known : start;
            if (count > 0)
            {
                T* part = t + start * row + known * column;
                for (int i = 0; i < size; i++)
                    for (int j = 0; j < count; j++) workspace[(nint)i * count + j] = -part[i * row + j * column];
                Gemm.Run(workspace, count, 1, x + known * step, step, 1, x + start * step, step, size, k, count, accumulate: true);
            }
            Within(t + start * (row + column), row, column, isUpper, isUnit, size, x + start * step, step, k);
        }
    }

    private static void Within(T* t, nint row, nint column, bool isUpper, bool isUnit, int n, T* x, nint step, int k)
    {
        if (k < V.Lanes / 2)
        {
            Few(t, row, column, isUpper, isUnit, n, x, step, k);
            return;
        }
        for (int place = 0; place < n; place++)
        {
            int i = isUpper ? n - 1 - place : place;
            T* to = x + i * step;
            if (isUpper)
                for (int j = i + 1; j < n; j++) RowMath<V, T>.AddScaled(to, -t[i * row + j * column], x + j * step, k);
            else
                for (int j = 0; j < i; j++) RowMath<V, T>.AddScaled(to, -t[i * row + j * column], x + j * step, k);
            if (!isUnit) RowMath<V, T>.Scale(to, T.One / t[i * (row + column)], to, k);
        }
    }

    /// <summary>The same column by column, where rows are too short for vectors.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Few(T* t, nint row, nint column, bool isUpper, bool isUnit, int n, T* x, nint step, int k)
    {
        for (int c = 0; c < k; c++)
        {
            for (int place = 0; place < n; place++)
            {
                int i = isUpper ? n - 1 - place : place, from = isUpper ? i + 1 : 0, to = isUpper ? n : i;
                T sum = x[i * step + c];
                for (int j = from; j < to; j++) sum -= t[i * row + j * column] * x[j * step + c];
                x[i * step + c] = isUnit ? sum : sum / t[i * (row + column)];
            }
        }
    }
}

/// <summary>Solves with one triangular matrix for each right-hand side of a batch, in place.</summary>
internal unsafe struct TriangularSolveBody : IMatrixBody
{
    public void* Triangle, X;

    /// <summary>The place of the matrix that belongs to a right-hand side, or null if both are in the same order.</summary>
    public nint* Places;

    public int N, K;
    public bool IsUpper, IsTransposed, IsUnit;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* workspace = (T*)Scratch.GetOuter(TriangularSolve<V, T>.Workspace(N) * sizeof(T));
        T* t = (T*)Triangle + (Places == null ? index : Places[index]) * N * N;
        TriangularSolve<V, T>.Run(
            t, IsTransposed ? 1 : N, IsTransposed ? N : 1, IsUpper != IsTransposed, IsUnit, N, (T*)X + index * N * K, K, K, workspace);
    }
}
