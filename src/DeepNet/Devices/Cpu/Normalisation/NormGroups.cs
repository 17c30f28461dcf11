using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>Normalisation where each group consists of dense pieces: rows, or the planes of a channel. A thread takes whole groups.</summary>
internal static unsafe class NormGroups
{
    public struct Forward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Weight, Bias, Mean, Variance;
        public NormLayout At;
        public double Epsilon;
        public bool Streams;

        public readonly void Run(nint from, nint to)
        {
            for (nint group = from; group < to; group++) Group(group);
            if (Streams) Streamed.Finish();
        }

        private readonly void Group(nint group)
        {
            nint n = At.Inner, step = (nint)At.Groups * n, first = group * n;
            double sum = 0, squares = 0;
            if (At.IsCentered)
                for (int i = 0; i < At.Outer; i++) sum += double.CreateTruncating(RowLoop.Sum<V, T>(X + first + i * step, n));
            T mean = T.CreateTruncating(sum / At.Size);
            for (int i = 0; i < At.Outer; i++) squares += double.CreateTruncating(NormLoop.Squares<V, T>(X + first + i * step, mean, n));
            double variance = squares / At.Size;
            (Mean[group], Variance[group]) = (mean, T.CreateTruncating(variance));

            T scale = T.CreateTruncating(1 / Math.Sqrt(variance + Epsilon));
            if (At.IsPerElement && Weight != null)
            {
                if (Streams) NormLoop.Scale<V, T, Streamed>(X + first, mean, scale, Weight, Bias, Y + first, n);
                else NormLoop.Scale<V, T, Cached>(X + first, mean, scale, Weight, Bias, Y + first, n);
                return;
            }
            if (Weight != null) scale *= Weight[group];
            for (int i = 0; i < At.Outer; i++)
                NormLoop.Scale<V, T>(X + first + i * step, mean, scale, Bias == null ? T.Zero : Bias[group], Y + first + i * step, n);
        }
    }

    public struct Backward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, G, Weight, Mean, Variance, Dx, Dweight, Dbias;
        public NormLayout At;
        public double Epsilon;
        public bool Streams;

        public readonly void Run(nint from, nint to)
        {
            for (nint group = from; group < to; group++) Group(group);
            if (Streams) Streamed.Finish();
        }

        public readonly void Group(nint group)
        {
            nint n = At.Inner, step = (nint)At.Groups * n, first = group * n;
            T mean = Mean[group];
            T* weight = At.IsPerElement ? Weight : null;
            double scale = 1 / Math.Sqrt(double.CreateTruncating(Variance[group]) + Epsilon), plain = 0, along = 0;
            for (int i = 0; i < At.Outer; i++) NormLoop.Sums<V, T>(X + first + i * step, G + first + i * step, weight, mean, n, ref plain, ref along);
            if (!At.IsPerElement)
            {
                if (Dweight != null) Dweight[group] = T.CreateTruncating(along * scale);
                if (Dbias != null) Dbias[group] = T.CreateTruncating(plain);
            }
            if (Dx == null) return;

            double factor = !At.IsPerElement && Weight != null ? scale * double.CreateTruncating(Weight[group]) : scale;
            T less = At.IsCentered ? T.CreateTruncating(factor * plain / At.Size) : T.Zero;
            T turn = T.CreateTruncating(factor * scale * scale * along / At.Size);
            for (int i = 0; i < At.Outer; i++)
            {
                nint at = first + i * step;
                if (Streams) NormLoop.Slope<V, T, Streamed>(X + at, G + at, weight, mean, T.CreateTruncating(factor), less, turn, Dx + at, n);
                else NormLoop.Slope<V, T, Cached>(X + at, G + at, weight, mean, T.CreateTruncating(factor), less, turn, Dx + at, n);
            }
        }
    }

    /// <summary>What a block of rows gives to the gradients of weight and bias; on the way, while a row is in the cache, its own gradient.</summary>
    public struct Sums<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, G, Mean, Variance, Partial;
        public Backward<V, T> Rows;
        public NormLayout At;
        public double Epsilon;
        public nint Blocks, RowsPerBlock;

        public readonly void Run(nint from, nint to)
        {
            nint n = At.Inner;
            for (nint block = from; block < to; block++)
            {
                T* dweight = Partial + block * n, dbias = dweight + Blocks * n;
                new Span<T>(dweight, (int)n).Clear();
                new Span<T>(dbias, (int)n).Clear();
                nint end = Math.Min((block + 1) * RowsPerBlock, At.Groups);
                for (nint row = block * RowsPerBlock; row < end; row++)
                {
                    T scale = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(Variance[row]) + Epsilon));
                    NormLoop.Gather<V, T>(X + row * n, G + row * n, Mean[row], scale, dweight, dbias, n);
                    if (Rows.Dx != null) Rows.Group(row);   // last, for it may write over the gradient it came from
                }
            }
            if (Rows.Streams) Streamed.Finish();
        }
    }
}
