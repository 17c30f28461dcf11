using System.Globalization;
using DeepNet.Distributed;

namespace DeepNet.Bench.Ranks;

/// <summary>
/// The speed of up to 1,024 ranks, by replaying measured steps: each rank of a simulated step takes as long as one of the measured ones,
/// drawn at random, all wait for the slowest, and the all-reduce is that of <see cref="ScaleEstimate"/>.
/// </summary>
internal static class Growth
{
    private const int Most = 1024, Simulated = 200;
    private const double BackwardShare = 2.0 / 3;

    /// <summary>Prints a table of efficiencies in percent, the same batch divided or a batch of the same size for each rank.</summary>
    public static void Run(int batch, double seconds)
    {
        var task = new Workload(batch, 8);
        double[] steps = Steps.Measure(task, seconds);
        double mean = steps.Average();
        Interconnect[] wires =
        [
            Interconnect.Ethernet1G, Interconnect.Ethernet10G, Interconnect.Ethernet25G, Interconnect.Ethernet100G,
            Interconnect.InfiniBand400G,
        ];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{steps.Length} measured steps of {1000 * mean:0.0} ms (slowest {1000 * steps.Max():0.0} ms), ")
            + $"{task.Model.ParameterCount} weights.\n");
        Console.WriteLine($"| ranks | {string.Join(" | ", wires.Select(w => w.Name))} |");
        Console.WriteLine($"|---:|{string.Concat(wires.Select(_ => "---:|"))}");
        for (int n = 1; n <= Most; n *= 2)
        {
            var cells = wires.Select(wire =>
            {
                double sum = Distributed.Distributed.Estimate(task.Model, TimeSpan.FromSeconds(mean), wire).Communication(n).TotalSeconds;
                return string.Create(CultureInfo.InvariantCulture,
                    $"{100 * mean / n / Step(steps, n, n, sum):0} / {100 * mean / Step(steps, n, 1, sum):0}");
            });
            Console.WriteLine($"| {n} | {string.Join(" | ", cells)} |");
        }
    }

    /// <summary>The mean time of a step of n ranks, each of which has a part of a measured step to compute.</summary>
    private static double Step(double[] steps, int n, int parts, double communication)
    {
        var draw = new Generator(1);
        double total = 0;
        for (int step = 0; step < Simulated; step++)
        {
            double slowest = 0;
            for (int rank = 0; rank < n; rank++) slowest = Math.Max(slowest, steps[draw.NextUInt64() % (ulong)steps.Length] / parts);
            total += slowest + Math.Max(0, communication - BackwardShare * slowest);
        }
        return total / Simulated;
    }
}
