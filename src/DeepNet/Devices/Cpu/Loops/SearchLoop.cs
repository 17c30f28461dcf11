namespace DeepNet.Devices.Cpu;

/// <summary>Binary search in rows of rising numbers.</summary>
internal static unsafe class SearchLoop
{
    /// <summary>The number of elements that come before a value; all of them before NaN.</summary>
    [MethodImpl(AggressiveInlining)]
    public static nint Find<T>(T* sorted, nint n, T value, bool isRight) where T : unmanaged, IBinaryNumber<T>
    {
        // Halved without a branch on what is met, which nobody could foretell.
        nint found = 0;
        for (nint half = n >> 1; half > 0; n -= half, half = n >> 1)
        {
            nint isBehind = IsBehind(sorted[found + half - 1], value, isRight) ? 1 : 0;
            found += half * isBehind;
        }
        if (n == 1 && IsBehind(sorted[found], value, isRight)) found++;
        return found;
    }

    [MethodImpl(AggressiveInlining)]
    private static bool IsBehind<T>(T met, T value, bool isRight) where T : unmanaged, IBinaryNumber<T>
        => !(isRight ? met > value : met >= value);
}
