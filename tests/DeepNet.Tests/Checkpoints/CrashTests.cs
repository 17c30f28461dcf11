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
    private const int UsualKills = 5, LastSteps = 10;
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
        var random = new Random(seed);
        string killed = folder["killed"], alone = folder["alone"];
        for (int i = 0; i < kills; i++)
        {
            // After a few steps, and somewhere within the next: computing, writing, flushing or renaming.
            await RunAndKill(optimizer, killed, random.Next(10), random.Next(5_000));
            if (File.Exists(killed)) Checkpoint.Read(killed);
        }
        // How far it came is a matter of luck; both go on to the same step.
        long steps = (File.Exists(killed) ? Checkpoint.Read(killed).Record.Step : 0) + LastSteps;
        await RunToEnd(optimizer, killed, steps);
        await RunToEnd(optimizer, alone, steps);
        Assert.Equal(steps, Checkpoint.Read(killed).Record.Step);
        Assert.Equal(File.ReadAllBytes(alone), File.ReadAllBytes(killed));
    }

    /// <summary>Starts a run without end, and kills it some microseconds after it has saved so many steps.</summary>
    private static async Task RunAndKill(string optimizer, string path, int afterSteps, int microseconds)
    {
        using var process = Start(optimizer, path, long.MaxValue);
        var error = process.StandardError.ReadToEndAsync();
        while (afterSteps > 0 && await process.StandardOutput.ReadLineAsync() is not null) afterSteps--;
        long until = Stopwatch.GetTimestamp() + microseconds * Stopwatch.Frequency / 1_000_000;
        while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(20);
        process.Kill();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == Killed, await error);
    }

    private static async Task RunToEnd(string optimizer, string path, long steps)
    {
        using var process = Start(optimizer, path, steps);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
    }

    private static Process Start(string optimizer, string path, long steps)
    {
        string runner = Path.Combine(AppContext.BaseDirectory, "DeepNet.CrashRunner.dll");
        return Process.Start(
            new ProcessStartInfo("dotnet", [runner, optimizer, $"{steps}", path])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
    }
}
