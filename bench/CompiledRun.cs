using System.Diagnostics;
using System.Globalization;
using DeepNet.Bench.Cases;

namespace DeepNet.Bench;

/// <summary>Times functions as they are and compiled, in turn, and what each holds beyond what was there before.</summary>
internal static class CompiledRun
{
    private const double Warm = 0.5, Round = 0.15;

    public static int Run(string[] only, int[] threads, int rounds)
    {
        int misses = 0;
        foreach (int n in threads)
        {
            CpuDevice.Threads = n;
            Console.WriteLine(Machine.Describe(n));
            Console.WriteLine($"{"case",-38} {"eager",10} {"compiled",10} {"ratio",6} {"mark",5} {"eager MiB",10} {"planned",8}");
            foreach (var pair in CompiledPairs.All.Where(p => only.Length == 0 || only.Any(p.Name.Contains)))
                misses += Time(pair, rounds) ? 0 : 1;
        }
        return misses == 0 ? 0 : 1;
    }

    private static bool Time(CompiledPair pair, int rounds)
    {
        var (eager, compiled, of) = pair.Setup();
        For(eager, Warm);
        For(compiled, Warm);
        double eagerBest = double.PositiveInfinity, compiledBest = double.PositiveInfinity;
        for (int i = 0; i < rounds; i++)
        {
            eagerBest = Math.Min(eagerBest, Best(eager, pair.Repeat));
            compiledBest = Math.Min(compiledBest, Best(compiled, pair.Repeat));
        }
        double ratio = eagerBest / compiledBest, planned = of.PlannedBytes / 1048576.0, held = Held(eager);
        bool meets = ratio >= pair.Mark && (pair.MostMiB == 0 || planned <= pair.MostMiB);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{pair.Name,-38} {Units.Time(eagerBest),10} {Units.Time(compiledBest),10} {ratio,6:F2} {pair.Mark,5:F2} "
            + $"{held,10:F1} {planned,8:F1}{(meets ? "" : "  short")}"));
        of.Dispose();
        Memory.Reclaim();
        return meets;
    }

    private static double Held(Action eager)
    {
        Memory.Reclaim();
        long before = Memory.LiveBytes;
        Memory.ResetPeak();
        eager();
        return (Memory.PeakBytes - before) / 1048576.0;
    }

    private static void For(Action work, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        do work(); while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
    }

    private static double Best(Action work, int repeat)
    {
        double best = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        do
        {
            long from = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeat; i++) work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalSeconds / repeat);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < Round);
        return best;
    }
}
