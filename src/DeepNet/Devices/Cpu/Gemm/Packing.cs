using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Copies strided matrices into panels: to[p * width + i] = from[i * line + p * step], the order in which the tile reads.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Packs <paramref name="lines"/> lines of <paramref name="k"/> elements; the rest of the panel's width becomes zero.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
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
        if (2 * n > width)
        {
            // Most of the panel: at once, with the columns before, which are written afterwards.
            new Span<T>(to - (width - n), width * k).Clear();
            return;
        }
        for (; k > 0; k--, to += width)
            new Span<T>(to, n).Clear();
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Gather<T>(T* from, nint line, nint step, int lines, int k, T* to, int width) where T : unmanaged
    {
        for (int p = 0; p < k; p++)
        {
            T* source = from + p * step, target = to + (nint)p * width;
            for (int i = 0; i < lines; i++, source += line)
                target[i] = *source;
        }
    }

    /// <summary>Panels that are filled together: a step then reads some cache lines in a row, which the machine fetches ahead.</summary>
    private const int Together = 8;

    /// <summary>
    /// Packs <paramref name="panels"/> panels of <paramref name="width"/> lines each, of lines that lie side by side or are each
    /// contiguous. Panels follow each other in <paramref name="to"/>.
    /// </summary>
    public static void Panels<T>(T* from, nint line, nint step, int width, int panels, int k, T* to) where T : unmanaged
    {
        bool sideBySide = line == 1 && step >= width && width >= Vector128<T>.Count;
        for (int done = 0, n; done < panels; done += n, from += n * width * line, to += (nint)n * width * k)
        {
            n = sideBySide ? Math.Min(Together, panels - done) : 1;
            if (!sideBySide)
                Panel(from, line, step, width, k, to, width);
            else if (Vector256.IsHardwareAccelerated && width % Vector256<T>.Count == 0)
                CopyWhole(from, step, width, n, k, to);
            else if (Vector256.IsHardwareAccelerated && width < Vector256<T>.Count)
                CopyNarrow(from, step, width, n, k, to);
            else if (Vector256.IsHardwareAccelerated && width < 2 * Vector256<T>.Count)
                CopyPair(from, step, width, n, k, to);
            else
                for (int i = 0; i < n; i++) CopyLines(from + i * width, step, width, k, to + (nint)i * width * k, width);
        }
    }

    /// <summary>Panels some vectors wide.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void CopyWhole<T>(T* from, nint step, int width, int panels, int k, T* to) where T : unmanaged
    {
        nint panel = (nint)width * k;
        for (int p = 0; p < k; p++, from += step, to += width)
        {
            T* source = from, target = to;
            for (int n = 0; n < panels; n++, target += panel)
            {
                for (int i = 0; i < width; i += Vector256<T>.Count, source += Vector256<T>.Count)
                    Vector256.Load(source).Store(target + i);
            }
        }
    }

    /// <summary>
    /// Panels of half a vector or more: what is copied beyond a step is overwritten by the next, so the last one goes in smaller pieces.
    /// It also keeps reads within the matrix, for a step is no shorter than a panel is wide.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void CopyNarrow<T>(T* from, nint step, int width, int panels, int k, T* to) where T : unmanaged
    {
        nint panel = (nint)width * k;
        for (int p = 0; p < k - 1; p++, from += step, to += width)
        {
            T* source = from, target = to;
            for (int n = 0; n < panels; n++, source += width, target += panel)
                Vector256.Load(source).Store(target);
        }
        for (int n = 0; n < panels; n++)
            CopyLines(from + n * width, step, width, 1, to + n * panel, width);
    }

    /// <summary>Panels between one vector and two: the second overlaps the first.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void CopyPair<T>(T* from, nint step, int width, int panels, int k, T* to) where T : unmanaged
    {
        nint panel = (nint)width * k;
        int second = width - Vector256<T>.Count;
        for (int p = 0; p < k; p++, from += step, to += width)
        {
            T* source = from, target = to;
            for (int n = 0; n < panels; n++, source += width, target += panel)
            {
                Vector256.Load(source).Store(target);
                Vector256.Load(source + second).Store(target + second);
            }
        }
    }

    /// <summary>Lines that lie side by side: each step is a short contiguous copy.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
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
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Transpose<T>(T* from, nint line, int lines, int k, T* to, int width) where T : unmanaged
    {
        int block = Vector128<T>.Count;
        if (!CanTranspose || lines < block)
        {
            Gather(from, line, 1, lines, k, to, width);
            return;
        }

        if (typeof(T) == typeof(float) && Avx.IsSupported && (lines >= 8 || (lines > 4 && width == lines)))
        {
            int whole = lines >= 8 ? k / 8 * 8 : (k - 1) / 8 * 8;   // what is written beyond a narrow panel, the next steps overwrite
            for (int p = 0; p < whole; p += Stretch)
            {
                int steps = Math.Min(Stretch, whole - p);
                for (int i = 0; ; i = Math.Min(i + 8, lines - 8))
                {
                    TransposeEights((float*)(from + i * line + p), line, Math.Min(8, lines - i), steps, (float*)(to + (nint)p * width + i),
                        width);
                    if (i + 8 >= lines) break;
                }
            }
            from += whole;
            to += (nint)whole * width;
            k -= whole;
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

    /// <summary>Up to eight lines, eight steps at a time.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void TransposeEights(float* from, nint line, int lines, int k, float* to, nint width)
    {
        // Lines that are not there repeat the last.
        float* r5 = from + Math.Min(5, lines - 1) * line, r6 = from + Math.Min(6, lines - 1) * line,
            r7 = from + Math.Min(7, lines - 1) * line;
        for (int p = 0; p < k; p += 8, to += 8 * width)
        {
            float* s = from + p;
            // Pairs of lines in the halves of a vector: the first four steps, then the other four.
            Vector256<float> a0 = Pair(s, s + 4 * line), a1 = Pair(s + line, r5 + p), a2 = Pair(s + 2 * line, r6 + p),
                a3 = Pair(s + 3 * line, r7 + p);
            Vector256<float> b0 = Pair(s + 4, s + 4 * line + 4), b1 = Pair(s + line + 4, r5 + p + 4),
                b2 = Pair(s + 2 * line + 4, r6 + p + 4), b3 = Pair(s + 3 * line + 4, r7 + p + 4);
            Four(a0, a1, a2, a3, to, width);
            Four(b0, b1, b2, b3, to + 4 * width, width);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector256<float> Pair(float* low, float* high)
        => Avx.InsertVector128(Vector128.Load(low).ToVector256Unsafe(), Vector128.Load(high), 1);

    [MethodImpl(AggressiveInlining)]
    private static void Four(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* to, nint width)
    {
        Vector256<float> a = Avx.UnpackLow(r0, r2), b = Avx.UnpackLow(r1, r3), c = Avx.UnpackHigh(r0, r2), d = Avx.UnpackHigh(r1, r3);
        Avx.UnpackLow(a, b).Store(to);
        Avx.UnpackHigh(a, b).Store(to + width);
        Avx.UnpackLow(c, d).Store(to + 2 * width);
        Avx.UnpackHigh(c, d).Store(to + 3 * width);
    }

    internal static bool CanTranspose => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(NoInlining | AggressiveOptimization)]
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
    [MethodImpl(AggressiveInlining)]
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
