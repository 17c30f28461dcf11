using System.Globalization;

namespace DeepNet.Bench.Scale;

/// <summary>The cost of one <see cref="Growth"/> in each size: seconds and bytes, of both the least of several rounds.</summary>
internal sealed record Curve(Growth Growth, double[] Seconds, double[] Bytes)
{
    private const int Rounds = 3;

    /// <summary>The exponent of time.</summary>
    public double Time => Exponent(Seconds);

    /// <summary>The exponent of memory.</summary>
    public double Memory => Exponent(Bytes);

    public static Curve Of(Growth growth)
    {
        var points = growth.Sizes.Select(size => Measure(growth, size)).ToArray();
        return new(growth, [.. points.Select(p => p.Seconds)], [.. points.Select(p => p.Bytes)]);
    }

    private static (double Seconds, double Bytes) Measure(Growth growth, int size)
    {
        if (growth.IsOfThreads) CpuDevice.Threads = size;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        DeepNet.Memory.Reclaim();
        long before = DeepNet.Memory.LiveBytes;
        Draws.Restart();
        var action = growth.Setup(size);
        Timing.WarmUp(action);
        int calls = Timing.Calls(action, 0.02);
        double seconds = Enumerable.Range(0, Rounds).Min(_ => Timing.Round(action, calls).Least);
        DeepNet.Memory.ResetPeak();
        action();
        return (seconds, DeepNet.Memory.PeakBytes - before);
    }

    /// <summary>The slope of the straight line through the logarithms, by least squares.</summary>
    private double Exponent(double[] values)
    {
        double[] x = [.. Growth.Sizes.Select(size => Math.Log(size))], y = [.. values.Select(value => Math.Log(value))];
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    /// <summary>The cells of a row of a table.</summary>
    public string[] Cells() =>
    [
        Growth.Name, $"{Growth.Size} {Growth.Sizes[0]} to {Growth.Sizes[^1]}", $"{Units.Time(Seconds[0])} to {Units.Time(Seconds[^1])}",
        Digits(Time), Digits(Growth.Time), $"{Mebibytes(Bytes[0])} to {Mebibytes(Bytes[^1])} MiB", Digits(Memory), Digits(Growth.Memory),
    ];

    /// <summary>The headings of these cells.</summary>
    public static string[] Headings =>
        ["what", "size", "time", "grows with exponent", "expected", "memory", "grows with exponent", "expected"];

    private static string Digits(double exponent) => exponent.ToString("0.##", CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Mebibytes(double bytes) => (bytes / (1 << 20)).ToString("0.0", CultureInfo.InvariantCulture);
}
