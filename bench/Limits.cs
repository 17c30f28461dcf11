using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Bench;

/// <summary>
/// What this machine can do at best, measured with loops that do nothing else: multiply-adds in registers, and streams through
/// memory that store past the caches. Measured in the same rounds as the case, because both change with what else is running.
/// </summary>
internal sealed unsafe class Limits(int threads)
{
    private const nint Elements = 1 << 24;   // 64 MiB an array: beyond every cache but the largest servers'
    private const int Fmas = 1 << 21;

    private static float* a, b, c;
    private static float sink;

    /// <summary>Operations or bytes in a second, over one short run.</summary>
    public double Measure(Bound bound)
    {
        Prepare(bound);
        double best = 0;
        for (int i = 0; i < 3; i++) best = Math.Max(best, Once(bound));
        return best;
    }

    private double Once(Bound bound)
    {
        double amount = bound switch
        {
            Bound.Fma => (double)Fmas * threads * 2 * 10 * Lanes,
            Bound.Read => 4.0 * Elements,
            Bound.Copy => 8.0 * Elements,
            _ => 12.0 * Elements,
        };
        return amount / Together(part =>
        {
            nint from = Elements / threads * part, n = Elements / threads;
            switch (bound)
            {
                case Bound.Fma: sink += Vector512.IsHardwareAccelerated ? Fma512(Fmas) : Fma256(Fmas); break;
                case Bound.Read: sink += Read(a + from, n); break;
                case Bound.Copy: Copy(a + from, c + from, n); break;
                default: Merge(a + from, b + from, c + from, n); break;
            }
        });
    }

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : 8;

    private static void Prepare(Bound bound)
    {
        if (bound == Bound.Fma || a is not null) return;
        a = Fresh();
        b = Fresh();
        c = Fresh();
    }

    private static float* Fresh()
    {
        float* p = (float*)NativeMemory.AlignedAlloc((nuint)Elements * 4, 1 << 21);
        new Span<float>(p, (int)Elements).Fill(1);
        return p;
    }

    /// <summary>Seconds until all threads have done their part, from when all were ready.</summary>
    private double Together(Action<int> part)
    {
        int waiting = threads;
        var helpers = new Thread[threads - 1];
        for (int i = 1; i < threads; i++)
        {
            int mine = i;
            helpers[i - 1] = new Thread(() =>
            {
                Interlocked.Decrement(ref waiting);
                while (Volatile.Read(ref waiting) > 0) { }
                part(mine);
            });
            helpers[i - 1].Start();
        }
        Interlocked.Decrement(ref waiting);
        while (Volatile.Read(ref waiting) > 0) { }
        long start = Stopwatch.GetTimestamp();
        part(0);
        foreach (var helper in helpers) helper.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Ten sums that do not wait for each other keep two units with a latency of four or five busy.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fma256(int n)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x;
        for (int i = 0; i < n; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, x, y); s1 = Vector256.FusedMultiplyAdd(s1, x, y);
            s2 = Vector256.FusedMultiplyAdd(s2, x, y); s3 = Vector256.FusedMultiplyAdd(s3, x, y);
            s4 = Vector256.FusedMultiplyAdd(s4, x, y); s5 = Vector256.FusedMultiplyAdd(s5, x, y);
            s6 = Vector256.FusedMultiplyAdd(s6, x, y); s7 = Vector256.FusedMultiplyAdd(s7, x, y);
            s8 = Vector256.FusedMultiplyAdd(s8, x, y); s9 = Vector256.FusedMultiplyAdd(s9, x, y);
        }
        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fma512(int n)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> s0 = x, s1 = x, s2 = x, s3 = x, s4 = x, s5 = x, s6 = x, s7 = x, s8 = x, s9 = x;
        for (int i = 0; i < n; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, x, y); s1 = Vector512.FusedMultiplyAdd(s1, x, y);
            s2 = Vector512.FusedMultiplyAdd(s2, x, y); s3 = Vector512.FusedMultiplyAdd(s3, x, y);
            s4 = Vector512.FusedMultiplyAdd(s4, x, y); s5 = Vector512.FusedMultiplyAdd(s5, x, y);
            s6 = Vector512.FusedMultiplyAdd(s6, x, y); s7 = Vector512.FusedMultiplyAdd(s7, x, y);
            s8 = Vector512.FusedMultiplyAdd(s8, x, y); s9 = Vector512.FusedMultiplyAdd(s9, x, y);
        }
        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Read(float* x, nint n)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nint i = 0; i < n; i += 32)
        {
            s0 += Vector256.Load(x + i);
            s1 += Vector256.Load(x + i + 8);
            s2 += Vector256.Load(x + i + 16);
            s3 += Vector256.Load(x + i + 24);
        }
        return Vector256.Sum(s0 + s1 + (s2 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i += 16)
        {
            Vector256.Load(x + i).StoreAlignedNonTemporal(y + i);
            Vector256.Load(x + i + 8).StoreAlignedNonTemporal(y + i + 8);
        }
        Fence();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge(float* x, float* y, float* z, nint n)
    {
        for (nint i = 0; i < n; i += 16)
        {
            (Vector256.Load(x + i) + Vector256.Load(y + i)).StoreAlignedNonTemporal(z + i);
            (Vector256.Load(x + i + 8) + Vector256.Load(y + i + 8)).StoreAlignedNonTemporal(z + i + 8);
        }
        Fence();
    }

    private static void Fence()
    {
        if (Sse.IsSupported) Sse.StoreFence();
        else Thread.MemoryBarrier();
    }
}
