using System.Diagnostics;
using DeepNet.IO;
using DeepNet.Tests.Processes;

namespace DeepNet.Tests.IO;

/// <summary>
/// Training processes are killed at random moments and started again: there is a whole checkpoint at every moment, and the run
/// ends with the same bits as one that was left alone. DEEPNET_TEST_KILLS asks for more kills than the few of every day.
/// </summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public sealed class CrashTests : IDisposable
{
    private const int UsualKills = 5, StepsPerKill = 6;
    private const string KillsVariable = "DEEPNET_TEST_KILLS";

    private static readonly int Killed = OperatingSystem.IsWindows() ? -1 : 128 + 9;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("adam", 1)]
    [InlineData("sgd", 2)]
    [InlineData("rmsprop", 3)]
    public async Task A_killed_run_ends_as_one_that_was_left_alone(string optimizer, int seed)
    {
        if (ChildProcess.IsChild) return;
        int kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), out int asked) ? asked : UsualKills;
        int steps = (kills + 2) * StepsPerKill;
        var random = new Random(seed);
        string path = folder["killed"];

        int killed = 0;
        for (int i = 0; i < kills; i++)
        {
            // After a few steps, and somewhere within the next: computing, writing, flushing or renaming.
            if (await RunAndKill(optimizer, steps, path, random.Next(StepsPerKill), random.Next(20_000))) killed++;
            if (File.Exists(path)) Checkpoint.Read(path);
        }
        Assert.Equal(kills, killed);
        Assert.True(await RunAndKill(optimizer, steps, path, int.MaxValue, 0) is false);
        Assert.True(await RunAndKill(optimizer, steps, folder["alone"], int.MaxValue, 0) is false);
        Assert.Equal(steps, Checkpoint.Read(path).Record.Step);
        Assert.Equal(File.ReadAllBytes(folder["alone"]), File.ReadAllBytes(path));
    }

    /// <summary>Starts the run and kills it some microseconds after it has said so many steps. False if it came to its end.</summary>
    private static async Task<bool> RunAndKill(string optimizer, int steps, string path, int afterSteps, int microseconds)
    {
        string runner = Path.Combine(AppContext.BaseDirectory, "DeepNet.CrashRunner.dll");
        var start = new ProcessStartInfo("dotnet", [runner, optimizer, $"{steps}", path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        int said = 0;
        while (said < afterSteps && await process.StandardOutput.ReadLineAsync() is not null) said++;
        if (said == afterSteps)
        {
            long until = Stopwatch.GetTimestamp() + microseconds * Stopwatch.Frequency / 1_000_000;
            while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(20);
            process.Kill();
        }
        await process.WaitForExitAsync();
        bool wasKilled = said == afterSteps && process.ExitCode == Killed;
        Assert.True(wasKilled || process.ExitCode == 0, await error);
        return wasKilled;
    }
}
