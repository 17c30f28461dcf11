namespace DeepNet.Ilgpu;

/// <summary>Elements as unsigned numbers of the same order: NaN is the largest, and zeros of both signs are equal.</summary>
internal interface IGpuSortKeys<T> where T : unmanaged
{
    static abstract ulong Key(T element);
}

internal readonly struct SingleSortKeys : IGpuSortKeys<float>
{
    public static ulong Key(float element)
    {
        if (float.IsNaN(element)) return uint.MaxValue;
        uint bits = Interop.FloatAsInt(element + 0f);
        return bits ^ ((bits >> 31) != 0 ? 0xFFFFFFFFu : 0x80000000u);
    }
}

internal readonly struct DoubleSortKeys : IGpuSortKeys<double>
{
    public static ulong Key(double element)
    {
        if (double.IsNaN(element)) return ulong.MaxValue;
        ulong bits = Interop.FloatAsInt(element + 0.0);
        return bits ^ ((bits >> 63) != 0 ? ulong.MaxValue : 0x8000000000000000UL);
    }
}

internal readonly struct Int32SortKeys : IGpuSortKeys<int>
{
    public static ulong Key(int element) => (uint)element ^ 0x80000000u;
}

internal readonly struct Int64SortKeys : IGpuSortKeys<long>
{
    public static ulong Key(long element) => (ulong)element ^ 0x8000000000000000UL;
}

/// <summary>Of bools too.</summary>
internal readonly struct UInt8SortKeys : IGpuSortKeys<byte>
{
    public static ulong Key(byte element) => (ulong)(element & 255);
}

internal readonly struct Int8SortKeys : IGpuSortKeys<byte>
{
    public static ulong Key(byte element) => (ulong)((element & 255) ^ 128);
}

/// <summary>Keys and places of rows, filled up to a power of two with what comes last.</summary>
internal struct SortKeysJob<TKeys, T> : IJob where TKeys : unmanaged, IGpuSortKeys<T> where T : unmanaged
{
    public ArrayView<T> X;
    public ArrayView<ulong> Keys;
    public ArrayView<long> Places;
    public long N;
    public Divisor Workspace;
    public int IsDescending;

    public static string Name => "sort";

    public void Run(long i)
    {
        long row = Workspace.Of(i), place = i - row * Workspace;
        ulong key = ulong.MaxValue;
        if (place < N)
        {
            key = TKeys.Key(X[row * N + place]);
            if (IsDescending != 0) key = ~key;           // turned around, keys fall where elements rise, and equal ones keep their order
        }
        Keys[i] = key;
        Places[i] = place;
    }
}

/// <summary>One step of a bitonic sort by key, then place: no two are equal, so the order is the stable one.</summary>
internal struct SortStepJob : IJob
{
    public ArrayView<ulong> Keys;
    public ArrayView<long> Places;
    public long Half, Run0;

    public static string Name => "sort";

    public void Run(long i)
    {
        long low = (i / Half * 2 * Half) + i % Half, high = low + Half;
        bool rises = (low & Run0) == 0;
        ulong a = Keys[low], b = Keys[high];
        long placeA = Places[low], placeB = Places[high];
        bool isAfter = a > b || (a == b && placeA > placeB);
        if (isAfter != rises) return;
        Keys[low] = b;
        Keys[high] = a;
        Places[low] = placeB;
        Places[high] = placeA;
    }
}

/// <summary>The first places of each sorted row.</summary>
internal struct SortResultJob : IJob
{
    public ArrayView<long> Places, Order;
    public long Workspace;
    public Divisor Wanted;

    public static string Name => "sort";

    public void Run(long i)
    {
        long row = Wanted.Of(i);
        Order[i] = Places[row * Workspace + i - row * Wanted];
    }
}

/// <summary>Finds the position of each row's largest or smallest element, the first of equals; NaN counts as both.</summary>
internal struct ArgExtremeJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X;
    public ArrayView<long> Y;
    public RowPartition Share;
    public int IsLargest;

    public static string Name => "arg_max";

    public void Run(long group)
    {
        var values = SharedMemory.Allocate<T>(Folding.MostThreads);
        var places = SharedMemory.Allocate<long>(Folding.MostThreads);
        var row = Share.Of(group);
        long best = -1;
        V value = V.Constant(0);
        for (long i = row.Lane; i < row.Length; i += row.Lanes)
        {
            V x = V.From(X[row.Begin + i]);
            if (best >= 0 && !IsBetter(x, i, value, best)) continue;
            value = x;
            best = i;
        }
        Group.Barrier();
        values[Group.IdxX] = V.To(value);
        places[Group.IdxX] = best;
        Group.Barrier();
        for (int half = row.Lanes >> 1; half > 0; half >>= 1)
        {
            if (row.Lane < half)
            {
                long own = places[Group.IdxX], other = places[Group.IdxX + half];
                if (other >= 0 && (own < 0 || IsBetter(V.From(values[Group.IdxX + half]), other, V.From(values[Group.IdxX]), own)))
                {
                    values[Group.IdxX] = values[Group.IdxX + half];
                    places[Group.IdxX] = other;
                }
            }
            Group.Barrier();
        }
        if (row.IsFirst) Y[row.Index] = places[Group.IdxX];
    }

    [MethodImpl(AggressiveInlining)]
    private readonly bool IsBetter(V a, long placeA, V b, long placeB)
    {
        bool isNaN = V.IsNaN(a), wasNaN = V.IsNaN(b);
        if (isNaN != wasNaN) return isNaN;
        if (!isNaN)
        {
            if (IsLargest != 0 ? V.IsLess(b, a) : V.IsLess(a, b)) return true;
            if (IsLargest != 0 ? V.IsLess(a, b) : V.IsLess(b, a)) return false;
        }
        return placeA < placeB;
    }
}
