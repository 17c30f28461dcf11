using System.Diagnostics;
using System.Globalization;
using DeepNet.Bench.Cases;

namespace DeepNet.Bench;

/// <summary>
/// A long run of the small network: in plain style, where nobody disposes of anything, and with a scope around each step.
/// Memory has to stay flat in both, and plain style must not cost time.
/// </summary>
internal static class MemoryRun
{
    private const int Batch = 64;

    public static int Run(int steps)
    {
        Console.WriteLine(Machine.Describe(CpuDevice.Threads));
        Console.WriteLine(
            $"{"style",-8} {"time/step",12} {"resident at 10%",16} {"at the end",12} {"managed/step",14} {"gen0/1/2",12}  loss");
        double scoped = 0, plain = 0;
        // Alternating parts, so that both styles see the same machine.
        foreach (string style in new[] { "scoped", "plain", "scoped", "plain" })
        {
            double seconds = Style(style, steps / 2);
            if (style == "plain") plain += seconds;
            else scoped += seconds;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"plain / scoped: {plain / scoped:F3}"));
        return 0;
    }

    private static double Style(string style, int steps)
    {
        var model = new Mlp(Batch);
        Action step = style == "plain" ? model.Step : model.ScopedStep;
        Timing.WarmUp(step);
        GC.Collect();
        (int, int, int) before = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
        long allocated = GC.GetAllocatedBytesForCurrentThread(), early = 0;
        var parts = new List<double>();
        for (int part = 0; part < 20; part++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < steps / 20; i++) step();
            parts.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / (steps / 20));
            if (part == 1) early = Resident();
        }
        long perStep = (GC.GetAllocatedBytesForCurrentThread() - allocated) / steps;
        double median = Timing.Median(parts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{style,-8} {Units.Time(median),12} {early / 1048576.0,12:F1} MiB {Resident() / 1048576.0,8:F1} MiB {perStep,12} B "
                + $"{GC.CollectionCount(0) - before.Item1,4}/{GC.CollectionCount(1) - before.Item2}/{GC.CollectionCount(2) - before.Item3} "
                + $" {model.Loss:F4}"));
        return median;
    }

    private static long Resident()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
