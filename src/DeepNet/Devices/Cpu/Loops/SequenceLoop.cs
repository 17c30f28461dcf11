using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Sets the elements of a dense tensor to first, first + step, first + 2·step…, computed in int64 or float64 and then converted.
/// </summary>
internal static unsafe class SequenceLoop
{
    private const int Piece = 1024, Lanes = 4;
    private const nint Grain = 1 << 15;

    public static void Run(Tensor y, long first, long step)
    {
        var body = new Wholes { Y = y.RawPointer, DType = y.DType, First = first, Step = step };
        WorkerPool.For(y.Count, Grain, ref body, y);
    }

    public static void Run(Tensor y, double first, double step)
    {
        var body = new Fractions { Y = y.RawPointer, DType = y.DType, First = first, Step = step };
        WorkerPool.For(y.Count, Grain, ref body, y);
    }

    private struct Wholes : IParallelBody
    {
        public byte* Y;
        public DType DType;
        public long First, Step;

        public readonly void Run(nint from, nint to)
        {
            long* piece = stackalloc long[Piece];
            for (nint at = from; at < to; at += Piece)
            {
                nint n = Math.Min(Piece, to - at);
                byte* y = Y + at * DType.Size();
                Fill(DType == DType.Int64 ? (long*)y : piece, at, n);
                if (DType != DType.Int64) ConvertLoop.Run(DType.Int64, (byte*)piece, DType, y, n);
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Fill(long* y, nint at, nint n)
        {
            long value = unchecked(First + at * Step);
            var values = Vector256.Create(value, unchecked(value + Step), unchecked(value + 2 * Step), unchecked(value + 3 * Step));
            var step = Vector256.Create(unchecked(Lanes * Step));
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes, values += step) values.Store(y + i);
            for (; i < n; i++) y[i] = unchecked(First + (at + i) * Step);
        }
    }

    private struct Fractions : IParallelBody
    {
        public byte* Y;
        public DType DType;
        public double First, Step;

        public readonly void Run(nint from, nint to)
        {
            double* piece = stackalloc double[Piece];
            for (nint at = from; at < to; at += Piece)
            {
                nint n = Math.Min(Piece, to - at);
                byte* y = Y + at * DType.Size();
                Fill(DType == DType.Float64 ? (double*)y : piece, at, n);
                if (DType != DType.Float64) ConvertLoop.Run(DType.Float64, (byte*)piece, DType, y, n);
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Fill(double* y, nint at, nint n)
        {
            // Each by a product of its own and one sum: errors do not add up, and the bits are the same wherever work is cut.
            Vector256<double> places = Vector256.Create((double)at, at + 1, at + 2, at + 3), lanes = Vector256.Create((double)Lanes);
            Vector256<double> first = Vector256.Create(First), step = Vector256.Create(Step);
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes, places += lanes) (first + places * step).Store(y + i);
            for (; i < n; i++) y[i] = First + (at + i) * Step;
        }
    }
}
