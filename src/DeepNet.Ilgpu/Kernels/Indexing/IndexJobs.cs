namespace DeepNet.Ilgpu;

/// <summary>y[o, i, k] = x[o, index[o, i, k], k]; of rows, x[o, index[i], k].</summary>
internal struct GatherJob<T> : IWideJob where T : unmanaged
{
    public ArrayView<T> X, Y;
    public ArrayView<long> Index;
    public long Length;
    public Divisor Count, Inner;
    public int IsOfRows;

    public static string Name => "gather";

    public void Run(long i)
    {
        long row = Inner.Of(i), outer = Count.Of(row), from = Index[IsOfRows != 0 ? row - outer * Count : i];
        Y[i] = X[(outer * Length + Places.Of(from, Length)) * Inner + i - row * Inner];
    }

    // Four neighbours lie in one row.
    public void RunFour(int i)
    {
        long row = Inner.Of(4L * i), outer = Count.Of(row), from = Index[row - outer * Count];
        Fours.Write(Y, i, X.AsAligned(Fours.Alignment)
            .Cast<Four<T>>()[((outer * Length + Places.Of(from, Length)) * Inner + 4L * i - row * Inner) >> 2]);
    }
}

/// <summary>Combines the old value and the new one at an indexed position.</summary>
internal interface IGpuWrite<T> where T : unmanaged
{
    static abstract T Of(T old, T value);
}

/// <summary>The new value replaces the old.</summary>
internal readonly struct GpuStore<T> : IGpuWrite<T> where T : unmanaged
{
    public static T Of(T old, T value) => value;
}

/// <summary>The new value is added to the old.</summary>
internal readonly struct GpuAccumulate<V, T> : IGpuWrite<T> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public static T Of(T old, T value) => V.To(V.From(old) + V.From(value));
}

/// <summary>
/// target[o, index[o, i, k], k] = source[o, i, k], or +=, in the order of i: a thread a column, so that the last one stays. Of rows,
/// index[i].
/// </summary>
internal struct ScatterJob<TWrite, T> : IJob where TWrite : unmanaged, IGpuWrite<T> where T : unmanaged
{
    public ArrayView<T> Target, Source;
    public ArrayView<long> Index;
    public long Length, Count;
    public Divisor Inner;
    public int IsOfRows;

    public static string Name => "scatter";

    public void Run(long i)
    {
        long outer = Inner.Of(i), column = i - outer * Inner, from = outer * Count * Inner + column;
        long index = IsOfRows != 0 ? 0 : from, step = IsOfRows != 0 ? 1 : Inner;
        for (long k = 0; k < Count; k++, from += Inner, index += step)
        {
            long at = (outer * Length + Places.Of(Index[index], Length)) * Inner + column;
            Target[at] = TWrite.Of(Target[at], Source[from]);
        }
    }
}

/// <summary>
/// Rows added by groups that each own some columns of a row of the target and look through all indices for it, an index a thread: more
/// reading, in the same order, and far more threads. Worth it where the target has few rows, as a vocabulary of letters.
/// </summary>
internal struct CollectRowsJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Target, Source;
    public ArrayView<long> Index;
    public Divisor Length, Tiles;
    public long Count, Inner;

    public static string Name => "index_add";

    public void Run(long group)
    {
        var marks = SharedMemory.Allocate<Four<int>>(Folding.MostThreads / 4).AsAligned(Fours.Alignment);
        var hits = SharedMemory.Allocate<int>(Folding.MostThreads + 1);
        var single = marks.Cast<int>();
        long line = Tiles.Of(group), outer = Length.Of(line), row = line - outer * Length.Value,
            column = (group - line * Tiles.Value) * Group.DimX + Group.IdxX, at = line * Inner + column;
        bool isThere = column < Inner;
        V sum = V.Constant(0);
        if (isThere) sum = V.From(Target[at]);
        var source = Source.SubView(outer * Count * Inner);
        Group.Barrier();                                 // whoever is still busy with another row
        for (int i = Group.IdxX; i < Folding.MostThreads; i += Group.DimX) single[i] = 0;
        for (long first = 0; first < Count; first += Group.DimX)
        {
            Group.Barrier();
            int mark = 0;
            if (first + Group.IdxX < Count)
            {
                long to = Index[first + Group.IdxX];
                mark = to == row || to + Length.Value == row ? 1 : 0;
            }
            single[Group.IdxX] = mark;
            Group.Barrier();
            if (Group.IdxX == 0)
            {
                int found = 0;
                for (int i = 0; i < (Group.DimX + 3) >> 2; i++)
                {
                    var four = marks[i];
                    if ((four.A | four.B | four.C | four.D) == 0) continue;
                    if (four.A != 0) hits[found++] = 4 * i;
                    if (four.B != 0) hits[found++] = 4 * i + 1;
                    if (four.C != 0) hits[found++] = 4 * i + 2;
                    if (four.D != 0) hits[found++] = 4 * i + 3;
                }
                hits[Folding.MostThreads] = found;
            }
            Group.Barrier();
            int count = isThere ? hits[Folding.MostThreads] : 0, hit = 0;
            for (; hit + 3 < count; hit += 4)
            {
                V a = V.From(source[(first + hits[hit]) * Inner + column]), b = V.From(source[(first + hits[hit + 1]) * Inner + column]);
                V c = V.From(source[(first + hits[hit + 2]) * Inner + column]),
                    d = V.From(source[(first + hits[hit + 3]) * Inner + column]);
                sum = sum + a + b + c + d;
            }
            for (; hit < count; hit++) sum += V.From(source[(first + hits[hit]) * Inner + column]);
        }
        if (isThere) Target[at] = V.To(sum);
    }
}

