namespace DeepNet.Ilgpu;

/// <summary>y = the distribution's formula of uniform numbers.</summary>
internal struct RandomJob<TDistribution, TUnits, V, T> : IWideJob
    where TDistribution : unmanaged, IDistribution where TUnits : unmanaged, IGpuUnits<V> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TDistribution Distribution;
    public PhiloxOnGpu Words;
    public ArrayView<T> Y;

    public static string Name => "random";

    public void Run(long i) => Y[i] = V.To(Distribution.From(TUnits.Unit(Words, i)));

    public void RunFour(int i)
    {
        var units = TUnits.Units(Words, i);
        Fours.Write(Y, i, new(V.To(Distribution.From(units.A)), V.To(Distribution.From(units.B)), V.To(Distribution.From(units.C)),
            V.To(Distribution.From(units.D))));
    }
}

/// <summary>Pairs of normal numbers: a thread a pair, half a group apart.</summary>
internal struct NormalJob<TUnits, V, T> : IJob where TUnits : unmanaged, IGpuUnits<V> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    private const int Half = RandomSource.PairGroup / 2;

    public NormalPairs Normal;
    public PhiloxOnGpu Words;
    public ArrayView<T> Y;
    public long Count;

    public static string Name => "normal";

    public void Run(long i)
    {
        long at = i / Half * RandomSource.PairGroup + i % Half;
        var (first, second) = Normal.Pair(TUnits.PositiveUnit(Words, at), TUnits.SignedUnit(Words, at + Half));
        if (at < Count) Y[at] = V.To(first);
        if (at + Half < Count) Y[at + Half] = V.To(second);
    }
}

/// <summary>Integers of a range.</summary>
internal struct IntegerJob<TElement, T> : IJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public long Low;
    public ulong Range;
    public PhiloxOnGpu Words;
    public ArrayView<T> Y;

    public static string Name => "rand_int";

    public void Run(long i) => Y[i] = TElement.FromInt64(Low + (long)High(Words.Pair(i), Range));

    /// <summary>The upper half of a product of 128 bits.</summary>
    private static ulong High(ulong a, ulong b)
    {
        ulong a0 = (uint)a, a1 = a >> 32, b0 = (uint)b, b1 = b >> 32;
        ulong middle = a1 * b0 + ((a0 * b0) >> 32), rest = (uint)middle + a0 * b1;
        return a1 * b1 + (middle >> 32) + (rest >> 32);
    }
}

/// <summary>y = x times random factors that are never stored.</summary>
internal struct MultiplyRandomJob<TDistribution, V, T> : IWideJob
    where TDistribution : unmanaged, IDistribution where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TDistribution Distribution;
    public PhiloxOnGpu Words;
    public ArrayView<T> X, Y;

    public static string Name => "dropout";

    public void Run(long i) => Y[i] = Value(X[i], Words.Word(i));

    public void RunFour(int i)
    {
        var words = Words.Words(i);
        var x = Fours.Read(X, i);
        Fours.Write(Y, i, new(Value(x.A, words.A), Value(x.B, words.B), Value(x.C, words.C), Value(x.D, words.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Value(T x, uint word) => V.To(V.From(x) * Distribution.From(PhiloxOnGpu.Unit<V, T>(word)));
}
