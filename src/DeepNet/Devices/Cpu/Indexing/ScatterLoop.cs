namespace DeepNet.Devices.Cpu;

/// <summary>
/// Writes rows or elements at indexed places of an axis. Parallel over places, or over columns of elements, never over indices: each
/// thread goes through all indices and writes in its own part only, so what meets in a place does so in the order of the indices.
/// </summary>
internal static unsafe class ScatterLoop
{
    // From so many columns on they are shared among threads; below, places are, and each thread reads all indices.
    private const nint RowGrain = 1 << 15, ElementGrain = 1 << 14, MinimumColumns = 128;

    public static void Run<T, TWrite>(Tensor target, IndexedAxis axis, Tensor index, Tensor source)
        where T : unmanaged where TWrite : struct, IWrite<T>
    {
        if (source.Count == 0) return;      // some length is 0, and it may be that of the outer axes
        var body = new Body<T, TWrite>
        {
            Axis = axis, Target = target.Pointer<T>(), Index = index.Pointer<long>(), Source = source.Pointer<T>(),
            IsByColumn = axis is { IsOfRows: false, Outer: 1, Inner: >= MinimumColumns },
        };
        nint grain = axis.IsOfRows ? RowGrain : ElementGrain;
        if (axis.Outer > 1) WorkerPool.For(axis.Outer, Math.Max(1, grain / (axis.Count * axis.Inner)), ref body);
        else if (body.IsByColumn) WorkerPool.For(axis.Inner, Math.Max(16, grain / axis.Count), ref body);
        else if (source.Count <= grain) body.Run(0, axis.Length);
        else WorkerPool.For(axis.Length, (axis.Length - 1) / WorkerPool.Threads + 1, ref body);
    }

    private struct Body<T, TWrite> : IParallelBody where T : unmanaged where TWrite : struct, IWrite<T>
    {
        public IndexedAxis Axis;
        public T* Target, Source;
        public long* Index;
        public bool IsByColumn;

        public readonly void Run(nint from, nint to)
        {
            if (IsByColumn) Part(0, 0, Axis.Length, from, to);
            else if (Axis.Outer == 1) Part(0, from, to, 0, Axis.Inner);
            else
                for (nint o = from; o < to; o++) Part(o, 0, Axis.Length, 0, Axis.Inner);
        }

        /// <summary>Writes what belongs into the places [from, to) of some columns of one outer position.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Part(nint outer, nint from, nint to, nint column, nint end)
        {
            nint inner = Axis.Inner, length = Axis.Length, count = Axis.Count;
            T* target = Target + outer * length * inner, source = Source + outer * count * inner;
            long* index = Index + (Axis.IsOfRows ? 0 : outer * count * inner);
            if (inner == 1 || Axis.IsOfRows)
            {
                for (nint i = 0; i < count; i++)
                {
                    nint place = (nint)index[i];
                    if (place < 0) place += length;
                    if (place < from || place >= to) continue;
                    if (inner == 1) TWrite.One(ref target[place], source[i]);
                    else TWrite.Row(target + place * inner, source + i * inner, inner);
                }
                return;
            }
            for (nint i = 0; i < count; i++, index += inner, source += inner)
                for (nint k = column; k < end; k++)
                {
                    nint place = (nint)index[k];
                    if (place < 0) place += length;
                    if (place >= from && place < to) TWrite.One(ref target[place * inner + k], source[k]);
                }
        }
    }
}