/// <summary>
/// Where in its piece of the indices the first one is that is neither in [lowest, end) nor ignored, and how many are not ignored. A group
/// that is the only one gives the result.
/// </summary>
internal struct OutsideJob<TElement, T> : IGroupJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<long> Index, Parts;
    public OutsideResult<TElement, T> Result;
    public long Lowest, End, Ignored, Count, Each;
    public int HasIgnored;

    public static string Name => "index check";

    public void Run(long group)
    {
        long last = (group + 1) * Each < Count ? (group + 1) * Each : Count, found = long.MaxValue, counted = 0;
        for (long k = group * Each + Group.IdxX; k < last; k += Group.DimX)
        {
            long index = Index[k];
            if (HasIgnored != 0 && index == Ignored) continue;
            counted++;
            if ((index < Lowest || index >= End) && k < found) found = k;
        }
        found = GpuInt64.To(Folding.Fold<Ops.Smallest, GpuInt64, long>(GpuInt64.From(found)));
        counted = GpuInt64.To(Folding.Sum<GpuInt64, long>(GpuInt64.From(counted)));
        if (Group.IdxX != 0) return;
        if (Each >= Count)
        {
            Result.Write(Index, found, counted);
            return;
        }
        Parts[2 * group] = found;
        Parts[2 * group + 1] = counted;
    }
}

/// <summary>Puts together what several pieces found.</summary>
internal struct OutsideResultJob<TElement, T> : IJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<long> Index, Parts;
    public OutsideResult<TElement, T> Result;
    public long Pieces;

    public static string Name => "index check";

    public void Run(long i)
    {
        long found = long.MaxValue, counted = 0;
        for (long piece = 0; piece < Pieces; piece++)
        {
            if (Parts[2 * piece] < found) found = Parts[2 * piece];
            counted += Parts[2 * piece + 1];
        }
        Result.Write(Index, found, counted);
    }
}

/// <summary>
/// The outcome of a check: the first bad place (−1 if there is none) and what is there, and the number of those that count.
/// </summary>
internal struct OutsideResult<TElement, T> where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<long> Found;
    public ArrayView<T> Counted;
    public int HasCounted;

    [MethodImpl(AggressiveInlining)]
    public readonly void Write(ArrayView<long> index, long found, long counted)
    {
        Found[0] = found == long.MaxValue ? -1 : found;
        Found[1] = found == long.MaxValue ? 0 : index[found];
        if (HasCounted != 0) Counted[0] = TElement.FromInt64(counted);
    }
}

/// <summary>Indices as kernels use them.</summary>
internal static class Places
{
    /// <summary>
    /// The place that an index names, counted from the end if it is negative. One that names none is on its way to an error that is told
    /// later, and must do no harm until then: it becomes the nearest.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static long Of(long index, long length)
    {
        if (index < 0) index += length;
        return index < 0 ? 0 : index < length ? index : length - 1;
    }
}

/// <summary>Counts the true elements of each run of a mask.</summary>
internal struct CountRunsJob : IJob
{
    public ArrayView<byte> Mask;
    public ArrayView<long> Counts;
    public Divisor Inner, Runs;
    public long Length, Size;

    public static string Name => "mask";

    public void Run(long i)
    {
        long at = Inner.Of(i), outer = Runs.Of(at), start = (at - outer * Runs) * Size, end = start + Size < Length ? start + Size : Length;
        long step = Inner, first = outer * Length * step + i - at * step, sum = 0;
        for (long k = start; k < end; k++) sum += Mask[first + k * step];
        Counts[i] = sum;
    }
}

/// <summary>Writes the positions of the true elements of each run, from where the runs before it end.</summary>
internal struct PositionsJob : IJob
{
    public ArrayView<byte> Mask;
    public ArrayView<long> Ends, Positions;
    public long Count, Run0;

    public static string Name => "mask";

    public void Run(long i)
    {
        long end = (i + 1) * Run0 < Count ? (i + 1) * Run0 : Count, at = i == 0 ? 0 : Ends[i - 1];
        for (long k = i * Run0; k < end; k++)
            if (Mask[k] != 0) Positions[at++] = k;
    }
}

/// <summary>One coordinate of row-major positions.</summary>
internal struct UnravelJob : IJob
{
    public ArrayView<long> Positions, Coordinates;
    public Divisor Inner, Length;
    public long Axes, Axis;

    public static string Name => "nonzero";

    public void Run(long i)
    {
        long place = Inner.Of(Positions[i]);
        Coordinates[i * Axes + Axis] = place - Length.Of(place) * Length;
    }
}
