namespace DeepNet.Devices.Cpu;

/// <summary>Finds the true elements of a bool tensor.</summary>
internal static unsafe class MaskLoop
{
    private const int Block = 1 << 14;

    public static void Positions(Tensor mask, Tensor positions)
    {
        byte* p = mask.Pointer<byte>();
        long* next = positions.Pointer<long>();
        long* end = next + positions.Count;
        nint n = mask.Count, i = 0;
        while (next < end)
        {
            // Nothing in eight places is passed over at once; else no branch depends on the mask, which may be random.
            if (i + 8 <= n && Unsafe.ReadUnaligned<ulong>(p + i) == 0)
            {
                i += 8;
                continue;
            }
            for (nint stop = Math.Min(i + 8, n); i < stop && next < end; i++)
            {
                *next = i;
                next += p[i] != 0 ? 1 : 0;
            }
        }
        Tensor.KeepAlive(mask, positions);
    }

    /// <summary>Coordinates of row-major positions: a row for each, a column for each axis.</summary>
    public static void Unravel(Tensor positions, Shape shape, Tensor coordinates)
    {
        var body = new UnravelBody { From = positions.Pointer<long>(), To = coordinates.Pointer<long>(), Rank = shape.Rank };
        for (int i = 0; i < shape.Rank; i++) body.Lengths[i] = shape[i];
        WorkerPool.For(positions.Count, Block, ref body, positions, coordinates);
    }

    private struct UnravelBody : IParallelBody
    {
        public long* From, To;
        public int Rank;
        public fixed int Lengths[Shape.MaxRank];

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                ulong position = (ulong)From[i];
                for (int axis = Rank - 1; axis >= 0; axis--)
                {
                    // Division of 32 bits is several times faster than of 64.
                    ulong length = (ulong)Lengths[axis], rest = position <= uint.MaxValue ? (uint)position / (uint)length
                        : position / length;
                    To[i * Rank + axis] = (long)(position - rest * length);
                    position = rest;
                }
            }
        }
    }
}
