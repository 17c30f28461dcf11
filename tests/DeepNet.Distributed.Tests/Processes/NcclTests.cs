namespace DeepNet.Distributed.Tests.Processes;

/// <summary>
/// Gradients of CUDA devices over NCCL, on the stand-ins of both, which are built by tests/CudaStandIn/build.sh. They watch that all ranks
/// ask for the same collectives, that streams wait for each other where they must, and that memory lives as long as it is used.
/// </summary>
public class NcclTests
{
    private const string FolderVariable = "DEEPNET_STANDIN";

    /// <summary>The folder of the stand-ins; null where they were not built.</summary>
    internal static string? Folder { get; } = Find();

    [StandInTheory]
    [InlineData(2, "default")]                          // NCCL's stream is ahead of the kernels, as far as events let it
    [InlineData(2, "others")]                           // or behind them
    [InlineData(4, "1")]
    public void Gradients_on_GPUs_have_the_bits_of_those_that_go_through_the_host(int ranks, string lazy)
    {
        var (code, output) = Start(ranks, "gpu", lazy);
        Assert.True(code == 0, output);
        Assert.Contains("whole: a tree", output);
        Assert.Equal(ranks == 2, output.Contains("whole: halves on the wire", StringComparison.Ordinal));
        Assert.DoesNotContain("stand-in", output);
        Assert.DoesNotContain("nccl:", output);
    }

    [StandInTheory]
    [InlineData("gpu-order", "ranks ask for different collectives")]
    [InlineData("gpu-freed", "a buffer was freed before its collective had run")]
    public void The_stand_in_finds_what_GPUs_would_hang_on(string program, string complaint)
    {
        var (code, output) = Start(2, program, "1");
        Assert.True(code == 0, output);
        Assert.Contains(complaint, output);
        Assert.Contains("whole: [data_parallel] a collective failed: in", output);
    }

    [StandInTheory]
    [InlineData(2)]
    public void Without_the_library_it_is_said_what_to_install(int ranks)
    {
        var (code, output) = MpiRun.Start("mpirun.openmpi", ranks, [("LD_LIBRARY_PATH", Folder!)], "gpu");
        Assert.Equal(1, code);
        Assert.Contains("libnccl.so.2 could not be loaded. Install NCCL", output);
    }

    private static (int Code, string Output) Start(int ranks, string program, string lazy)
        => MpiRun.Start("mpirun.openmpi", ranks,
            [("LD_LIBRARY_PATH", $"{Folder}:{Folder}/nccl"), ("STANDIN_LAZY", lazy), ("STANDIN_FREESYNC", "0")], program);

    private static string? Find()
    {
        if (!MpiRun.Launchers.Contains("mpirun.openmpi")) return null;
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen) return chosen;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "tests", "CudaStandIn");
            if (File.Exists(Path.Combine(folder, "nccl", "libnccl.so.2"))) return folder;
        }
        return null;
    }
}

/// <summary>A test that is skipped, with the reason, where the stand-ins were not built.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StandInTheoryAttribute : TheoryAttribute
{
    public StandInTheoryAttribute()
    {
        if (NcclTests.Folder is null) Skip = "tests/CudaStandIn/build.sh has not been run, or Open MPI is not installed";
    }
}
