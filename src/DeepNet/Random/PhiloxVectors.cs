using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>A hardware vector of whole Philox blocks.</summary>
internal unsafe interface IPhiloxVector<TVector> where TVector : unmanaged
{
    /// <summary>Blocks per vector.</summary>
    static abstract int Blocks { get; }

    /// <summary>The four words in every block.</summary>
    static abstract TVector Repeat(uint x0, uint x1, uint x2, uint x3);

    /// <summary>The counters low, low + 1, … in front of the same high half.</summary>
    static abstract TVector Counters(ulong high, ulong low);

    /// <summary>Adds the words without carries.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>
    /// One round: the even words times the multipliers, each block's products reversed, mixed with its odd words and the key.
    /// </summary>
    static abstract TVector Round(TVector x, TVector multipliers, TVector key);

    static abstract void Store(TVector v, uint* p);
}

/// <summary>
/// <see cref="Philox"/> for many consecutive counters at once. Words stay in the order in which they lie in memory: the
/// widening multiply of the hardware takes every other word, and these are just the two that a round multiplies, so
/// nothing has to be transposed.
/// </summary>
internal static unsafe class PhiloxVectors
{
    /// <summary>Fills blocks from <paramref name="counter"/> on with the widest vectors, and returns how many it did.</summary>
    /// <remarks>It leaves over what does not fill its vectors, and stops where the lower half of the counter overflows.</remarks>
    public static nint Fill(ulong key, UInt128 counter, uint* output, nint blocks)
    {
        if (Vector512.IsHardwareAccelerated)
            return Fill<Philox512, Vector512<uint>>(key, counter, output, blocks);
        return Vector256.IsHardwareAccelerated ? Fill<Philox256, Vector256<uint>>(key, counter, output, blocks) : 0;
    }

    /// <summary>
    /// <see cref="Fill(ulong, UInt128, uint*, nint)"/> with one width, four vectors at a time to hide the latency of the rounds.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static nint Fill<TLanes, TVector>(ulong key, UInt128 counter, uint* output, nint blocks)
        where TLanes : IPhiloxVector<TVector>
        where TVector : unmanaged
    {
        int some = TLanes.Blocks, words = some * Philox.BlockSize;
        ulong low = (ulong)counter, high = (ulong)(counter >> 64);
        ulong untilOverflow = ulong.MaxValue - low;
        if (untilOverflow < (ulong)blocks)
            blocks = (nint)untilOverflow;

        TVector multipliers = TLanes.Repeat(Philox.Multiplier0, 0, Philox.Multiplier1, 0);
        TVector weyl = TLanes.Repeat(Philox.Weyl0, 0, Philox.Weyl1, 0), first = TLanes.Repeat((uint)key, 0, (uint)(key >> 32), 0);
        nint done = 0;
        for (; done + 4 * some <= blocks; done += 4 * some)
        {
            ulong next = low + (ulong)done;
            TVector a = TLanes.Counters(high, next), b = TLanes.Counters(high, next + (ulong)some);
            TVector c = TLanes.Counters(high, next + 2 * (ulong)some), d = TLanes.Counters(high, next + 3 * (ulong)some);
            TVector round = first;
            for (int i = 0; i < Philox.Rounds; i++)
            {
                a = TLanes.Round(a, multipliers, round);
                b = TLanes.Round(b, multipliers, round);
                c = TLanes.Round(c, multipliers, round);
                d = TLanes.Round(d, multipliers, round);
                round = TLanes.Add(round, weyl);
            }

            TLanes.Store(a, output);
            TLanes.Store(b, output + words);
            TLanes.Store(c, output + 2 * words);
            TLanes.Store(d, output + 3 * words);
            output += 4 * words;
        }

        return done;
    }
}

/// <inheritdoc cref="IPhiloxVector{TVector}"/>
internal readonly unsafe struct Philox256 : IPhiloxVector<Vector256<uint>>
{
    public static int Blocks => 2;

    [MethodImpl(AggressiveInlining)]
    public static Vector256<uint> Repeat(uint x0, uint x1, uint x2, uint x3) => Vector256.Create(Vector128.Create(x0, x1, x2, x3));

    [MethodImpl(AggressiveInlining)]
    public static Vector256<uint> Counters(ulong high, ulong low) => Vector256.Create(low, high, low + 1, high).AsUInt32();

    [MethodImpl(AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(AggressiveInlining)]
    public static Vector256<uint> Round(Vector256<uint> x, Vector256<uint> multipliers, Vector256<uint> key)
    {
        Vector256<uint> products = Avx2.IsSupported
            ? Avx2.Multiply(x, multipliers).AsUInt32()
            : ((x.AsUInt64() & Vector256.Create((ulong)uint.MaxValue)) * multipliers.AsUInt64()).AsUInt32();
        Vector256<uint> reversed = Avx2.IsSupported
            ? Avx2.Shuffle(products, 0b00_01_10_11)
            : Vector256.Shuffle(products, Vector256.Create(3u, 2, 1, 0, 7, 6, 5, 4));
        return reversed ^ (x.AsUInt64() >>> 32).AsUInt32() ^ key;
    }

    [MethodImpl(AggressiveInlining)]
    public static void Store(Vector256<uint> v, uint* p) => v.Store(p);
}

/// <inheritdoc cref="IPhiloxVector{TVector}"/>
internal readonly unsafe struct Philox512 : IPhiloxVector<Vector512<uint>>
{
    public static int Blocks => 4;

    [MethodImpl(AggressiveInlining)]
    public static Vector512<uint> Repeat(uint x0, uint x1, uint x2, uint x3) => Vector512.Create(Vector128.Create(x0, x1, x2, x3));

    [MethodImpl(AggressiveInlining)]
    public static Vector512<uint> Counters(ulong high, ulong low)
        => Vector512.Create(low, high, low + 1, high, low + 2, high, low + 3, high).AsUInt32();

    [MethodImpl(AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(AggressiveInlining)]
    public static Vector512<uint> Round(Vector512<uint> x, Vector512<uint> multipliers, Vector512<uint> key)
    {
        Vector512<uint> products = Avx512F.IsSupported
            ? Avx512F.Multiply(x, multipliers).AsUInt32()
            : ((x.AsUInt64() & Vector512.Create((ulong)uint.MaxValue)) * multipliers.AsUInt64()).AsUInt32();
        Vector512<uint> reversed = Avx512F.IsSupported
            ? Avx512F.Shuffle(products, 0b00_01_10_11)
            : Vector512.Shuffle(products, Vector512.Create(3u, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
        return reversed ^ (x.AsUInt64() >>> 32).AsUInt32() ^ key;
    }

    [MethodImpl(AggressiveInlining)]
    public static void Store(Vector512<uint> v, uint* p) => v.Store(p);
}
