namespace DeepNet.Ilgpu;

/// <summary>How many threads share a tile of a product: each of them has four rows and four columns of it.</summary>
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
/// c = a·b or c += a·b, a batch of them, a and b of any layout, on devices of small groups. Tiles of a and b go through shared memory; each thread keeps 16 sums in
/// registers, written out one by one because ILGPU neither unrolls loops nor keeps arrays there. Threads of a row of the tile take neighbouring
/// columns, so that no two read one bank of shared memory and results are written side by side.
/// </summary>
internal struct MatMulJob<TTile, V, T> : IGroupJob where TTile : unmanaged, ITile where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    private const int Depth = 16, Line = 33, MostShared = Depth * Line;  // one element more than a row of a tile: columns lie in different banks too

    public ArrayView<T> A, B, C;
    public long StepA, StepB, StepC;
    public long ARow, ACol, BRow, BCol, CRow;
    public int M, N, K, TilesM, TilesN, Accumulate;

    public static string Name => "matmul";

    public void Run(long group)
    {
        var tileA = SharedMemory.Allocate<T>(MostShared);
        var tileB = SharedMemory.Allocate<T>(MostShared);
        long tile = Nest.Divide(group, TilesN), batch = Nest.Divide(tile, TilesM);
        int firstColumn = (int)(group - tile * TilesN) * 4 * TTile.Columns, firstRow = (int)(tile - batch * TilesM) * 4 * TTile.Rows;
        int thread = Group.IdxX, ty = thread / TTile.Columns, tx = thread - ty * TTile.Columns;
        long atA = batch * StepA, atB = batch * StepB;
        V zero = V.Constant(0);
        V c00 = zero, c01 = zero, c02 = zero, c03 = zero, c10 = zero, c11 = zero, c12 = zero, c13 = zero, c20 = zero, c21 = zero, c22 = zero, c23 = zero, c30 = zero, c31 = zero, c32 = zero, c33 = zero;
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
                V a0 = V.From(tileA[inA]), a1 = V.From(tileA[inA + TTile.Rows]), a2 = V.From(tileA[inA + 2 * TTile.Rows]), a3 = V.From(tileA[inA + 3 * TTile.Rows]);
                V b0 = V.From(tileB[inB]), b1 = V.From(tileB[inB + TTile.Columns]), b2 = V.From(tileB[inB + 2 * TTile.Columns]), b3 = V.From(tileB[inB + 3 * TTile.Columns]);
                c00 = V.Fma(a0, b0, c00); c01 = V.Fma(a0, b1, c01); c02 = V.Fma(a0, b2, c02); c03 = V.Fma(a0, b3, c03);
                c10 = V.Fma(a1, b0, c10); c11 = V.Fma(a1, b1, c11); c12 = V.Fma(a1, b2, c12); c13 = V.Fma(a1, b3, c13);
                c20 = V.Fma(a2, b0, c20); c21 = V.Fma(a2, b1, c21); c22 = V.Fma(a2, b2, c22); c23 = V.Fma(a2, b3, c23);
                c30 = V.Fma(a3, b0, c30); c31 = V.Fma(a3, b1, c31); c32 = V.Fma(a3, b2, c32); c33 = V.Fma(a3, b3, c33);
            }
        }
        int row = firstRow + ty, column = firstColumn + tx;
        long at = batch * StepC;
        Put(at, row + 0 * TTile.Rows, column + 0 * TTile.Columns, c00); Put(at, row + 0 * TTile.Rows, column + 1 * TTile.Columns, c01); Put(at, row + 0 * TTile.Rows, column + 2 * TTile.Columns, c02); Put(at, row + 0 * TTile.Rows, column + 3 * TTile.Columns, c03);
        Put(at, row + 1 * TTile.Rows, column + 0 * TTile.Columns, c10); Put(at, row + 1 * TTile.Rows, column + 1 * TTile.Columns, c11); Put(at, row + 1 * TTile.Rows, column + 2 * TTile.Columns, c12); Put(at, row + 1 * TTile.Rows, column + 3 * TTile.Columns, c13);
        Put(at, row + 2 * TTile.Rows, column + 0 * TTile.Columns, c20); Put(at, row + 2 * TTile.Rows, column + 1 * TTile.Columns, c21); Put(at, row + 2 * TTile.Rows, column + 2 * TTile.Columns, c22); Put(at, row + 2 * TTile.Rows, column + 3 * TTile.Columns, c23);
        Put(at, row + 3 * TTile.Rows, column + 0 * TTile.Columns, c30); Put(at, row + 3 * TTile.Rows, column + 1 * TTile.Columns, c31); Put(at, row + 3 * TTile.Rows, column + 2 * TTile.Columns, c32); Put(at, row + 3 * TTile.Rows, column + 3 * TTile.Columns, c33);
        Group.Barrier();                                 // before the group's next tile
    }

    // Neighbouring threads read neighbours in memory, whichever way a lies.
    [MethodImpl(AggressiveInlining)]
    private readonly void LoadA(ArrayView<T> tile, long at, int firstRow, int k, int thread)
    {
        int height = 4 * TTile.Rows, threads = TTile.Rows * TTile.Columns;
        for (int e = thread; e < height * Depth; e += threads)
        {
            int row = ACol == 1 ? e / Depth : e % height, i = ACol == 1 ? e % Depth : e / height;
            bool isInside = firstRow + row < M && k + i < K;
            tile[i * Line + row] = isInside ? A[at + (firstRow + row) * ARow + (k + i) * ACol] : V.To(V.Constant(0));
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void LoadB(ArrayView<T> tile, long at, int firstColumn, int k, int thread)
    {
        int width = 4 * TTile.Columns, threads = TTile.Rows * TTile.Columns;
        for (int e = thread; e < width * Depth; e += threads)
        {
            int column = BCol == 1 ? e % width : e / Depth, i = BCol == 1 ? e / width : e % Depth;
            bool isInside = firstColumn + column < N && k + i < K;
            tile[i * Line + column] = isInside ? B[at + (k + i) * BRow + (firstColumn + column) * BCol] : V.To(V.Constant(0));
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(long at, int row, int column, V value)
    {
        if (row >= M || column >= N) return;
        long place = at + row * CRow + column;
        C[place] = V.To(Accumulate != 0 ? V.From(C[place]) + value : value);
    }
}
