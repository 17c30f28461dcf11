using System.Diagnostics;

namespace DeepNet.Bench;

/// <summary>Medians over windows of repeated calls; noise on shared machines comes in bursts, and a median shrugs them off.</summary>
internal static class Timing
{
    /// <summary>How many calls make a window of about <paramref name="seconds"/>.</summary>
    public static int Calls(Action action, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int n = 0;
        do
        {
            action();
            n++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return Math.Max(1, n);
    }

    /// <summary>Lets the JIT finish: tiering waits for 100 ms without new methods before it compiles in the background.</summary>
    public static void WarmUp(Action action)
    {
        for (int round = 0; round < 3; round++)
        {
            Calls(action, 0.06);
            Thread.Sleep(120);
        }
    }

    /// <summary>
    /// Seconds per call in one round: the median of three short windows, after a call that brings the caches back; one window where a call
    /// is long.
    /// </summary>
    public static double Round(Action action, int calls)
    {
        action();
        double first = Window(action, calls);
        return first * calls > 0.1 ? first : Median([first, Window(action, calls), Window(action, calls)]);
    }

    /// <summary>Seconds per call, over one window.</summary>
    public static double Window(Action action, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    /// <summary>The median of several windows.</summary>
    public static double Median(Action action, int windows = 9, double window = 0.03)
    {
        int calls = Calls(action, window);
        return Median(Enumerable.Range(0, windows).Select(_ => Window(action, calls)));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
