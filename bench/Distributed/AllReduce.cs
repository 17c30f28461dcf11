using System.Diagnostics;
using System.Globalization;
using DeepNet.Distributed;

namespace DeepNet.Bench.Ranks;

/// <summary>
/// An all-reduce by the binding, as allreduce.c does it in C; and the same asked for by another thread than the world's own.
/// </summary>
internal static class AllReduce
{
    private const double Round = 0.03;
    private const int Rounds = 7, MostCalls = 5000;

    /// <summary>Prints a line "bytes seconds" for each size.</summary>
    public static void Run(World world, IEnumerable<int> sizes, bool isAsked)
    {
        foreach (int bytes in sizes)
        {
            using var data = Memory.Keep(Tensor.Zeros([bytes / sizeof(float)]));
            double least = 0;
            if (isAsked)
            {
                least = Least(() => world.AllReduce(data), world.Barrier, calls => world.Broadcast(calls, BenchJson.Default.Int32));
            }
            else
            {
                var transport = world.Calls;
                nint address = data.Storage.Block.Memory.Pointer;
                world.Do("the measurement", () => least = Least(
                    () => transport.AllReduce(address, data.Count, DType.Float32, Reduction.Sum), transport.Barrier,
                    calls => First(transport, calls)));
            }
            if (world.IsMain) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes} {least:0.000000000}"));
        }
    }

    private static double Least(Action call, Action barrier, Func<int, int> agree)
    {
        double least = double.MaxValue;
        int calls = 1;
        for (int round = -1; round < Rounds; round++)
        {
            barrier();
            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++) call();
            double each = Stopwatch.GetElapsedTime(begun).TotalSeconds / calls;
            if (round < 0) calls = agree((int)Math.Clamp(Round / each, 1, MostCalls));
            else least = Math.Min(least, each);
        }
        return least;
    }

    private static unsafe int First(Distributed.Transports.ITransport transport, int calls)
    {
        transport.Broadcast((nint)(&calls), sizeof(int), 0);
        return calls;
    }
}
