namespace DeepNet.Ilgpu;

/// <summary>Random words in kernels: the processor's, bit for bit.</summary>
internal struct PhiloxOnGpu(RandomSource stream)
{
    private readonly ulong key = stream.Key, counter = stream.Counter;

    /// <summary>Word number i of the stream.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly uint Word(long i)
    {
        var (a, b, c, d) = Block(i >> 2);
        int place = (int)(i & 3);
        return place == 0 ? a : place == 1 ? b : place == 2 ? c : d;
    }

    /// <summary>Words 2i and 2i + 1 as a little-endian number.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly ulong Pair(long i)
    {
        var (a, b, c, d) = Block(i >> 1);
        return (i & 1) == 0 ? a | ((ulong)b << 32) : c | ((ulong)d << 32);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly (uint, uint, uint, uint) Block(long number)
    {
        ulong low = counter + (ulong)number;
        uint x0 = (uint)low, x1 = (uint)(low >> 32), x2 = low < counter ? 1u : 0u, x3 = 0, k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            ulong p0 = (ulong)Philox.Multiplier0 * x0, p1 = (ulong)Philox.Multiplier1 * x2;
            uint y0 = (uint)(p1 >> 32) ^ x1 ^ k0, y2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x1 = (uint)p1;
            x3 = (uint)p0;
            x0 = y0;
            x2 = y2;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }
        return (x0, x1, x2, x3);
    }

    /// <summary>Words 4i to 4i + 3, which come from one block.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly Four<uint> Words(long i)
    {
        var (a, b, c, d) = Block(i);
        return new(a, b, c, d);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly float Unit(long i) => Unit(Word(i));

    /// <summary>The same of a word.</summary>
    [MethodImpl(AggressiveInlining)]
    public static float Unit(uint word) => (int)(word >> 8) * (1f / (1 << 24));

    /// <summary>The same in any type of number.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Unit<V, T>(uint word) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => V.OfInt32((int)(word >> 8)) * V.Constant(1.0 / (1 << 24));

    /// <summary>A double in [1, 2) of the upper 52 bits of two words.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly double OneToTwo(long i) => OneToTwo(Pair(i));

    /// <inheritdoc cref="OneToTwo(long)"/>
    [MethodImpl(AggressiveInlining)]
    public static double OneToTwo(ulong pair) => Interop.IntAsFloat((pair >> 12) | 0x3FF0_0000_0000_0000UL);
}

/// <summary>Converts the words of a stream to numbers of an element type.</summary>
internal interface IGpuUnits<V> where V : unmanaged
{
    static abstract V Unit(PhiloxOnGpu words, long i);
    static abstract Four<V> Units(PhiloxOnGpu words, long four);
    static abstract V PositiveUnit(PhiloxOnGpu words, long i);
    static abstract V SignedUnit(PhiloxOnGpu words, long i);
}

internal readonly struct FloatUnits : IGpuUnits<GpuFloat>
{
    public static GpuFloat Unit(PhiloxOnGpu words, long i) => new(words.Unit(i));

    public static Four<GpuFloat> Units(PhiloxOnGpu words, long four)
    {
        var some = words.Words(four);
        return new(new(PhiloxOnGpu.Unit(some.A)), new(PhiloxOnGpu.Unit(some.B)), new(PhiloxOnGpu.Unit(some.C)),
            new(PhiloxOnGpu.Unit(some.D)));
    }

    public static GpuFloat PositiveUnit(PhiloxOnGpu words, long i) => new(((int)(words.Word(i) >> 1) + 0.5f) * (1f / (1u << 31)));
    public static GpuFloat SignedUnit(PhiloxOnGpu words, long i) => new((int)words.Word(i) * (1f / (1u << 31)));
}

internal readonly struct DoubleUnits : IGpuUnits<GpuDouble>
{
    public static GpuDouble Unit(PhiloxOnGpu words, long i) => new(words.OneToTwo(i) - 1);

    public static Four<GpuDouble> Units(PhiloxOnGpu words, long four)
    {
        Four<uint> low = words.Words(2 * four), high = words.Words(2 * four + 1);
        return new(Unit(low.A, low.B), Unit(low.C, low.D), Unit(high.A, high.B), Unit(high.C, high.D));
    }

    [MethodImpl(AggressiveInlining)]
    private static GpuDouble Unit(uint low, uint high) => new(PhiloxOnGpu.OneToTwo(low | ((ulong)high << 32)) - 1);

    public static GpuDouble PositiveUnit(PhiloxOnGpu words, long i) => new(words.OneToTwo(i) + (1.0 / (1UL << 53) - 1));
    public static GpuDouble SignedUnit(PhiloxOnGpu words, long i) => new(words.OneToTwo(i) * 2 - 3);
}
