using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Normalisation where each group is a column of a matrix: features, or the channels of pixels. Rows go in blocks of fixed length,
/// which are what threads share; a block is read once for its own mean and squared distances, and the blocks are combined in order.
/// </summary>
internal static unsafe class NormColumns
{
    /// <summary>Elements of a block, of which a few stay in the first-level cache.</summary>
    private const int BlockElements = 4096, LeastRows = 16;

    /// <summary>Rows of a block.</summary>
    public static nint RowsPerBlock(nint rows, nint columns) => Math.Clamp(BlockElements / Math.Max(1, columns), LeastRows, Math.Max(LeastRows, rows));

    public static nint Blocks(nint rows, nint columns) => rows == 0 ? 0 : (rows - 1) / RowsPerBlock(rows, columns) + 1;

    /// <summary>Two numbers for each column of each block: its mean and the sum of squared distances from it, or sums for the gradient.</summary>
    public struct Gather<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The gradient; null to gather statistics of x.</summary>
        public T* G;

        public T* X, Mean, Partial;
        public nint Rows, Columns;
        public bool IsCentered;

        public readonly void Run(nint from, nint to)
        {
            nint step = RowsPerBlock(Rows, Columns);
            for (nint block = from; block < to; block++)
            {
                nint first = block * step, rows = Math.Min(step, Rows - first);
                T* put = Partial + block * 2 * Columns;
                for (nint column = 0; column < Columns; column += V.Lanes)
                {
                    int lanes = (int)Math.Min(V.Lanes, Columns - column);
                    if (G == null) Statistics(X + first * Columns + column, rows, lanes, put + column);
                    else Sums(X + first * Columns + column, G + first * Columns + column, Load<V, T>(Mean + column, lanes), rows, lanes, put + column);
                }
            }
        }

        [MethodImpl(AggressiveOptimization)]
        private readonly void Statistics(T* x, nint rows, int lanes, T* put)
        {
            V zero = V.Constant(0), mean = zero, a = zero, b = zero, c = zero, d = zero;
            nint row = 0;
            if (IsCentered)
            {
                for (; row + 4 <= rows; row += 4)
                {
                    T* at = x + row * Columns;
                    a += Load<V, T>(at, lanes);
                    b += Load<V, T>(at + Columns, lanes);
                    c += Load<V, T>(at + 2 * Columns, lanes);
                    d += Load<V, T>(at + 3 * Columns, lanes);
                }
                for (; row < rows; row++) a += Load<V, T>(x + row * Columns, lanes);
                mean = (a + b + (c + d)) / V.Constant(rows);
                (a, b, c, d) = (zero, zero, zero, zero);
            }
            for (row = 0; row + 4 <= rows; row += 4)
            {
                T* at = x + row * Columns;
                V p = Load<V, T>(at, lanes) - mean, q = Load<V, T>(at + Columns, lanes) - mean;
                V r = Load<V, T>(at + 2 * Columns, lanes) - mean, s = Load<V, T>(at + 3 * Columns, lanes) - mean;
                a = V.Fma(p, p, a);
                b = V.Fma(q, q, b);
                c = V.Fma(r, r, c);
                d = V.Fma(s, s, d);
            }
            for (; row < rows; row++)
            {
                V p = Load<V, T>(x + row * Columns, lanes) - mean;
                a = V.Fma(p, p, a);
            }
            Store<V, T>(mean, put, lanes);
            Store<V, T>(a + b + (c + d), put + Columns, lanes);
        }

