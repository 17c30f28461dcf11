namespace DeepNet.Devices.Cpu;

/// <summary>
/// Normalisation where each group is a column of a matrix: features, or the channels of pixels. Rows go in blocks of fixed length,
/// which are what threads share; a block is read once for its own mean and squared distances, and the blocks are combined in order.
/// </summary>
internal static unsafe class NormColumns
{
    /// <summary>Elements of a block, of which a few stay in the first-level cache.</summary>
    private const int BlockElements = 4096, LeastRows = 16;

    public static nint RowsPerBlock(nint rows, nint columns)
        => Math.Clamp(BlockElements / Math.Max(1, columns), LeastRows, Math.Max(LeastRows, rows));

    public static nint Blocks(nint rows, nint columns) => rows == 0 ? 0 : (rows - 1) / RowsPerBlock(rows, columns) + 1;

    /// <summary>
    /// Two numbers for each column of each block: its mean and the sum of squared distances from it, or sums for the gradient.
    /// </summary>
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
                    if (lanes == V.Lanes) Gathered<AllLanes>(first * Columns + column, column, rows, default, put + column);
                    else Gathered<FirstLanes>(first * Columns + column, column, rows, new(lanes), put + column);
                }
            }
        }

        private readonly void Gathered<TPart>(nint at, nint column, nint rows, TPart part, T* put) where TPart : IPart
        {
            if (G == null) Statistics(X + at, rows, part, put);
            else Sums(X + at, G + at, part.Load<V, T>(Mean + column), rows, part, put);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Statistics<TPart>(T* x, nint rows, TPart part, T* put) where TPart : IPart
        {
            V zero = V.Constant(0), mean = zero, a = zero, b = zero, c = zero, d = zero;
            nint row = 0;
            if (IsCentered)
            {
                for (; row + 4 <= rows; row += 4)
                {
                    T* at = x + row * Columns;
                    a += part.Load<V, T>(at);
                    b += part.Load<V, T>(at + Columns);
                    c += part.Load<V, T>(at + 2 * Columns);
                    d += part.Load<V, T>(at + 3 * Columns);
                }
                for (; row < rows; row++) a += part.Load<V, T>(x + row * Columns);
                mean = (a + b + (c + d)) / V.Constant(rows);
                (a, b, c, d) = (zero, zero, zero, zero);
            }
            for (row = 0; row + 4 <= rows; row += 4)
            {
                T* at = x + row * Columns;
                V p = part.Load<V, T>(at) - mean, q = part.Load<V, T>(at + Columns) - mean;
                V r = part.Load<V, T>(at + 2 * Columns) - mean, s = part.Load<V, T>(at + 3 * Columns) - mean;
                a = V.Fma(p, p, a);
                b = V.Fma(q, q, b);
                c = V.Fma(r, r, c);
                d = V.Fma(s, s, d);
            }
            for (; row < rows; row++)
            {
                V p = part.Load<V, T>(x + row * Columns) - mean;
                a = V.Fma(p, p, a);
            }
            part.Store(mean, put);
            part.Store(a + b + (c + d), put + Columns);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Sums<TPart>(T* x, T* g, V mean, nint rows, TPart part, T* put) where TPart : IPart
        {
            V zero = V.Constant(0), a = zero, b = zero, c = zero, d = zero;
            nint row = 0;
            for (; row + 2 <= rows; row += 2)
            {
                T* at = g + row * Columns, beside = x + row * Columns;
                V p = part.Load<V, T>(at), q = part.Load<V, T>(at + Columns);
                NormFormula.Add(ref a, ref c, p, part.Load<V, T>(beside) - mean);
                NormFormula.Add(ref b, ref d, q, part.Load<V, T>(beside + Columns) - mean);
            }
            if (row < rows)
            {
                V p = part.Load<V, T>(g + row * Columns);
                NormFormula.Add(ref a, ref c, p, part.Load<V, T>(x + row * Columns) - mean);
            }
            part.Store(a + b, put);
            part.Store(c + d, put + Columns);
        }
    }

    /// <summary>Columns whose sums over blocks are added up side by side.</summary>
    private const int Strip = 64;

    /// <summary>The blocks' means and squared distances to those of all rows, in float64.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Combine<T>(T* partial, nint rows, nint columns, bool isCentered, T* mean, T* variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
            for (int i = 0; i < count; i++)
                (mean[first + i], variance[first + i]) = (T.CreateTruncating(middle[i]), T.CreateTruncating(squares[i] / rows));
        }
    }

    /// <summary>The sums over all blocks, in the place of the first; in float64.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
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

    /// <summary>y = (x − mean)·factor + shift and, with a gradient, + g·slope: each of the four has a number for every column.</summary>
    public struct Scale<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        /// <summary>The gradient; null to scale x.</summary>
        public T* G;

        /// <summary>Slopes, factors, shifts and means, one after the other.</summary>
        public T* Coefficients;

        public T* X, Y;
        public nint Rows, Columns;

        /// <summary>Stretches of rows; in each of them each vector of columns on its own, so that its numbers stay in registers.</summary>
        public readonly void Run(nint from, nint to)
        {
            // Two or three tensors pass by: shorter stretches of rows than in a block.
            nint whole = RowsPerBlock(Rows, Columns), step = Math.Max(LeastRows, whole / 4), end = Math.Min(Rows, to * whole);
            for (nint first = from * whole; first < end; first += step)
            {
                nint rows = Math.Min(step, end - first);
                for (nint column = 0; column < Columns; column += V.Lanes)
                {
                    int lanes = (int)Math.Min(V.Lanes, Columns - column);
                    nint at = first * Columns + column;
                    if (lanes == V.Lanes) Scaled<AllLanes>(at, Coefficients + column, rows, default);
                    else Scaled<FirstLanes>(at, Coefficients + column, rows, new(lanes));
                }
            }
        }

        private readonly void Scaled<TPart>(nint at, T* numbers, nint rows, TPart part) where TPart : IPart
        {
            if (G == null) Forward(X + at, Y + at, numbers, rows, part);
            else Backward(X + at, G + at, Y + at, numbers, rows, part);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Forward<TPart>(T* x, T* y, T* numbers, nint rows, TPart part) where TPart : IPart
        {
            nint columns = Columns;
            V factor = part.Load<V, T>(numbers + columns), shift = part.Load<V, T>(numbers + 2 * columns),
                mean = part.Load<V, T>(numbers + 3 * columns);
            for (; rows > 0; rows--, x += columns, y += columns)
                part.Store(NormFormula.Value(part.Load<V, T>(x) - mean, factor, shift), y);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Backward<TPart>(T* x, T* g, T* y, T* numbers, nint rows, TPart part) where TPart : IPart
        {
            nint columns = Columns;
            V slope = part.Load<V, T>(numbers), factor = part.Load<V, T>(numbers + columns), shift = part.Load<V, T>(numbers + 2 * columns),
                mean = part.Load<V, T>(numbers + 3 * columns);
            for (; rows > 0; rows--, x += columns, g += columns, y += columns)
                part.Store(NormFormula.FusedGradient(part.Load<V, T>(g), part.Load<V, T>(x) - mean, slope, shift, factor), y);
        }
    }
}
