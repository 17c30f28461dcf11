using System.Diagnostics;
using System.Globalization;
using DeepNet.Distributed;
using DeepNet.Training;

namespace DeepNet.Bench.Ranks;

/// <summary>Times of training steps.</summary>
internal static class Steps
{
    private const int Batches = 12, Rounds = 12;

    /// <summary>Prints "milliseconds share-of-communication share-hidden" of a step of these ranks, of the round that was least disturbed.</summary>
    public static void Run(World world, int batch, double rounds)
    {
        var task = new Workload(batch, Batches);
        using var parallel = new DataParallel(world) { BucketBytes = 128 << 10 };
        var trainer = task.Trainer(parallel);
        trainer.Fit(task.Train, epochs: 1);             // while code is compiled, times say nothing
        (double least, string line) = (double.MaxValue, "");
        for (int round = 0; round < rounds; round++)
        {
            long begun = Stopwatch.GetTimestamp();
            trainer.Fit(task.Train, epochs: trainer.Epoch + 1);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var figures = parallel.Figures;
            double hidden = figures.Seconds > 0 ? Math.Max(0, 1 - figures.WaitedSeconds / figures.Seconds) : 0;
            if (seconds >= least) continue;
            (least, line) = (seconds, string.Create(CultureInfo.InvariantCulture,
                $"{1000 * seconds / Batches:0.0} {100 * figures.Seconds / seconds:0} {100 * hidden:0}"));
        }
        if (world.IsMain) Console.WriteLine(line);
    }

    /// <summary>Prints the overhead in percent of the strategy in a world of one, over a trainer without it; both take turns.</summary>
    public static void Overhead(World world, int batch)
    {
        using var parallel = new DataParallel(world);
        (Workload With, Trainer Trainer)[] sides = [.. new Strategy?[] { null, parallel }.Select(strategy =>
        {
            var task = new Workload(batch, Batches);
            return (task, task.Trainer(strategy));
        })];
        double[] least = [double.MaxValue, double.MaxValue];
        for (int round = -2; round < 4 * Rounds; round++)
        {
            int side = round & 1;
            var (task, trainer) = sides[side];
            long begun = Stopwatch.GetTimestamp();
            trainer.Fit(task.Train, epochs: trainer.Epoch + 1);
            if (round >= 0) least[side] = Math.Min(least[side], Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1000 * least[0] / Batches:0.00} {100 * (least[1] / least[0] - 1):0.0}"));
    }

    /// <summary>Measures single steps of one rank.</summary>
    public static double[] Measure(Workload task)
    {
        var steps = new List<double>();
        foreach (int epoch in (int[])[0, 1, 2, 3, 4, 5])
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
