using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

/// <summary>samples/Distributed by itself and, where Open MPI is installed, on several processes.</summary>
public class DistributedTests
{
    private const string Launcher = "mpirun.openmpi --oversubscribe --allow-run-as-root --bind-to none --mca mpi_yield_when_idle 1";

    private static string Weights(Sample sample)
    {
        Assert.True(sample.ExitCode == 0, sample.Output + sample.Errors);
        return Assert.Single(sample.Output.Split('\n'), line => line.StartsWith("weights ", StringComparison.Ordinal));
    }

    private static Sample Launch(string folder, int processes, params string[] arguments)
        => Sample.Command(folder, "timeout", ["-k", "5", "100", .. Launcher.Split(' '), "-n", $"{processes}", "dotnet", "exec",
            Sample.PathOf("Distributed"), .. arguments]);

    [MpiTheory]
    [InlineData("mnist")]
    [InlineData("gpt")]
    public void Weights_are_the_same_on_any_number_of_processes_with_the_optimizer_whole_or_divided(string model)
    {
        using var folder = new Folder();
        string[] arguments = ["--model", model, "--epochs", "1", "--batch", "256", "--shards", "4", "--threads", "1"];
        string one = Weights(Sample.Run("Distributed", folder.Path, arguments));
        Assert.Equal(one, Weights(Launch(folder.Path, 2, arguments)));
        Assert.Equal(one, Weights(Launch(folder.Path, 4, [.. arguments, "--divide"])));
    }

    [MpiTheory]
    [InlineData(2, 1)]
    public void A_run_of_which_a_process_is_killed_goes_on_with_those_that_are_left(int processes, int left)
    {
        using var folder = new Folder();
        string runs = folder["runs"];
        string[] arguments = ["--shards", "4", "--threads", "1"];
        string whole = Weights(Sample.Run("Distributed", folder.Path, arguments));
        using var supervisor = Sample.Start("Distributed", folder.Path,
            [.. arguments, "--out", runs, "--restart", $"{processes}", "--launcher", Launcher]);
        Assert.True(SpinWait.SpinUntil(
            () => Directory.Exists(runs) && Directory.EnumerateFiles(runs, "*.safetensors").Any(), TimeSpan.FromSeconds(60)),
            supervisor.Output + supervisor.Errors);
        using (var rank = System.Diagnostics.Process.GetProcessById(RankOf(runs, processes - 1))) rank.Kill();
        supervisor.WaitForExit();
        Assert.Equal(whole, Weights(supervisor));
        Assert.Contains($"; {left} processes go on from the last checkpoint.", supervisor.Output);
    }

    /// <summary>The process that is a rank of the run with a folder.</summary>
    private static int RankOf(string folder, int rank)
        => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
            .First(id => Text(id, "environ").Contains($"OMPI_COMM_WORLD_RANK={rank}\0", StringComparison.Ordinal)
                && Text(id, "cmdline").Contains(folder, StringComparison.Ordinal));

    private static string Text(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";                                          // it has ended, or is somebody else's
        }
    }

    [Fact]
    public void A_restart_without_a_folder_is_refused()
    {
        using var folder = new Folder();
        var sample = Sample.Run("Distributed", folder.Path, "--restart", "2");
        Assert.Equal(2, sample.ExitCode);
        Assert.Contains("--out", sample.Errors);
    }
}

/// <summary>A test that is skipped, with the reason, where there is no Open MPI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(f => File.Exists(Path.Combine(f, "mpirun.openmpi")))) Skip = "Open MPI is not installed";
    }
}
