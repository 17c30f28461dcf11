using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Transposes squares of elements in registers: whole vectors are read and written, where a loop over elements would do neither.
/// </summary>
internal static unsafe class TransposeTile
{
    /// <summary>The length of a square's side for elements of so many bytes; 0 if this processor has no use for squares of them.</summary>
    [MethodImpl(AggressiveInlining)]
    public static int Side(int bytes) => !Avx.IsSupported ? 0 : bytes == 4 ? 8 : bytes == 8 ? 4 : 0;

    /// <summary>Row i of the target is column i of the source: to[i · toStride + j] = from[j · fromStride + i].</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Run<T>(T* from, nint fromStride, T* to, nint toStride) where T : unmanaged
    {
        if (sizeof(T) == 4) Eight((float*)from, fromStride, (float*)to, toStride);
        else Four((double*)from, fromStride, (double*)to, toStride);
    }

    // Only moved, never computed with: any 4 bytes may travel as a float.
    [MethodImpl(AggressiveInlining)]
    private static void Eight(float* p, nint s, float* q, nint t)
    {
        Vector256<float> a0 = Vector256.Load(p), a1 = Vector256.Load(p + s), a2 = Vector256.Load(p + 2 * s), a3 = Vector256.Load(p + 3 * s);
        Vector256<float> a4 = Vector256.Load(p + 4 * s), a5 = Vector256.Load(p + 5 * s), a6 = Vector256.Load(p + 6 * s),
            a7 = Vector256.Load(p + 7 * s);
        // Pairs, then fours within each half, then the halves.
        Vector256<float> b0 = Avx.UnpackLow(a0, a1), b1 = Avx.UnpackHigh(a0, a1), b2 = Avx.UnpackLow(a2, a3), b3 = Avx.UnpackHigh(a2, a3);
        Vector256<float> b4 = Avx.UnpackLow(a4, a5), b5 = Avx.UnpackHigh(a4, a5), b6 = Avx.UnpackLow(a6, a7), b7 = Avx.UnpackHigh(a6, a7);
        Vector256<float> c0 = Avx.Shuffle(b0, b2, 0x44), c1 = Avx.Shuffle(b0, b2, 0xEE), c2 = Avx.Shuffle(b1, b3, 0x44),
            c3 = Avx.Shuffle(b1, b3, 0xEE);
        Vector256<float> c4 = Avx.Shuffle(b4, b6, 0x44), c5 = Avx.Shuffle(b4, b6, 0xEE), c6 = Avx.Shuffle(b5, b7, 0x44),
            c7 = Avx.Shuffle(b5, b7, 0xEE);
        Avx.Permute2x128(c0, c4, 0x20).Store(q);
        Avx.Permute2x128(c1, c5, 0x20).Store(q + t);
        Avx.Permute2x128(c2, c6, 0x20).Store(q + 2 * t);
        Avx.Permute2x128(c3, c7, 0x20).Store(q + 3 * t);
        Avx.Permute2x128(c0, c4, 0x31).Store(q + 4 * t);
        Avx.Permute2x128(c1, c5, 0x31).Store(q + 5 * t);
        Avx.Permute2x128(c2, c6, 0x31).Store(q + 6 * t);
        Avx.Permute2x128(c3, c7, 0x31).Store(q + 7 * t);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Four(double* p, nint s, double* q, nint t)
    {
        Vector256<double> a0 = Vector256.Load(p), a1 = Vector256.Load(p + s), a2 = Vector256.Load(p + 2 * s),
            a3 = Vector256.Load(p + 3 * s);
        Vector256<double> b0 = Avx.UnpackLow(a0, a1), b1 = Avx.UnpackHigh(a0, a1), b2 = Avx.UnpackLow(a2, a3), b3 = Avx.UnpackHigh(a2, a3);
        Avx.Permute2x128(b0, b2, 0x20).Store(q);
        Avx.Permute2x128(b1, b3, 0x20).Store(q + t);
        Avx.Permute2x128(b0, b2, 0x31).Store(q + 2 * t);
        Avx.Permute2x128(b1, b3, 0x31).Store(q + 3 * t);
    }
}
