using System.Diagnostics;
using System.Globalization;
using DeepNet.Distributed;
using DeepNet.Training;

namespace DeepNet.Bench.Ranks;

/// <summary>Times of training steps.</summary>
internal static class Steps
{
    private const int Batches = 6;

    /// <summary>
    /// Prints "milliseconds share-of-communication share-hidden" of a step of these ranks, of the round that was least disturbed.
    /// </summary>
    public static void Run(World world, int batch, double seconds)
    {
        var task = new Workload(batch, Batches);
        using var parallel = new DataParallel(world) { BucketBytes = 128 << 10 };
        var trainer = task.Trainer(parallel);
        trainer.Fit(task.Train, epochs: 1);             // while code is compiled, times say nothing
        (double least, string line) = (double.MaxValue, "");
        long start = Stopwatch.GetTimestamp();
        while (parallel.Decide(Stopwatch.GetElapsedTime(start).TotalSeconds < seconds))
        {
            long begun = Stopwatch.GetTimestamp();
            trainer.Fit(task.Train, epochs: trainer.Epoch + 1);
            double taken = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var figures = parallel.Figures;
            double hidden = figures.Seconds > 0 ? Math.Max(0, 1 - figures.WaitedSeconds / figures.Seconds) : 0;
            if (taken >= least) continue;
            (least, line) = (taken, string.Create(CultureInfo.InvariantCulture,
                $"{1000 * taken / Batches:0.0} {100 * figures.Seconds / taken:0} {100 * hidden:0}"));
        }
        if (world.IsMain) Console.WriteLine(line);
    }

    /// <summary>Prints the overhead in percent of the strategy in a world of one, over a trainer without it; both take turns.</summary>
    public static void Overhead(World world, int batch, double seconds)
    {
        using var parallel = new DataParallel(world);
        (Workload With, Trainer Trainer)[] sides = [.. new Strategy?[] { null, parallel }.Select(strategy =>
        {
            var task = new Workload(batch, Batches);
            return (task, task.Trainer(strategy));
        })];
        double[] least = [double.MaxValue, double.MaxValue];
        long start = Stopwatch.GetTimestamp();
        for (int round = -2; round < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; round++)
        {
            int side = round & 1;
            var (task, trainer) = sides[side];
            long begun = Stopwatch.GetTimestamp();
            trainer.Fit(task.Train, epochs: trainer.Epoch + 1);
            if (round >= 0) least[side] = Math.Min(least[side], Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{1000 * least[0] / Batches:0.00} {100 * (least[1] / least[0] - 1):0.0}"));
    }

    /// <summary>Measures single steps of one rank, for so many seconds.</summary>
    public static double[] Measure(Workload task, double seconds)
    {
        var steps = new List<double>();
        long start = Stopwatch.GetTimestamp();
        for (int epoch = 0; epoch < 2 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; epoch++)
        {
            foreach (var (x, y) in task.Train)
            {
                long begun = Stopwatch.GetTimestamp();
                task.Optimizer.ZeroGrad();
                Workload.Loss(task.Model.Forward(x), y).Backward();
                task.Optimizer.Step();
                if (epoch > 0) steps.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
        }
        return [.. steps];
    }
}
