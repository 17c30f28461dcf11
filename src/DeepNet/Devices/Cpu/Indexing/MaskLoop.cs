namespace DeepNet.Devices.Cpu;

/// <summary>Where a bool tensor is true.</summary>
internal static unsafe class MaskLoop
{
    private const int Block = 1 << 14;

    public static nint Count(Tensor mask)
    {
        byte* p = mask.Pointer<byte>();
        nint n = mask.Count, count = n;
        for (nint i = 0; i < n; i += Block) count -= new ReadOnlySpan<byte>(p + i, (int)Math.Min(Block, n - i)).Count((byte)0);
        GC.KeepAlive(mask);
        return count;
    }

    public static void Positions(Tensor mask, Tensor positions)
    {
        byte* p = mask.Pointer<byte>();
        long* next = positions.Pointer<long>();
        nint n = mask.Count, i = 0;
        // Eight at a time where there is nothing.
        for (; i + 8 <= n; i += 8)
        {
            if (Unsafe.ReadUnaligned<ulong>(p + i) == 0) continue;
            for (nint j = i; j < i + 8; j++)
                if (p[j] != 0) *next++ = j;
        }
        for (; i < n; i++)
            if (p[i] != 0) *next++ = i;
        GC.KeepAlive(mask);
        GC.KeepAlive(positions);
    }
}
