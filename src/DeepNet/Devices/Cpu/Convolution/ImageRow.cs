using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepNet.Devices.Cpu;

/// <summary>Moves rows of images, which are short: a call that copies memory costs more than the few vectors it moves.</summary>
internal static unsafe class ImageRow
{
    /// <summary>to[i] = from[i · step].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        for (; i < n; i++) to[i] = from[(nint)i * step];
    }

    /// <summary>to[i · step] = from[i] + bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
