namespace DeepNet.Devices.Cpu;

/// <summary>
/// Copies elements of one size between layouts. Transpositions go through square tiles, so that both sides stay in cache.
/// </summary>
internal static unsafe class CopyLoop
{
    private const nint Grain = 1 << 16, Tile = 32;

    public static void Run<T>(Tensor from, Tensor to, T* source, T* target) where T : unmanaged
    {
        var nest = new LoopNest(to.Shape, from.Strides, to.Strides);
        if (nest.Rank == 1 && nest.InnerStride(0) == 1 && nest.InnerStride(1) == 1)
        {
            var dense = new DenseBody<T> { From = source, To = target };
            WorkerPool.For(to.Count, Grain, ref dense);
            return;
        }
        var body = new NestBody<T> { Nest = nest, From = source, To = target };
        // Rows are claimed in whole tiles.
        nint tile = nest.Rank > 1 ? Tile : 1;
        WorkerPool.For(nest.TotalRows, Math.Max(tile, Grain / nest.Inner / tile * tile), ref body);
    }

    private struct DenseBody<T> : IParallelBody where T : unmanaged
    {
        public T* From, To;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            long bytes = (long)(to - from) * sizeof(T);
            Buffer.MemoryCopy(From + from, To + from, bytes, bytes);
        }
    }

    private struct NestBody<T> : IParallelBody where T : unmanaged
    {
        public LoopNest Nest;
        public T* From, To;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to;)
            {
                nint count = Math.Min(to - row, Nest.Rows - row % Nest.Rows);
                Block(From + Nest.RowOffset(0, row), To + Nest.RowOffset(1, row), count);
                row += count;
            }
        }

        private readonly void Block(T* source, T* target, nint rows)
        {
            nint n = Nest.Inner, s = Nest.InnerStride(0), t = Nest.InnerStride(1), sRow = Nest.RowStride(0), tRow = Nest.RowStride(1);
            if (s == 1 && t == 1)
                for (nint i = 0; i < rows; i++) CopyRow.Run(source + i * sRow, target + i * tRow, n);
            else if (sRow == 1 && t == 1)
                Transpose(source, s, target, tRow, rows, n);
            else if (s == 1 && tRow == 1)
                Transpose(source, sRow, target, t, n, rows);
            else
                Elements(source, s, sRow, target, t, tRow, rows, n);
        }

        /// <summary>Both sides have an axis of neighbours, but not the same: to[i · tRow + j] = from[j · s + i].</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Transpose(T* source, nint s, T* target, nint tRow, nint rows, nint n)
        {
            nint side = TransposeTile.Side(sizeof(T)), wholeRows = 0, wholeColumns = 0;
            if (side > 0)
            {
                (wholeRows, wholeColumns) = (rows / side * side, n / side * side);
                for (nint r = 0; r < wholeRows; r += Tile)
                    for (nint c = 0; c < wholeColumns; c += side)
                        for (nint i = r; i < Math.Min(wholeRows, r + Tile); i += side)
                            TransposeTile.Run(source + c * s + i, s, target + i * tRow + c, tRow);
            }
            Elements(source + wholeColumns * s, s, 1, target + wholeColumns, 1, tRow, wholeRows, n - wholeColumns);
            Elements(source + wholeRows, s, 1, target + wholeRows * tRow, 1, tRow, rows - wholeRows, n);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Elements(T* source, nint s, nint sRow, T* target, nint t, nint tRow, nint rows, nint n)
        {
            for (nint r = 0; r < rows; r += Tile)
                for (nint c = 0; c < n; c += Tile)
                {
                    nint rEnd = Math.Min(rows, r + Tile), cEnd = Math.Min(n, c + Tile);
                    for (nint i = r; i < rEnd; i++)
                    {
                        T* p = source + i * sRow + c * s, q = target + i * tRow + c * t;
                        for (nint j = c; j < cEnd; j++, p += s, q += t) *q = *p;
                    }
                }
        }
    }
}
