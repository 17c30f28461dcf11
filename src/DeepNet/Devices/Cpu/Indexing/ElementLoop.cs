namespace DeepNet.Devices.Cpu;

/// <summary>Single elements, each at an indexed place of an axis. Order and threads as in <see cref="IndexedRows"/>.</summary>
internal static unsafe class ElementLoop
{
    // From so many columns on they are shared among threads; below, places are, and each thread reads all indices.
    private const nint Grain = 1 << 14, MinimumColumns = 128;

    public static void Gather<T>(Tensor x, AlongAxis at, Tensor index, Tensor y) where T : unmanaged
    {
        if (y.Count > 0)
        {
            var body = new GatherBody<T> { At = at, N = index.Count / (at.Outer * at.Inner), X = x.Pointer<T>(), Index = index.Pointer<long>(), Y = y.Pointer<T>() };
            WorkerPool.For(at.Outer * body.N, Math.Max(1, Grain / at.Inner), ref body);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(index);
        GC.KeepAlive(y);
    }

    public static void Write<T, TWrite>(Tensor target, AlongAxis at, Tensor index, Tensor source)
        where T : unmanaged where TWrite : struct, IWrite<T>
    {
        if (source.Count > 0)
        {
            var body = new WriteBody<T, TWrite>
            {
                At = at, N = index.Count / (at.Outer * at.Inner), Target = target.Pointer<T>(), Index = index.Pointer<long>(), Source = source.Pointer<T>(),
            };
            body.IsByColumn = at.Outer == 1 && at.Inner >= MinimumColumns;
            if (at.Outer > 1) WorkerPool.For(at.Outer, Math.Max(1, Grain / (body.N * at.Inner)), ref body);
            else if (body.IsByColumn) WorkerPool.For(at.Inner, Math.Max(16, Grain / body.N), ref body);
            else if (source.Count <= Grain) body.Run(0, at.Length);
            else WorkerPool.For(at.Length, (at.Length - 1) / WorkerPool.Threads + 1, ref body);
        }
        GC.KeepAlive(target);
        GC.KeepAlive(index);
        GC.KeepAlive(source);
    }

    private struct GatherBody<T> : IParallelBody where T : unmanaged
    {
        public AlongAxis At;
        public nint N;
        public T* X, Y;
        public long* Index;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            nint outer = from / N, i = from % N, inner = At.Inner, length = At.Length;
            if (inner == 1)
            {
                OfRows(outer, i, from, to);
                return;
            }
            for (nint row = from; row < to; row++)
            {
                T* x = X + outer * length * inner, y = Y + row * inner;
                long* index = Index + row * inner;
                for (nint k = 0; k < inner; k++)
                {
                    nint place = (nint)index[k];
                    if (place < 0) place += length;
                    y[k] = x[place * inner + k];
                }
                if (++i < N) continue;
                i = 0;
                outer++;
            }
        }

        /// <summary>Along the last axis: a row of places after the other.</summary>
        [MethodImpl(AggressiveOptimization)]
        private readonly void OfRows(nint outer, nint i, nint from, nint to)
        {
            nint length = At.Length;
            for (nint at = from; at < to; outer++, i = 0)
            {
                T* x = X + outer * length;
                for (nint end = Math.Min(to, at + N - i); at < end; at++)
                {
                    nint place = (nint)Index[at];
                    Y[at] = x[place < 0 ? place + length : place];
                }
            }
        }
    }

    private struct WriteBody<T, TWrite> : IParallelBody where T : unmanaged where TWrite : struct, IWrite<T>
    {
        public AlongAxis At;
        public nint N;
        public T* Target, Source;
        public long* Index;
        public bool IsByColumn;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            if (IsByColumn) Part(0, 0, At.Length, from, to);
            else if (At.Outer == 1) Part(0, from, to, 0, At.Inner);
            else
                for (nint o = from; o < to; o++) Part(o, 0, At.Length, 0, At.Inner);
        }

        /// <summary>Writes what belongs into the places [from, to) of some columns of one outer position.</summary>
        [MethodImpl(AggressiveOptimization)]
        private readonly void Part(nint outer, nint from, nint to, nint column, nint end)
        {
            nint inner = At.Inner, length = At.Length;
            T* target = Target + outer * length * inner, source = Source + outer * N * inner;
            long* index = Index + outer * N * inner;
            if (inner == 1)
            {
                for (nint i = 0; i < N; i++)
                {
                    nint place = (nint)index[i];
                    if (place < 0) place += length;
                    if (place >= from && place < to) TWrite.One(ref target[place], source[i]);
                }
                return;
            }
            for (nint i = 0; i < N; i++, index += inner, source += inner)
                for (nint k = column; k < end; k++)
                {
                    nint place = (nint)index[k];
                    if (place < 0) place += length;
                    if (place >= from && place < to) TWrite.One(ref target[place * inner + k], source[k]);
                }
        }
    }
}
