using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>Moves rows of images, which are short: a call that copies memory costs more than the few vectors it moves.</summary>
internal static unsafe class ImageRow
{
    /// <summary>to[i] = from[i · step].</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Take<T>(T* from, int step, T* to, int n) where T : unmanaged
    {
        int i = 0, lanes = Vector<T>.Count;
        if (step == 1)
        {
            for (; i + lanes <= n; i += lanes) Vector.Load(from + i).Store(to + i);
            if (i < n && n >= lanes)
            {
                Vector.Load(from + n - lanes).Store(to + n - lanes);
                return;
            }
        }
        // The second load ends with the last element that is taken, not after it: no byte beyond the row is read.
        if (step == 2 && sizeof(T) == 4 && CanPick)
            for (; i + 4 <= n; i += 4) Pick((float*)(from + 2 * i), (float*)(from + 2 * i + 3)).Store((float*)(to + i));
        for (; i < n; i++) to[i] = from[(nint)i * step];
    }

    private static bool CanPick => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>a[0], a[2], b[1], b[3].</summary>
    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> Pick(float* a, float* b)
    {
        Vector128<float> low = Vector128.Load(a), high = Vector128.Load(b);
        if (Sse.IsSupported) return Sse.Shuffle(low, high, 0b11_01_10_00);
        return Vector128.Create(AdvSimd.Arm64.UnzipEven(low, low).GetLower(), AdvSimd.Arm64.UnzipOdd(high, high).GetLower());
    }

    /// <summary>to[i · step] = from[i].</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Put<T>(T* from, T* to, int step, int n) where T : unmanaged
    {
        if (step == 1) Take(from, 1, to, n);
        else
            for (int i = 0; i < n; i++) to[(nint)i * step] = from[i];
    }

    /// <summary>to[i · step] = from[i] + bias.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Put<T>(T* from, T bias, T* to, int step, int n) where T : unmanaged, INumberBase<T>
    {
        int i = 0, lanes = Vector<T>.Count;
        if (step == 1)
        {
            var all = new Vector<T>(bias);
            for (; i + lanes <= n; i += lanes) (Vector.Load(from + i) + all).Store(to + i);
            if (i < n && n >= lanes)
            {
                (Vector.Load(from + n - lanes) + all).Store(to + n - lanes);
                return;
            }
        }
        for (; i < n; i++) to[(nint)i * step] = from[i] + bias;
    }
}
