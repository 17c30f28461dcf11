using System.Diagnostics;
using System.Globalization;
using DeepNet.IO;
using DeepNet.Training.Tests.Logs;
using DeepNet.Training.Tests.Support;
using Xunit.Abstractions;

namespace DeepNet.Training.Tests.Crash;

/// <summary>
/// Whole runs of the trainer, with workers, checkpoints and every log, in processes that are killed at random moments and started again
/// until they are done.
/// Weights, history and logs are those of a run that was left alone.
/// </summary>
/// <remarks>
/// DEEPNET_TEST_KILLS asks for more kills than the few of every day:
/// <code>DEEPNET_TEST_KILLS=100 dotnet test tests/DeepNet.Training.Tests --filter TrainerCrash --logger "console;verbosity=detailed"</code>
/// prints, at the end, how many kills there were, how many runs ended with the same bits and how many with the same logs.
/// </remarks>
public class TrainerCrashTests(ITestOutputHelper output)
{
    private const int UsualKills = 5, MostInOneRun = 10, MostStepsBefore = 8;
    private const string KillsVariable = "DEEPNET_TEST_KILLS";

    private static readonly int Killed = OperatingSystem.IsWindows() ? -1 : 128 + 9;

    [Fact]
    public async Task A_killed_run_ends_as_one_that_was_left_alone()
    {
        string? asked = Environment.GetEnvironmentVariable(KillsVariable);
        int wanted = asked is null ? UsualKills : int.Parse(asked, CultureInfo.InvariantCulture);
        var random = new Random(1);
        using var folder = new Folder();
        var clock = Stopwatch.StartNew();
        await RunToEnd(folder["alone"]);
        var start = clock.Elapsed;                       // longer than a start takes: kills fall into all of it
        var alone = Outcome.Of(folder["alone"]);
        int kills = 0, early = 0, runs = 0;
        List<string> otherBits = [], otherLogs = [];
        while (kills < wanted)
        {
            string run = folder[$"{++runs}"];
            bool isDone = false;
            for (int i = 0; i < MostInOneRun && kills < wanted && !isDone; i++)
            {
                int steps = Math.Max(0, random.Next(-2, MostStepsBefore));
                var wait = steps == 0 ? start * random.NextDouble() : TimeSpan.FromMicroseconds(random.Next(10_000));
                isDone = !await RunAndKill(run, steps, wait);
                if (isDone) break;
                kills++;
                if (steps == 0) early++;
                foreach (string file in new CheckpointFolder(Path.Combine(run, "checkpoints")).Files) Checkpoint.Read(file);
            }
            if (!isDone) await RunToEnd(run);
            var outcome = Outcome.Of(run);
            otherBits.AddRange(outcome.OtherBits(alone).Select(difference => $"run {runs}: {difference}"));
            otherLogs.AddRange(outcome.OtherLogs(alone).Select(difference => $"run {runs}: {difference}"));
        }
        string summary = $"{kills} kills, {early} of them while starting or resuming, in {runs} runs: "
            + $"{runs - Runs(otherBits)} ended with the same bits, {runs - Runs(otherLogs)} with whole logs.";
        output.WriteLine(summary);
        Assert.True(otherBits.Count + otherLogs.Count == 0, string.Join('\n', [summary, .. otherBits, .. otherLogs]));

        static int Runs(List<string> differences) => differences.Select(d => d.Split(':')[0]).Distinct().Count();
    }

