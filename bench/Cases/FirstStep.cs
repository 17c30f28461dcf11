namespace DeepNet.Bench.Cases;

/// <summary>From process start to the first training step done, in a process of its own.</summary>
internal static class FirstStep
{
    private const double MostMegabytes = 80;

    private static readonly List<double> peaks = [];

    public static IEnumerable<Case> Cases =>
    [
        new("startup_to_first_step", Setup) { Mark = (4, 4), Limit = 0.2, IsSerial = true, Note = Peak },
    ];

    private static Action Setup()
    {
        peaks.Clear();
        return () => peaks.Add(StartUp.Once("step").Megabytes);
    }

    private static (string, bool) Peak()
    {
        double median = Timing.Median(peaks);
        return (FormattableString.Invariant($"{median:F0} MiB (≤ {MostMegabytes} MiB)"), median <= MostMegabytes);
    }
}
