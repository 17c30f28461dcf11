using System.Diagnostics;

namespace DeepNet.Distributed.Tests.Processes;

/// <summary>Starts a program of <see cref="RankPrograms"/> by a launcher of MPI, and sees to it that it ends.</summary>
internal static class MpiRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The launchers that are installed; both may be, side by side.</summary>
    public static IReadOnlyList<string> Launchers { get; } =
        [.. new[] { "mpirun.openmpi", "mpirun.mpich" }.Where(name => Find(name) is not null)];

    /// <summary>Runs it; the exit code, and all that it wrote.</summary>
    public static (int Code, string Output) Start(string launcher, int ranks, params string[] arguments)
        => Start(launcher, ranks, [], arguments);

    /// <summary>Runs it with more variables in its environment.</summary>
    public static (int Code, string Output) Start(string launcher, int ranks, (string Name, string Value)[] variables,
        params string[] arguments)
    {
        string program = typeof(MpiRun).Assembly.Location;
        string[] options = launcher.EndsWith("openmpi", StringComparison.Ordinal)
            ? ["--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"] : ["-bind-to", "none"];
        var start = new ProcessStartInfo(Find(launcher)!,
            [.. options, "-n", $"{ranks}", Environment.ProcessPath ?? "dotnet", "exec", program,
            .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["DEEPNET_THREADS"] = "1";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{launcher} -n {ranks} {string.Join(' ', arguments)} did not end in {Limit.TotalSeconds} s.");
        }
        return (process.ExitCode, output.Result + errors.Result);
    }

    private static string? Find(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}

/// <summary>A test for each launcher that is installed; it is skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute()
    {
        if (MpiRun.Launchers.Count == 0) Skip = "neither mpirun.openmpi nor mpirun.mpich is installed";
    }
}

/// <summary>Every launcher with each of some numbers of ranks.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RanksAttribute(params int[] ranks) : Xunit.Sdk.DataAttribute
{
    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
        => from launcher in MpiRun.Launchers from n in ranks select new object[] { launcher, n };
}
