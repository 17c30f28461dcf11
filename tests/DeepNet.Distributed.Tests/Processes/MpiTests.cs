using DeepNet.Distributed.Tests.Training;

namespace DeepNet.Distributed.Tests.Processes;

/// <summary>The same programs on processes, by the MPIs that are installed.</summary>
public class MpiTests
{
    [MpiTheory]
    [Ranks(2, 4, 8)]
    public void Processes_have_the_results_and_the_bits_of_threads(string launcher, int ranks)
    {
        string? expected = null;
        Distributed.Threads(1, world =>
        {
            using var small = new Small();
            using var parallel = new DataParallel(world) { Shards = 8 };
            expected = small.Bits(small.Trainer(parallel).Fit(small.Train, small.Validation, epochs: 2));
        });
        var (code, output) = MpiRun.Start(launcher, ranks, "whole");
        Assert.True(code == 0, output);
        Assert.Contains($"whole: rank 0 of {ranks}", output);
        Assert.Contains(launcher.EndsWith("mpich", StringComparison.Ordinal) ? "MPICH" : "Open MPI", output);
        Assert.Contains($"whole: {expected}", output);
    }

    [MpiTheory]
    [Ranks(2)]
    public void An_exception_on_one_rank_ends_all_and_says_where_it_was(string launcher, int ranks)
    {
        var (code, output) = MpiRun.Start(launcher, ranks, "throw");
        Assert.NotEqual(0, code);
        Assert.Contains($"rank 1 of {ranks}", output);
        Assert.Contains("the disk is full", output);
    }

    [MpiTheory]
    [Ranks(2)]
    public void A_null_reference_is_an_exception_as_always(string launcher, int ranks)
    {
        var (code, output) = MpiRun.Start(launcher, ranks, "null");
        Assert.True(code == 0 && output.Contains("whole: caught", StringComparison.Ordinal), output);
    }

    [MpiTheory]
    [Ranks(2)]
    public void A_rank_that_does_not_answer_ends_all(string launcher, int ranks)
    {
        var (code, output) = MpiRun.Start(launcher, ranks, "hang");
        Assert.NotEqual(0, code);
        Assert.Contains("a barrier has not returned for", output);
    }

    [MpiTheory]
    [Ranks(2)]
    public void A_rank_that_is_killed_ends_all(string launcher, int ranks)
        => Assert.NotEqual(0, MpiRun.Start(launcher, ranks, "killed").Code);
}
