using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Copies elements that lie side by side; the two places do not overlap. The system's own copy is for long stretches: for short ones
/// the call is dear, and for some KiB it takes string instructions, which some processors run ten times slower than
/// vectors where source and target do not lie alike in their pages.
/// </summary>
internal static unsafe class CopyRow
{
    private const nint Long = 1 << 18;

    [MethodImpl(AggressiveInlining)]
    public static void Run<T>(T* from, T* to, nint n) where T : unmanaged => Bytes((byte*)from, (byte*)to, n * sizeof(T));

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Bytes(byte* from, byte* to, nint n)
    {
        if (n < 32)
            Short(from, to, n);
        else if (n >= Long)
            Buffer.MemoryCopy(from, to, n, n);
        else
        {
            nint i = 0;
            for (; i <= n - 128; i += 128)
            {
                Vector256<byte> a = Vector256.Load(from + i), b = Vector256.Load(from + i + 32), c = Vector256.Load(from + i + 64),
                    d = Vector256.Load(from + i + 96);
                a.Store(to + i);
                b.Store(to + i + 32);
                c.Store(to + i + 64);
                d.Store(to + i + 96);
            }
            for (; i <= n - 32; i += 32) Vector256.Load(from + i).Store(to + i);
            // The last vector may write some bytes again, the same.
            if (i < n) Vector256.Load(from + n - 32).Store(to + n - 32);
        }
    }

    // Two halves that meet or overlap.
    [MethodImpl(AggressiveInlining)]
    private static void Short(byte* from, byte* to, nint n)
    {
        if (n >= 16)
        {
            var end = Vector128.Load(from + n - 16);
            Vector128.Load(from).Store(to);
            end.Store(to + n - 16);
        }
        else if (n >= 8)
        {
            ulong start = Unsafe.ReadUnaligned<ulong>(from), end = Unsafe.ReadUnaligned<ulong>(from + n - 8);
            Unsafe.WriteUnaligned(to, start);
            Unsafe.WriteUnaligned(to + n - 8, end);
        }
        else if (n >= 4)
        {
            uint start = Unsafe.ReadUnaligned<uint>(from), end = Unsafe.ReadUnaligned<uint>(from + n - 4);
            Unsafe.WriteUnaligned(to, start);
            Unsafe.WriteUnaligned(to + n - 4, end);
        }
        else
            for (nint i = 0; i < n; i++) to[i] = from[i];
    }
}