    /// <summary>Starts a run, and kills it some time after so many steps. Returns false where it came to its end before.</summary>
    private static async Task<bool> RunAndKill(string run, int afterSteps, TimeSpan wait)
    {
        using var process = Start(run);
        var error = process.StandardError.ReadToEndAsync();
        while (afterSteps > 0 && await process.StandardOutput.ReadLineAsync() is not null) afterSteps--;
        long from = Stopwatch.GetTimestamp();
        if (wait > TimeSpan.FromMilliseconds(20)) await Task.WhenAny(Task.Delay(wait), process.WaitForExitAsync());
        while (Stopwatch.GetElapsedTime(from) < wait && !process.HasExited) Thread.SpinWait(20);
        process.Kill();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == Killed || process.ExitCode == 0, await error);
        return process.ExitCode != 0;
    }

    private static async Task RunToEnd(string run)
    {
        using var process = Start(run);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
    }

    private static Process Start(string run)
    {
        string runner = Path.Combine(AppContext.BaseDirectory, "DeepNet.CrashRunner.dll");
        var start = new ProcessStartInfo("dotnet", [runner, "trainer", run]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return Process.Start(start)!;
    }

    /// <summary>The contents of the files that a run wrote, without times.</summary>
    private sealed record Outcome(
        byte[] Model, SortedDictionary<string, string> Run, SortedDictionary<string, byte[]> Tensors,
        string[] Steps, string[] Epochs, List<string> Events)
    {
        public static Outcome Of(string folder)
        {
            var (record, tensors) = Checkpoint.Read(new CheckpointFolder(Path.Combine(folder, "checkpoints")).Latest!);
            var run = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["place"] = $"{record.Epoch} {record.Step} {record.Position}",
            };
            foreach (var epoch in HistoryJson.Read(record.Texts["history"]))
                run[$"epoch {epoch.Epoch}"] = $"{epoch.Step} {epoch.LearningRate:R} {Text(epoch.Values)}";
            foreach (var (name, state) in record.Generators) run[$"generator {name}"] = $"{state}";
            foreach (var (name, state) in record.States) run[$"state {name}"] = Text(state.Numbers);
            foreach (var (name, number) in record.Numbers.Where(n => n.Key != "epoch_seconds")) run[$"number {name}"] = $"{number:R}";
            foreach (var (name, text) in record.Texts.Where(t => t.Key != "history")) run[$"text {name}"] = text;
            var bytes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var (name, tensor) in tensors)
            {
                var elements = new List<byte>();
                Elements.Visit(tensor, part => elements.AddRange(part));
                bytes[$"{name} {tensor.DType} {tensor.Shape}"] = [.. elements];
            }
            return new(
                File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), run, bytes,
                File.ReadAllText(Path.Combine(folder, "steps.csv")).Split('\n'),
                [.. File.ReadLines(Path.Combine(folder, "epochs.csv")).Select(WithoutSeconds)],
                EventReader.OfRun(Path.Combine(folder, "events")));

            static string WithoutSeconds(string row) => string.Join(',', row.Split(',').Where((_, i) => i != 2));
            static string Text(IEnumerable<KeyValuePair<string, double>> numbers)
                => string.Join(' ', numbers.Select(n => $"{n.Key}={n.Value:R}"));
        }

        public IEnumerable<string> OtherBits(Outcome alone)
        {
            if (!Model.AsSpan().SequenceEqual(alone.Model)) yield return "other weights in the saved model";
            foreach (string name in Run.Keys.Union(alone.Run.Keys))
            {
                string? here = Run.GetValueOrDefault(name), there = alone.Run.GetValueOrDefault(name);
                if (here != there) yield return $"{name} is {here}, and should be {there}";
            }
            foreach (string name in Tensors.Keys.Union(alone.Tensors.Keys))
            {
                byte[]? here = Tensors.GetValueOrDefault(name), there = alone.Tensors.GetValueOrDefault(name);
                if (here is null || there is null || !here.AsSpan().SequenceEqual(there)) yield return $"other bits in {name}";
            }
        }

        public IEnumerable<string> OtherLogs(Outcome alone)
        {
            return Differences("steps", Steps, alone.Steps)
                .Concat(Differences("epochs", Epochs, alone.Epochs))
                .Concat(Differences("events", Events, alone.Events));

            static IEnumerable<string> Differences(string log, IReadOnlyList<string> here, IReadOnlyList<string> there)
            {
                int at = here.Zip(there).TakeWhile(pair => pair.First == pair.Second).Count();
                if (at == here.Count && at == there.Count) yield break;
                yield return $"the log of {log} has {here.Count} lines and should have {there.Count}; "
                    + $"line {at + 1} is '{here.ElementAtOrDefault(at)}' and should be '{there.ElementAtOrDefault(at)}'";
            }
        }
    }
}
