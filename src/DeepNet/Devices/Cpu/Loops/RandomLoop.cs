namespace DeepNet.Devices.Cpu;

/// <summary>
/// Fills memory with random numbers: words are written into the result itself, a piece that stays in the first-level cache at a time, then
/// turned into numbers in place.
/// </summary>
/// <remarks>Formulas are compiled by themselves: inlined among the words, they would run out of the JIT's budget.</remarks>
internal static unsafe class RandomLoop
{
    /// <summary>A multiple of the groups of normals, so that no thread starts inside one.</summary>
    public const int Grain = 1 << 13;

    private const int Piece = 2048, Group = RandomSource.PairGroup, Half = Group / 2;

    /// <summary>Numbers of a distribution; or products with them, which are never stored themselves.</summary>
    public struct Uniforms<TDistribution, V, T> : IParallelBody
        where TDistribution : unmanaged, IDistribution where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TDistribution Distribution;
        public RandomSource Stream;
        public T* Y;

        /// <summary>The elements that the numbers are multiplied with, or null.</summary>
        public T* Factor;

        public readonly void Run(nint from, nint to)
        {
            if (Factor != null) Products(from, to);
            else
                for (nint i = from; i < to; i += Piece)
                {
                    nint n = Math.Min(Piece, to - i);
                    RandomWords.Fill(Stream, Y + i, i, n);
                    RandomWords.ToUnits(Y + i, n);
                    Shape(Distribution, Y + i, n);
                }
        }

        [SkipLocalsInit]
        private readonly void Products(nint from, nint to)
        {
            const int Some = Piece / 2;
            T* units = stackalloc T[Some];
            for (nint i = from; i < to; i += Some)
            {
                nint n = Math.Min(Some, to - i);
                // Floats lie in the upper half of the room of doubles, and are widened from the left without meeting.
                float* narrow = (float*)(units + Some) - Some;
                RandomWords.Fill(Stream, narrow, i, n);
                RandomWords.ToUnits(narrow, n);
                if (typeof(T) == typeof(double))
                    for (nint j = 0; j < n; j++) ((double*)units)[j] = narrow[j];
                Multiply(Distribution, units, Factor + i, Y + i, n);
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Shape(TDistribution distribution, T* p, nint n)
        {
            nint i = 0;
            for (; i <= n - V.Lanes; i += V.Lanes)
                distribution.From(V.Load(p + i)).Store(p + i);
            if (i < n)
                distribution.From(V.LoadPart(p + i, (int)(n - i))).StorePart(p + i, (int)(n - i));
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Multiply(TDistribution distribution, T* units, T* x, T* y, nint n)
        {
            nint i = 0;
            for (; i <= n - V.Lanes; i += V.Lanes)
                (V.Load(x + i) * distribution.From(V.Load(units + i))).Store(y + i);
            if (i < n)
                (V.LoadPart(x + i, (int)(n - i)) * distribution.From(V.LoadPart(units + i, (int)(n - i)))).StorePart(y + i, (int)(n - i));
        }
    }

    /// <summary>Pairs of normal numbers.</summary>
    public struct Normals<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public NormalPairs Normal;
        public RandomSource Stream;
        public T* Y;

        [SkipLocalsInit]
        public readonly void Run(nint from, nint to)
        {
            nint whole = from + (to - from) / Group * Group;
            for (nint i = from; i < whole; i += Piece) Groups(Y + i, i, Math.Min(Piece, whole - i));
            if (whole == to) return;
            // The group at the end is drawn whole, for the partners of what is in range.
            T* last = stackalloc T[Group];
            Groups(last, whole, Group);
            Buffer.MemoryCopy(last, Y + whole, (to - whole) * sizeof(T), (to - whole) * sizeof(T));
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Groups(T* p, nint first, nint n)
        {
            RandomWords.Fill(Stream, p, first, n);
            for (nint i = 0; i < n; i += Group)
            {
                RandomWords.ToPositiveUnits(p + i, Half);
                RandomWords.ToSignedUnits(p + i + Half, Half);
            }
            Pairs(Normal, p, n);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private static void Pairs(NormalPairs normal, T* p, nint n)
        {
            for (T* end = p + n; p < end; p += Group)
                for (int i = 0; i < Half; i += V.Lanes)
                {
                    var (first, second) = normal.Pair(V.Load(p + i), V.Load(p + i + Half));
                    first.Store(p + i);
                    second.Store(p + i + Half);
                }
        }
    }

    public struct Integers<T> : IParallelBody where T : unmanaged, IBinaryInteger<T>
    {
        public long Low;
        public ulong Range;
        public RandomSource Stream;
        public T* Y;

        [MethodImpl(NoInlining | AggressiveOptimization), SkipLocalsInit]
        public readonly void Run(nint from, nint to)
        {
            const int Some = 512;
            ulong* words = stackalloc ulong[Some];
            for (nint i = from; i < to; i += Some)
            {
                nint n = Math.Min(Some, to - i);
                Philox.Fill(Stream.Key, 0, Stream.Counter, (uint*)words, 2 * n, 2 * i);
                for (nint j = 0; j < n; j++)
                    Y[i + j] = T.CreateTruncating(unchecked(Low + (long)Math.BigMul(words[j], Range, out _)));
            }
        }
    }
}