        [MethodImpl(AggressiveOptimization)]
        private readonly void Sums(T* x, T* g, V mean, nint rows, int lanes, T* put)
        {
            V zero = V.Constant(0), a = zero, b = zero, c = zero, d = zero;
            nint row = 0;
            for (; row + 2 <= rows; row += 2)
            {
                T* at = g + row * Columns, beside = x + row * Columns;
                V p = Load<V, T>(at, lanes), q = Load<V, T>(at + Columns, lanes);
                a += p;
                b += q;
                c = V.Fma(p, Load<V, T>(beside, lanes) - mean, c);
                d = V.Fma(q, Load<V, T>(beside + Columns, lanes) - mean, d);
            }
            if (row < rows)
            {
                V p = Load<V, T>(g + row * Columns, lanes);
                a += p;
                c = V.Fma(p, Load<V, T>(x + row * Columns, lanes) - mean, c);
            }
            Store<V, T>(a + b, put, lanes);
            Store<V, T>(c + d, put + Columns, lanes);
        }
    }

    /// <summary>Columns whose sums over blocks are added up side by side.</summary>
    private const int Strip = 64;

    /// <summary>The blocks' means and squared distances to those of all rows, in float64.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Combine<T>(T* partial, nint rows, nint columns, bool isCentered, T* mean, T* variance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint step = RowsPerBlock(rows, columns), blocks = Blocks(rows, columns);
        double* middle = stackalloc double[Strip], squares = stackalloc double[Strip];
        for (nint first = 0; first < columns; first += Strip)
        {
            int count = (int)Math.Min(Strip, columns - first);
            for (int i = 0; i < count; i++) (middle[i], squares[i]) = (0, 0);
            for (nint block = 0; block < blocks && isCentered; block++)
            {
                T* at = partial + block * 2 * columns + first;
                double share = (double)Math.Min(step, rows - block * step) / rows;
                for (int i = 0; i < count; i++) middle[i] += double.CreateTruncating(at[i]) * share;
            }
            for (nint block = 0; block < blocks; block++)
            {
                T* at = partial + block * 2 * columns + first;
                double length = Math.Min(step, rows - block * step);
                for (int i = 0; i < count; i++)
                {
                    double distance = double.CreateTruncating(at[i]) - middle[i];
                    squares[i] += double.CreateTruncating(at[columns + i]) + distance * distance * length;
                }
            }
            for (int i = 0; i < count; i++) (mean[first + i], variance[first + i]) = (T.CreateTruncating(middle[i]), T.CreateTruncating(squares[i] / rows));
        }
    }

    /// <summary>The sums over all blocks, in the place of the first; in float64.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void AddUp<T>(T* partial, nint blocks, nint columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double* sums = stackalloc double[Strip];
        for (nint first = 0; first < 2 * columns; first += Strip)
        {
            int count = (int)Math.Min(Strip, 2 * columns - first);
            for (int i = 0; i < count; i++) sums[i] = 0;
            for (nint block = 0; block < blocks; block++)
                for (int i = 0; i < count; i++) sums[i] += double.CreateTruncating(partial[block * 2 * columns + first + i]);
            for (int i = 0; i < count; i++) partial[first + i] = T.CreateTruncating(sums[i]);
        }
    }

    /// <summary>y = (x − mean)·factor + shift and, with a gradient, + g·slope: each of the four has a number for every column. Threads share rows.</summary>
    public struct Scale<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        /// <summary>The gradient; null to scale x.</summary>
        public T* G;

        /// <summary>Slopes, factors, shifts and means, one after the other.</summary>
        public T* Coefficients;

        public T* X, Y;
        public nint Columns;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            nint columns = Columns;
            if (columns % V.Lanes == 0 && V.Lanes > 1)
            {
                Whole(from, to);
                return;
            }
            for (nint row = from; row < to; row++)
            {
                for (nint column = 0; column < columns; column += V.Lanes)
                {
                    int lanes = (int)Math.Min(V.Lanes, columns - column);
                    nint at = row * columns + column;
                    V sum = Load<V, T>(Coefficients + 2 * columns + column, lanes), x = Load<V, T>(X + at, lanes) - Load<V, T>(Coefficients + 3 * columns + column, lanes);
                    if (G != null) sum = V.Fma(Load<V, T>(G + at, lanes), Load<V, T>(Coefficients + column, lanes), sum);
                    Store<V, T>(V.Fma(x, Load<V, T>(Coefficients + columns + column, lanes), sum), Y + at, lanes);
                }
            }
        }

        /// <summary>Rows of whole vectors.</summary>
        [MethodImpl(AggressiveOptimization)]
        private readonly void Whole(nint from, nint to)
        {
            nint columns = Columns;
            T* x = X + from * columns, y = Y + from * columns, g = G == null ? null : G + from * columns, slope = Coefficients, factor = slope + columns, shift = factor + columns, mean = shift + columns;
            for (nint row = from; row < to; row++, x += columns, y += columns)
            {
                for (nint i = 0; i < columns; i += V.Lanes)
                {
                    V sum = V.Load(shift + i);
                    if (g != null) sum = V.Fma(V.Load(g + i), V.Load(slope + i), sum);
                    V.Fma(V.Load(x + i) - V.Load(mean + i), V.Load(factor + i), sum).Store(y + i);
                }
                if (g != null) g += columns;
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static V Load<V, T>(T* p, int lanes) where V : unmanaged, ISimd<V, T> where T : unmanaged => lanes == V.Lanes ? V.Load(p) : V.LoadPart(p, lanes);

    [MethodImpl(AggressiveInlining)]
    private static void Store<V, T>(V v, T* p, int lanes) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (lanes == V.Lanes) v.Store(p);
        else v.StorePart(p, lanes);
    }
}
