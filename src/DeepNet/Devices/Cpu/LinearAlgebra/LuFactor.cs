namespace DeepNet.Devices.Cpu;

/// <summary>
/// The factors of P·A = L·U with partial pivoting: a panel of columns is eliminated row by row, and a triangular solve and a matrix product
/// bring the rest up to date.
/// </summary>
internal static unsafe class LuFactor<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 32;

    /// <summary>Gets the elements of workspace for a matrix of so many rows.</summary>
    public static nint Workspace(int rows) => (nint)Block * rows;

    /// <summary>
    /// Overwrites a dense matrix with U and, below its diagonal, L, whose diagonal is ones. Row i was exchanged with row pivots[i] in turn.
    /// Returns 0, or n if the n-th pivot is the first that is zero.
    /// </summary>
    public static int Run(T* a, int rows, int columns, int* pivots, T* workspace)
    {
        int steps = Math.Min(rows, columns), failed = 0;
        for (int start = 0; start < steps; start += Block)
        {
            int size = Math.Min(Block, steps - start), end = start + size;
            for (int j = start; j < end; j++)
            {
                T* row = a + (nint)j * columns;
                int pivot = j + Largest(row + j, columns, rows - j);
                pivots[j] = pivot;
                if (pivot != j) RowMath<V, T>.Swap(row, a + (nint)pivot * columns, columns);
                if (row[j] != T.Zero) Eliminate(row + j, columns, rows - j - 1, end - j - 1);
                else if (failed == 0) failed = j + 1;
            }
            int right = columns - end, below = rows - end;
            if (right == 0) continue;
            T* top = a + (nint)start * columns;
            TriangularSolve<V, T>.Run(
                top + start, columns, 1, isUpper: false, isUnit: true, size, top + end, columns, right, workspace);
            if (below == 0) continue;
            T* rest = a + (nint)end * columns;
            for (int i = 0; i < below; i++)
                RowMath<V, T>.Scale(workspace + (nint)i * size, -T.One, rest + (nint)i * columns + start, size);
            Gemm.Run(workspace, size, 1, top + end, columns, 1, rest + end, columns, below, right, size, accumulate: true);
        }
        return failed;
    }

    /// <summary>The place of the number of the largest magnitude in a column; the first NaN, so that it is not lost.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static int Largest(T* column, nint step, int n)
    {
        int place = 0;
        T largest = T.Abs(column[0]);
        for (int i = 1; i < n && !T.IsNaN(largest); i++)
        {
            T size = T.Abs(column[i * step]);
            if (size <= largest) continue;
            largest = size;
            place = i;
        }
        return place;
    }

    /// <summary>Subtracts from each row below the pivot what clears its first number, and keeps the factor in its place.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Eliminate(T* pivot, nint step, int rows, int width)
    {
        T inverse = T.One / pivot[0];
        bool isSafe = T.IsFinite(inverse);
        for (int i = 1; i <= rows; i++)
        {
            T* row = pivot + i * step;
            T factor = isSafe ? row[0] * inverse : row[0] / pivot[0];
            row[0] = factor;
            V f = V.Broadcast(-factor);
            int j = 1;
            for (; j <= width + 1 - V.Lanes; j += V.Lanes) V.Fma(f, V.Load(pivot + j), V.Load(row + j)).Store(row + j);
            int last = width + 1 - j;
            if (last > 0) V.Fma(f, V.LoadPart(pivot + j, last), V.LoadPart(row + j, last)).StorePart(row + j, last);
        }
    }
}

/// <summary>Factors each matrix of a batch in place.</summary>
internal unsafe struct LuBody : IMatrixBody
{
    public void* A;
    public int* Pivots, Failed;
    public int Rows, Columns;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* workspace = (T*)Scratch.GetOuter(LuFactor<V, T>.Workspace(Rows) * sizeof(T));
        Failed[index] = LuFactor<V, T>.Run(
            (T*)A + index * Rows * Columns, Rows, Columns, Pivots + index * Math.Min(Rows, Columns), workspace);
    }
}

/// <summary>Solves with factored square matrices for each right-hand side of a batch, in place.</summary>
internal unsafe struct LuSolveBody : IMatrixBody
{
    public void* Lu, X;
    public int* Pivots;

    /// <inheritdoc cref="TriangularSolveBody.Places"/>
    public nint* Places;

    public int N, K;
    public bool IsTransposed;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* workspace = (T*)Scratch.GetOuter(TriangularSolve<V, T>.Workspace(N) * sizeof(T));
        nint place = Places == null ? index : Places[index];
        T* lu = (T*)Lu + place * N * N, x = (T*)X + index * N * K;
        int* pivots = Pivots + place * N;
        nint row = IsTransposed ? 1 : N, column = IsTransposed ? N : 1;
        // A = Pᵀ·L·U, and so Aᵀ = Uᵀ·Lᵀ·P.
        for (int i = 0; i < N && !IsTransposed; i++) Exchange<V, T>(x, i, pivots[i]);
        TriangularSolve<V, T>.Run(lu, row, column, isUpper: false, isUnit: !IsTransposed, N, x, K, K, workspace);
        TriangularSolve<V, T>.Run(lu, row, column, isUpper: true, isUnit: IsTransposed, N, x, K, K, workspace);
        for (int i = N - 1; i >= 0 && IsTransposed; i--) Exchange<V, T>(x, i, pivots[i]);
    }

    private readonly void Exchange<V, T>(T* x, int i, int j)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (i != j) RowMath<V, T>.Swap(x + (nint)i * K, x + (nint)j * K, K);
    }
}
