using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>Binary search in rows of rising numbers.</summary>
internal static unsafe class SearchLoop
{
    /// <summary>The number of elements that come before a value; all of them before NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    public static nint Find<T>(T* sorted, nint n, T value, bool isRight) where T : unmanaged, IBinaryNumber<T>
    {
        nint found = 0;
        while (n > 0)
        {
            nint half = n >> 1;
            T met = sorted[found + half];
            bool isBehind = !(isRight ? met > value : met >= value);
            found += isBehind ? half + 1 : 0;
            n = isBehind ? n - half - 1 : half;
        }
        return found;
    }
}
