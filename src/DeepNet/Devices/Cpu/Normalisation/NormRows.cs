namespace DeepNet.Devices.Cpu;

/// <summary>
/// Normalisation of dense rows, with a weight and a bias for each column. A row comes from memory once: statistics are taken in one
/// pass, what follows finds it in the first-level cache, and the last pass, which waits for nothing, fetches the next row.
/// </summary>
internal static unsafe class NormRows
{
    /// <summary>Rows beyond this many bytes are not fetched ahead: they would push out what is in use.</summary>
    private const int Longest = 16 << 10;

    /// <summary>Short rows are fetched as far ahead as one of this many bytes, or memory would not have answered in time.</summary>
    private const int Shortest = 4 << 10;

    private static nint Ahead<T>(nint n) where T : unmanaged => n * sizeof(T) > Longest ? 0 : Math.Max(n, Shortest / sizeof(T));

    public struct Forward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Weight, Bias, Mean, Variance;
        public nint Length;
        public bool IsCentered, Streams;
        public double Epsilon;

        public readonly void Run(nint from, nint to)
        {
            nint n = Length, ahead = Ahead<T>(n);
            for (nint row = from; row < to; row++)
            {
                T* x = X + row * n, y = Y + row * n;
                var (mean, variance) = NormRowLoop.Statistics<V, T>(x, n, IsCentered);
                (Mean[row], Variance[row]) = (T.CreateTruncating(mean), T.CreateTruncating(variance));
                T scale = T.CreateTruncating(NormFormula.Scale(variance, Epsilon));
                if (Streams) NormRowLoop.Scale<V, T, Streamed>(x, Mean[row], scale, Weight, Bias, y, n, ahead);
                else NormRowLoop.Scale<V, T, Cached>(x, Mean[row], scale, Weight, Bias, y, n, ahead);
            }
            if (Streams) Streamed.Finish();
        }
    }

    /// <summary>
    /// Blocks of rows, each with a sum of its own for the gradients of weight and bias; on the way the gradients of the rows, null to
    /// leave them out. They may be written over the gradients they come from.
    /// </summary>
    public struct Backward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, G, Weight, Mean, Variance, Dx, Dweights, Dbiases;
        public nint Rows, RowsPerBlock, Length;
        public bool IsCentered, Streams;
        public double Epsilon;

        public readonly void Run(nint from, nint to)
        {
            for (nint block = from; block < to; block++)
            {
                T* dweight = Dweights + block * Length, dbias = Dbiases + block * Length;
                new Span<T>(dweight, (int)Length).Clear();
                new Span<T>(dbias, (int)Length).Clear();
                nint end = Math.Min((block + 1) * RowsPerBlock, Rows);
                for (nint row = block * RowsPerBlock; row < end; row++) Row(row, dweight, dbias);
            }
            if (Streams) Streamed.Finish();
        }

        private readonly void Row(nint row, T* dweight, T* dbias)
        {
            nint n = Length, ahead = Ahead<T>(n);
            T* x = X + row * n, g = G + row * n, dx = Dx + row * n;
            double scale = NormFormula.Scale(double.CreateTruncating(Variance[row]), Epsilon);
            T by = T.CreateTruncating(scale);
            NormRowLoop.Gather<V, T>(x, g, Weight, Mean[row], by, dweight, dbias, n, out double plain, out double along);
            if (Dx == null) return;
            var common = NormFormula.Common(plain, along, scale, scale, n);
            T shift = IsCentered ? T.CreateTruncating(common.Shift) : T.Zero, turn = T.CreateTruncating(common.Turn);
            if (Streams) NormRowLoop.Slope<V, T, Streamed>(x, g, Weight, Mean[row], by, shift, turn, dx, n, ahead);
            else NormRowLoop.Slope<V, T, Cached>(x, g, Weight, Mean[row], by, shift, turn, dx, n, ahead);
        }
    }
}
