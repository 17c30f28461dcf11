using System.Diagnostics;

namespace DeepNet.Bench;

/// <summary>Seconds per call: the median of some windows, and the least of any part of one.</summary>
internal readonly record struct Sample(double Median, double Least)
{
    /// <summary>The same for a part of what was timed.</summary>
    public static Sample operator /(Sample sample, int parts) => new(sample.Median / parts, sample.Least / parts);
}

/// <summary>
/// Windows of repeated calls. Noise on shared machines comes in bursts: a median shrugs off a few, and the least of many short parts of
/// windows is what the work takes where nothing disturbs it.
/// </summary>
internal static class Timing
{
    private const int Parts = 40;

    /// <summary>The number of calls that make a window of about <paramref name="seconds"/>.</summary>
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
    /// Seconds per call in one round: of three short windows, after a call that brings the caches back; of one window where a call is long.
    /// </summary>
    public static Sample Round(Action action, int calls)
    {
        action();
        var first = Window(action, calls);
        if (first.Median * calls > 0.1) return first;
        Sample second = Window(action, calls), third = Window(action, calls);
        return new(Median([first.Median, second.Median, third.Median]), Math.Min(first.Least, Math.Min(second.Least, third.Least)));
    }

    /// <summary>Seconds per call, over one window.</summary>
    public static Sample Window(Action action, int calls)
    {
        int part = Math.Max(1, calls / Parts), inPart = 0;
        double least = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp(), last = start;
        for (int i = 0; i < calls; i++)
        {
            action();
            if (++inPart < part) continue;
            long now = Stopwatch.GetTimestamp();
            least = Math.Min(least, Stopwatch.GetElapsedTime(last, now).TotalSeconds / part);
            (last, inPart) = (now, 0);
        }
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds / calls, least);
    }

    /// <summary>The median of several windows, in seconds per call.</summary>
    public static double Median(Action action, int windows = 9, double window = 0.03)
    {
        int calls = Calls(action, window);
        return Median(Enumerable.Range(0, windows).Select(_ => Window(action, calls).Median));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
