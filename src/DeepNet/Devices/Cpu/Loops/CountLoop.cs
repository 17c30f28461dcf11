using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>Counts the true elements of runs of a dense bool tensor.</summary>
internal static unsafe class CountLoop
{
    /// <summary>Columns that are counted at a time. Counts are bytes until they are written: a run has at most 255 elements.</summary>
    private const int Strip = 2048;

    private const nint Grain = 1 << 16;

    public static void Run(byte* mask, long* counts, nint outer, nint length, nint inner, nint run)
    {
        nint runs = (length - 1) / run + 1, strips = (inner - 1) / Strip + 1;
        var body = new Body { Mask = mask, Counts = counts, Length = length, Inner = inner, Size = run, Runs = runs, Strips = strips };
        WorkerPool.For(outer * runs * strips, Math.Max(1, Grain / (Math.Min(run, length) * Math.Min(Strip, inner))), ref body);
    }

    private struct Body : IParallelBody
    {
        public byte* Mask;
        public long* Counts;
        public nint Length, Inner, Size, Runs, Strips;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                nint strip = i % Strips * Strip, at = i / Strips, row = at % Runs * Size;
                byte* mask = Mask + (at / Runs * Length + row) * Inner + strip;
                nint rows = Math.Min(Size, Length - row);
                if (Inner == 1) Counts[at] = rows - new ReadOnlySpan<byte>(mask, (int)rows).Count((byte)0);
                else Columns(mask, Counts + at * Inner + strip, (int)rows, (int)Math.Min(Strip, Inner - strip));
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Columns(byte* mask, long* counts, int rows, int columns)
        {
            byte* falses = stackalloc byte[Strip];
            new Span<byte>(falses, columns).Clear();
            for (int row = 0; row < rows; row++, mask += Inner)
            {
                int i = 0;
                // True where equal is −1, so that what is false is added.
                for (; i <= columns - 32; i += 32)
                    (Vector256.Load(falses + i) - Vector256.Equals(Vector256.Load(mask + i), Vector256<byte>.Zero)).Store(falses + i);
                for (; i < columns; i++) falses[i] += mask[i] == 0 ? (byte)1 : (byte)0;
            }
            for (int i = 0; i < columns; i++) counts[i] = rows - falses[i];
        }
    }
}
