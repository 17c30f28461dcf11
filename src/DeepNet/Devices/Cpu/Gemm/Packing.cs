using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>Copies strided matrices into panels: to[p * width + i] = from[i * line + p * step], the order in which the tile reads.</summary>
internal static unsafe class Packing
{
    /// <summary>Packs <paramref name="lines"/> lines of <paramref name="k"/> elements; the rest of the panel's width becomes zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel<T>(T* from, nint line, nint step, int lines, int k, T* to, int width) where T : unmanaged
    {
        if (lines < width)
            ClearColumns(to + lines, width, width - lines, k);

        if (line == 1)
            CopyLines(from, step, lines, k, to, width);
        else if (step == 1)
            Transpose(from, line, lines, k, to, width);
        else
            Gather(from, line, step, lines, k, to, width);
    }

    private static void ClearColumns<T>(T* to, int width, int n, int k) where T : unmanaged
    {
        for (; k > 0; k--, to += width)
            new Span<T>(to, n).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<T>(T* from, nint line, nint step, int lines, int k, T* to, int width) where T : unmanaged
    {
        for (int p = 0; p < k; p++)
        {
            T* source = from + p * step, target = to + (nint)p * width;
            for (int i = 0; i < lines; i++, source += line)
                target[i] = *source;
        }
    }

    /// <summary>Lines that lie side by side: each step is a short contiguous copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLines<T>(T* from, nint step, int lines, int k, T* to, int width) where T : unmanaged
    {
        int lanes = Vector128<T>.Count;
        if (lines < lanes)
        {
            Gather(from, 1, step, lines, k, to, width);
            return;
        }

        for (; k > 0; k--, from += step, to += width)
        {
            for (int i = 0; i < lines - lanes; i += lanes)
                Vector128.Load(from + i).Store(to + i);
            // The last vector may overlap the one before it: cheaper than a remainder.
            Vector128.Load(from + lines - lanes).Store(to + lines - lanes);
        }
    }

    /// <summary>Steps whose part of a panel stays in the first-level cache.</summary>
    private const int Stretch = 128;

    /// <summary>Lines that are each contiguous: transposed in blocks of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* from, nint line, int lines, int k, T* to, int width) where T : unmanaged
    {
        int block = Vector128<T>.Count;
        if (!CanTranspose || lines < block)
        {
            Gather(from, line, 1, lines, k, to, width);
            return;
        }

        // A stretch of all lines at a time: what one block of lines leaves of a cache line, the next fills while it is near.
        int last = lines - block;
        for (int p = 0; p < k; p += Stretch, from += Stretch, to += (nint)Stretch * width)
        {
            int steps = Math.Min(Stretch, k - p);
            for (int i = 0; i < last; i += block)
                TransposeBlock(from + i * line, line, steps, to + i, width);
            TransposeBlock(from + last * line, line, steps, to + last, width);
        }
    }

    internal static bool CanTranspose => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBlock<T>(T* from, nint line, int k, T* to, int width) where T : unmanaged
    {
        int p = 0;
        if (sizeof(T) == 4)
        {
            for (; p + 4 <= k; p += 4, to += 4 * (nint)width)
            {
                float* s = (float*)(from + p), d = (float*)to;
                Vector128<float> r0 = Vector128.Load(s), r1 = Vector128.Load(s + line);
                Vector128<float> r2 = Vector128.Load(s + 2 * line), r3 = Vector128.Load(s + 3 * line);
                Vector128<float> a = Low(r0, r2), b = Low(r1, r3), e = High(r0, r2), f = High(r1, r3);
                Low(a, b).Store(d);
                High(a, b).Store(d + width);
                Low(e, f).Store(d + 2 * (nint)width);
                High(e, f).Store(d + 3 * (nint)width);
            }
        }
        else
        {
            for (; p + 2 <= k; p += 2, to += 2 * (nint)width)
            {
                double* s = (double*)(from + p), d = (double*)to;
                Vector128<double> r0 = Vector128.Load(s), r1 = Vector128.Load(s + line);
                Low(r0, r1).Store(d);
                High(r0, r1).Store(d + width);
            }
        }

        if (p < k) Gather(from + p, line, 1, Vector128<T>.Count, k - p, to, width);
    }

    /// <summary>Four vectors become their four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Turn(ref Vector128<float> r0, ref Vector128<float> r1, ref Vector128<float> r2, ref Vector128<float> r3)
    {
        Vector128<float> a = Low(r0, r2), b = Low(r1, r3), c = High(r0, r2), d = High(r1, r3);
        (r0, r1, r2, r3) = (Low(a, b), High(a, b), Low(c, d), High(c, d));
    }

    internal static Vector128<float> Low(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    internal static Vector128<float> High(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b)
        => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<double> High(Vector128<double> a, Vector128<double> b)
        => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
