namespace DeepNet.Ilgpu;

/// <summary>Specifies the number of threads that compute a tile of a product, each four rows and four columns of it.</summary>
internal interface ITile
{
    static abstract int Rows { get; }
    static abstract int Columns { get; }
}

/// <summary>Tiles of 32 × 32 for 64 threads.</summary>
internal readonly struct SquareTile : ITile
{
    public const int Threads = 64;

    public static int Rows => 8;
    public static int Columns => 8;
}

/// <summary>Tiles of 4 × 8 for two threads: ILGPU's CPU accelerator.</summary>
internal readonly struct PairTile : ITile
{
    public static int Rows => 1;
    public static int Columns => 2;
}

/// <summary>
/// c = a·b or c += a·b, a batch of them, a and b of any layout, on devices of small groups. Tiles of a and b go through shared memory; each
/// thread keeps 16 sums in registers, written out one by one because ILGPU neither unrolls loops nor keeps arrays there. Threads of a row
/// of the tile take neighbouring columns, so that no two read one bank of shared memory and results are written side by side.
/// </summary>
/// <remarks>
/// Operands of a half type are widened on their way to shared memory, and results rounded on their way out: sums are
/// <typeparamref name="TWide"/>'s.
/// </remarks>
/// <typeparam name="TTile">The size of a tile.</typeparam>
/// <typeparam name="V">The number that is computed with.</typeparam>
/// <typeparam name="T">The element of the operands.</typeparam>
/// <typeparam name="TWide">The element in shared memory.</typeparam>
/// <typeparam name="TResult">The element of the result.</typeparam>
internal struct MatMulJob<TTile, V, T, TWide, TResult> : IGroupJob
    where TTile : unmanaged, ITile where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult>
    where T : unmanaged where TWide : unmanaged where TResult : unmanaged
{
    // one element more than a row of a tile: columns lie in different banks too
    private const int Depth = 16, Line = 33, MostShared = Depth * Line;

    public ArrayView<T> A, B;
    public ArrayView<TResult> C;
    public long StepA, StepB, StepC;
    public long ARow, ACol, BRow, BCol, CRow;
    public int M, N, K, Accumulate;
    public Divisor TilesM, TilesN;

    public static string Name => "matmul";

    public void Run(long group)
    {
        var tileA = SharedMemory.Allocate<TWide>(MostShared);
        var tileB = SharedMemory.Allocate<TWide>(MostShared);
        long tile = TilesN.Of(group), batch = TilesM.Of(tile);
        int firstColumn = (int)(group - tile * TilesN) * 4 * TTile.Columns, firstRow = (int)(tile - batch * TilesM) * 4 * TTile.Rows;
        int thread = Group.IdxX, ty = thread / TTile.Columns, tx = thread - ty * TTile.Columns;
        long atA = batch * StepA, atB = batch * StepB;
        V zero = V.Constant(0);
        V c00 = zero, c01 = zero, c02 = zero, c03 = zero, c10 = zero, c11 = zero, c12 = zero, c13 = zero, c20 = zero, c21 = zero,
            c22 = zero, c23 = zero, c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        for (int k = 0; k < K; k += Depth)
        {
            Group.Barrier();
            LoadA(tileA, atA, firstRow, k, thread);
            LoadB(tileB, atB, firstColumn, k, thread);
            Group.Barrier();
            int end = K - k < Depth ? K - k : Depth;
            for (int i = 0; i < end; i++)
            {
                int inA = i * Line + ty, inB = i * Line + tx;
                V a0 = Element<V, TWide>.From(tileA[inA]), a1 = Element<V, TWide>.From(tileA[inA + TTile.Rows]),
                    a2 = Element<V, TWide>.From(tileA[inA + 2 * TTile.Rows]), a3 = Element<V, TWide>.From(tileA[inA + 3 * TTile.Rows]);
                V b0 = Element<V, TWide>.From(tileB[inB]), b1 = Element<V, TWide>.From(tileB[inB + TTile.Columns]),
                    b2 = Element<V, TWide>.From(tileB[inB + 2 * TTile.Columns]),
                    b3 = Element<V, TWide>.From(tileB[inB + 3 * TTile.Columns]);
                c00 = V.Fma(a0, b0, c00); c01 = V.Fma(a0, b1, c01); c02 = V.Fma(a0, b2, c02); c03 = V.Fma(a0, b3, c03);
                c10 = V.Fma(a1, b0, c10); c11 = V.Fma(a1, b1, c11); c12 = V.Fma(a1, b2, c12); c13 = V.Fma(a1, b3, c13);
                c20 = V.Fma(a2, b0, c20); c21 = V.Fma(a2, b1, c21); c22 = V.Fma(a2, b2, c22); c23 = V.Fma(a2, b3, c23);
                c30 = V.Fma(a3, b0, c30); c31 = V.Fma(a3, b1, c31); c32 = V.Fma(a3, b2, c32); c33 = V.Fma(a3, b3, c33);
            }
        }
        int row = firstRow + ty, column = firstColumn + tx;
        long at = batch * StepC;
        Put(at, row + 0 * TTile.Rows, column + 0 * TTile.Columns, c00); Put(at, row + 0 * TTile.Rows, column + 1 * TTile.Columns, c01); Put(
            at, row + 0 * TTile.Rows, column + 2 * TTile.Columns, c02); Put(at, row + 0 * TTile.Rows, column + 3 * TTile.Columns, c03);
        Put(at, row + 1 * TTile.Rows, column + 0 * TTile.Columns, c10); Put(at, row + 1 * TTile.Rows, column + 1 * TTile.Columns, c11); Put(
            at, row + 1 * TTile.Rows, column + 2 * TTile.Columns, c12); Put(at, row + 1 * TTile.Rows, column + 3 * TTile.Columns, c13);
        Put(at, row + 2 * TTile.Rows, column + 0 * TTile.Columns, c20); Put(at, row + 2 * TTile.Rows, column + 1 * TTile.Columns, c21); Put(
            at, row + 2 * TTile.Rows, column + 2 * TTile.Columns, c22); Put(at, row + 2 * TTile.Rows, column + 3 * TTile.Columns, c23);
        Put(at, row + 3 * TTile.Rows, column + 0 * TTile.Columns, c30); Put(at, row + 3 * TTile.Rows, column + 1 * TTile.Columns, c31); Put(
            at, row + 3 * TTile.Rows, column + 2 * TTile.Columns, c32); Put(at, row + 3 * TTile.Rows, column + 3 * TTile.Columns, c33);
        Group.Barrier();                                 // before the group's next tile
    }

    // Neighbouring threads read neighbours in memory, whichever way a lies.
    [MethodImpl(AggressiveInlining)]
    private readonly void LoadA(ArrayView<TWide> tile, long at, int firstRow, int k, int thread)
    {
        int height = 4 * TTile.Rows, threads = TTile.Rows * TTile.Columns;
        for (int e = thread; e < height * Depth; e += threads)
        {
            int row = ACol == 1 ? e / Depth : e % height, i = ACol == 1 ? e % Depth : e / height;
            bool isInside = firstRow + row < M && k + i < K;
            tile[i * Line + row] = isInside ? Element<V, TWide>.To(Element<V, T>.From(A[at + (firstRow + row) * ARow + (k + i) * ACol]))
                : Element<V, TWide>.To(V.Constant(0));
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void LoadB(ArrayView<TWide> tile, long at, int firstColumn, int k, int thread)
    {
        int width = 4 * TTile.Columns, threads = TTile.Rows * TTile.Columns;
        for (int e = thread; e < width * Depth; e += threads)
        {
            int column = BCol == 1 ? e % width : e / Depth, i = BCol == 1 ? e / width : e % Depth;
            bool isInside = firstColumn + column < N && k + i < K;
            tile[i * Line + column] = isInside
                ? Element<V, TWide>.To(Element<V, T>.From(B[at + (k + i) * BRow + (firstColumn + column) * BCol]))
                : Element<V, TWide>.To(V.Constant(0));
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(long at, int row, int column, V value)
    {
        if (row >= M || column >= N) return;
        long place = at + row * CRow + column;
        C[place] = Element<V, TResult>.To(Accumulate != 0 ? Element<V, TResult>.From(C[place]) + value : value);
    }
}
