using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Sets the elements of a dense tensor to first, first + step, first + 2·step…, computed in int64 or float64 and then converted.
/// </summary>
internal static unsafe class SequenceLoop
{
    private const int Piece = 1024, Lanes = 4;
    private const nint Grain = 1 << 15;

    public static void Run(Tensor y, long first, long step) => Run<long, Wholes>(y, first, step);

    public static void Run(Tensor y, double first, double step) => Run<double, Fractions>(y, first, step);

    private static void Run<T, TTerms>(Tensor y, T first, T step) where T : unmanaged where TTerms : ITerms<T>
    {
        var body = new Body<T, TTerms> { Y = y.RawPointer, DType = y.DType, First = first, Step = step };
        WorkerPool.For(y.Count, Grain, ref body, y);
    }

    private struct Body<T, TTerms> : IParallelBody where T : unmanaged where TTerms : ITerms<T>
    {
        public byte* Y;
        public DType DType;
        public T First, Step;

        public readonly void Run(nint from, nint to)
        {
            T* piece = stackalloc T[Piece];
            bool converts = DType != DTypes.Of<T>();
            for (nint at = from; at < to; at += Piece)
            {
                nint n = Math.Min(Piece, to - at);
                byte* y = Y + at * DType.Size();
                TTerms.Fill(converts ? piece : (T*)y, First, Step, at, n);
                if (converts) ConvertLoop.Run(DTypes.Of<T>(), (byte*)piece, DType, y, n);
            }
        }
    }

    private interface ITerms<T> where T : unmanaged
    {
        /// <summary>Writes n terms from a place on.</summary>
        static abstract void Fill(T* y, T first, T step, nint at, nint n);
    }

    private readonly struct Wholes : ITerms<long>
    {
        [MethodImpl(NoInlining | AggressiveOptimization)]
        public static void Fill(long* y, long first, long step, nint at, nint n)
        {
            long value = unchecked(first + at * step);
            var values = Vector256.Create(value, unchecked(value + step), unchecked(value + 2 * step), unchecked(value + 3 * step));
            var lanes = Vector256.Create(unchecked(Lanes * step));
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes, values += lanes) values.Store(y + i);
            for (; i < n; i++) y[i] = unchecked(first + (at + i) * step);
        }
    }

    private readonly struct Fractions : ITerms<double>
    {
        [MethodImpl(NoInlining | AggressiveOptimization)]
        public static void Fill(double* y, double first, double step, nint at, nint n)
        {
            // Each by a product of its own and one sum: errors do not add up, and the bits are the same wherever work is cut.
            Vector256<double> places = Vector256.Create((double)at, at + 1, at + 2, at + 3), lanes = Vector256.Create((double)Lanes);
            Vector256<double> firsts = Vector256.Create(first), steps = Vector256.Create(step);
            nint i = 0;
            for (; i <= n - Lanes; i += Lanes, places += lanes) (firsts + places * steps).Store(y + i);
            for (; i < n; i++) y[i] = first + (at + i) * step;
        }
    }
}
