using DeepNet.Distributed.Tests.Training;
using DeepNet.Distributed.Tests.Worlds;

namespace DeepNet.Distributed.Tests.Processes;

/// <summary>The programs that tests start on several processes, by name.</summary>
internal static class RankPrograms
{
    public static IReadOnlyDictionary<string, Action<World>> All { get; } = new Dictionary<string, Action<World>>
    {
        // Collectives and training in one start, which takes longer than both.
        ["whole"] = world =>
        {
            Collectives.Check(world);
            using var small = new Small();
            using var parallel = new DataParallel(world) { Shards = 8, BucketBytes = 500 };
            var history = small.Trainer(parallel).Fit(small.Train, small.Validation, epochs: 2);
            if (world.IsMain) Console.WriteLine($"whole: {world}\nwhole: {small.Bits(history)}");
        },
        ["throw"] = world =>
        {
            if (world.Rank == 1) throw new InvalidOperationException("the disk is full");
            world.Barrier();
        },
        ["null"] = world =>
        {
            // .NET learns of a null reference by a signal, which the MPI's libraries must have left alone.
            string? nothing = world.Size > 0 ? null : "";
            try
            {
                _ = nothing!.Length;
            }
            catch (NullReferenceException)
            {
                world.Barrier();
                if (world.IsMain) Console.WriteLine("whole: caught");
            }
        },
        ["hang"] = world =>
        {
            world.Timeout = TimeSpan.FromMilliseconds(300);
            if (world.Rank == 1) Thread.Sleep(Timeout.Infinite);
            world.Barrier();
        },
        ["gpu"] = GpuPrograms.Train,
        ["gpu-order"] = GpuPrograms.AskForDifferentCollectives,
        ["gpu-freed"] = GpuPrograms.FreeTooEarly,
        ["killed"] = world =>
        {
            world.Barrier();
            if (world.Rank == 1) System.Diagnostics.Process.GetCurrentProcess().Kill();
            world.Barrier();
            Thread.Sleep(Timeout.Infinite);
        },
    };
}
