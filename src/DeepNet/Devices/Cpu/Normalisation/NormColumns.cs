using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Normalisation where each group is a column of a matrix. A vector holds neighbouring columns; sums run over blocks of rows, then
/// over the blocks, so that long columns lose no digits.
/// </summary>
internal static unsafe class NormColumns
{
    private const int Block = 64;

    public struct Forward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Weight, Bias, Mean, Variance;
        public nint Rows, Columns;
        public bool IsCentered;
        public double Epsilon;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint vector = from; vector < to; vector++)
            {
                nint column = vector * V.Lanes;
                int lanes = (int)Math.Min(V.Lanes, Columns - column);
                V count = V.Constant(Rows), zero = V.Constant(0), mean = zero;
                if (IsCentered)
                {
                    for (nint block = 0; block < Rows; block += Block)
                    {
                        V sum = zero;
                        for (nint row = block, end = Math.Min(Rows, block + Block); row < end; row++) sum += Load<V, T>(X + row * Columns + column, lanes);
                        mean += sum;
                    }
                    mean /= count;
                }
                V variance = zero;
                for (nint block = 0; block < Rows; block += Block)
                {
                    V sum = zero;
                    for (nint row = block, end = Math.Min(Rows, block + Block); row < end; row++)
                    {
                        V distance = Load<V, T>(X + row * Columns + column, lanes) - mean;
                        sum = V.Fma(distance, distance, sum);
                    }
                    variance += sum;
                }
                variance /= count;
                Store<V, T>(mean, Mean + column, lanes);
                Store<V, T>(variance, Variance + column, lanes);

                V scale = V.Constant(1) / V.Sqrt(variance + V.Constant(Epsilon)), shift = Bias == null ? zero : Load<V, T>(Bias + column, lanes);
                if (Weight != null) scale *= Load<V, T>(Weight + column, lanes);
                for (nint row = 0; row < Rows; row++)
                {
                    nint at = row * Columns + column;
                    Store<V, T>(V.Fma(Load<V, T>(X + at, lanes) - mean, scale, shift), Y + at, lanes);
                }
            }
        }
    }

    public struct Backward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, G, Weight, Mean, Variance, Dx, Dweight, Dbias;
        public nint Rows, Columns;
        public bool IsCentered;
        public double Epsilon;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint vector = from; vector < to; vector++)
            {
                nint column = vector * V.Lanes;
                int lanes = (int)Math.Min(V.Lanes, Columns - column);
                V count = V.Constant(Rows), zero = V.Constant(0), mean = Load<V, T>(Mean + column, lanes);
                V scale = V.Constant(1) / V.Sqrt(Load<V, T>(Variance + column, lanes) + V.Constant(Epsilon));
                V plain = zero, along = zero;
                for (nint block = 0; block < Rows; block += Block)
                {
                    V sum = zero, dot = zero;
                    for (nint row = block, end = Math.Min(Rows, block + Block); row < end; row++)
                    {
                        V g = Load<V, T>(G + row * Columns + column, lanes);
                        sum += g;
                        dot = V.Fma(g, Load<V, T>(X + row * Columns + column, lanes) - mean, dot);
                    }
                    plain += sum;
                    along += dot;
                }
                if (Dweight != null) Store<V, T>(along * scale, Dweight + column, lanes);
                if (Dbias != null) Store<V, T>(plain, Dbias + column, lanes);
                if (Dx == null) continue;

                V factor = Weight == null ? scale : scale * Load<V, T>(Weight + column, lanes);
                V less = IsCentered ? factor * plain / count : zero, turn = factor * scale * scale * along / count;
                for (nint row = 0; row < Rows; row++)
                {
                    nint at = row * Columns + column;
                    V g = Load<V, T>(G + at, lanes);
                    Store<V, T>(V.Fma(g, factor, -less) - (Load<V, T>(X + at, lanes) - mean) * turn, Dx + at, lanes);
                }
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
