namespace DeepNet.Devices.Cpu;

/// <summary>Reads rows or elements at indexed places of an axis. Parallel over rows.</summary>
internal static unsafe class GatherLoop
{
    private const nint RowGrain = 1 << 15, ElementGrain = 1 << 14;

    public static void Run<T>(Tensor x, IndexedAxis axis, Tensor index, Tensor y) where T : unmanaged
    {
        if (y.Count == 0) return;
        var body = new Body<T> { Axis = axis, X = x.Pointer<T>(), Index = index.Pointer<long>(), Y = y.Pointer<T>() };
        WorkerPool.For(axis.Outer * axis.Count, Math.Max(1, (axis.IsOfRows ? RowGrain : ElementGrain) / axis.Inner), ref body);
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public IndexedAxis Axis;
        public T* X, Y;
        public long* Index;

        public readonly void Run(nint from, nint to)
        {
            nint outer = from / Axis.Count, i = from % Axis.Count;
            if (Axis.Inner == 1) Numbers(outer, i, from, to);
            else if (Axis.IsOfRows) Rows(outer, i, from, to);
            else Elements(outer, i, from, to);
        }

        /// <summary>Along the last axis, rows are elements too.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Numbers(nint outer, nint i, nint from, nint to)
        {
            nint length = Axis.Length;
            for (nint at = from, n; at < to; at += n, outer++, i = 0)
            {
                n = Math.Min(to - at, Axis.Count - i);
                T* x = X + outer * length, y = Y + at;
                long* index = Index + (Axis.IsOfRows ? i : at);
                for (nint k = 0; k < n; k++)
                {
                    nint place = (nint)index[k];
                    y[k] = x[place < 0 ? place + length : place];
                }
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Rows(nint outer, nint i, nint from, nint to)
        {
            nint inner = Axis.Inner, length = Axis.Length;
            T* y = Y + from * inner;
            for (nint rest = to - from; rest > 0; outer++, i = 0)
            {
                T* x = X + outer * length * inner;
                for (; i < Axis.Count && rest > 0; i++, rest--, y += inner)
                {
                    nint place = (nint)Index[i];
                    if (place < 0) place += length;
                    Store<T>.Row(y, x + place * inner, inner);
                }
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Elements(nint outer, nint i, nint from, nint to)
        {
            nint inner = Axis.Inner, length = Axis.Length, count = Axis.Count;
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
                if (++i < count) continue;
                i = 0;
                outer++;
            }
        }
    }
}
