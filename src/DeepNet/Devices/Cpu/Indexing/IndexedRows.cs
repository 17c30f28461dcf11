namespace DeepNet.Devices.Cpu;

/// <summary>
/// Whole rows at indexed places. Reading is parallel over rows. Writing is parallel over places, never over indices: each
/// thread goes through all indices and writes only in its own part, so rows that meet do so in the order of the indices.
/// </summary>
internal static unsafe class IndexedRows
{
    private const nint Grain = 1 << 15;

    public static void Take<T>(Tensor x, AlongAxis at, Tensor index, Tensor y) where T : unmanaged
    {
        var body = new TakeBody<T> { At = at, N = index.Count, X = x.Pointer<T>(), Index = index.Pointer<long>(), Y = y.Pointer<T>() };
        if (y.Count > 0) WorkerPool.For(at.Outer * body.N, Math.Max(1, Grain / at.Inner), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(index);
        GC.KeepAlive(y);
    }

    public static void Write<T, TWrite>(Tensor target, AlongAxis at, Tensor index, Tensor source)
        where T : unmanaged where TWrite : struct, IWrite<T>
    {
        if (source.Count == 0) return;      // some length is 0, and it may be that of the outer axes
        var body = new WriteBody<T, TWrite> { At = at, N = index.Count, Target = target.Pointer<T>(), Index = index.Pointer<long>(), Source = source.Pointer<T>() };
        if (at.Outer > 1) WorkerPool.For(at.Outer, Math.Max(1, Grain / (body.N * at.Inner)), ref body);
        else if (source.Count <= Grain) body.Run(0, at.Length);
        else WorkerPool.For(at.Length, (at.Length - 1) / WorkerPool.Threads + 1, ref body);
        GC.KeepAlive(target);
        GC.KeepAlive(index);
        GC.KeepAlive(source);
    }

    private struct TakeBody<T> : IParallelBody where T : unmanaged
    {
        public AlongAxis At;
        public nint N;
        public T* X, Y;
        public long* Index;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            nint outer = from / N, i = from % N, inner = At.Inner, length = At.Length;
            for (nint row = from; row < to; row++)
            {
                T* x = X + outer * length * inner;
                nint place = (nint)Index[i];
                if (place < 0) place += length;
                if (inner == 1) Y[row] = x[place];
                else Store<T>.Row(Y + row * inner, x + place * inner, inner);
                if (++i < N) continue;
                i = 0;
                outer++;
            }
        }
    }

    private struct WriteBody<T, TWrite> : IParallelBody where T : unmanaged where TWrite : struct, IWrite<T>
    {
        public AlongAxis At;
        public nint N;
        public T* Target, Source;
        public long* Index;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            if (At.Outer == 1) Part(Target, Source, from, to);
            else
                for (nint o = from; o < to; o++) Part(Target + o * At.Length * At.Inner, Source + o * N * At.Inner, 0, At.Length);
        }

        /// <summary>Writes what belongs into the places [from, to).</summary>
        [MethodImpl(AggressiveOptimization)]
        private readonly void Part(T* target, T* source, nint from, nint to)
        {
            nint inner = At.Inner, length = At.Length;
            for (nint i = 0; i < N; i++)
            {
                nint place = (nint)Index[i];
                if (place < 0) place += length;
                if (place < from || place >= to) continue;
                if (inner == 1) TWrite.One(ref target[place], source[i]);
                else TWrite.Row(target + place * inner, source + i * inner, inner);
            }
        }
    }
}
