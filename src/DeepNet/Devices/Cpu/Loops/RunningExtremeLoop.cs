namespace DeepNet.Devices.Cpu;

/// <summary>The loops of running extremes along an axis, several columns side by side. The state is the place found last.</summary>
internal static unsafe class RunningExtremeLoop
{
    /// <summary>Writes the places for the columns of a tensor (length, inner), the last of equals and of NaN.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Run<T>(T* x, long* places, nint length, nint inner, bool isLargest) where T : unmanaged, IBinaryNumber<T>
    {
        System.Runtime.InteropServices.NativeMemory.Clear(places, (nuint)inner * sizeof(long));
        if (inner == 1)
        {
            long best = 0;
            for (nint i = 1; i < length; i++)
            {
                if (Wins(x[i], x[best], isLargest)) best = i;
                places[i] = best;
            }
            return;
        }
        for (nint i = 1; i < length; i++)
        {
            T* row = x + i * inner;
            long* before = places + (i - 1) * inner, now = before + inner;
            for (nint j = 0; j < inner; j++) now[j] = Wins(row[j], x[before[j] * inner + j], isLargest) ? i : before[j];
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static bool Wins<T>(T own, T best, bool isLargest) where T : unmanaged, IBinaryNumber<T>
        => T.IsNaN(own) || (!T.IsNaN(best) && (isLargest ? own >= best : own <= best));
}
