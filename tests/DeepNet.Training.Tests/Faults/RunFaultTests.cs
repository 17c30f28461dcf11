using DeepNet.IO;
using DeepNet.Plots;
using DeepNet.Tests.IO.Faults;
using DeepNet.Training.Tests.Logs;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Faults;

/// <summary>
/// Whole runs with each operation on files failing in turn: trouble with a log never ends a run, trouble with a checkpoint loses none that
/// was there.
/// </summary>
public class RunFaultTests
{
    private const int Epochs = 2;

    [Fact]
    public void A_log_that_fails_does_not_end_the_run_nor_change_it()
    {
        using var folder = new Folder();
        var whole = Small.Model();
        Build(whole, folder["undisturbed"], out _).Fit(Small.Train(), Small.Validation(), Epochs);
        string steps = File.ReadAllText(Path.Combine(folder["undisturbed"], "steps.csv"));
        string[] events = Events(Path.Combine(folder["undisturbed"], "events"));
        int place = 0, told = 0;
        int failures = EachFault.Everywhere(system =>
        {
            string at = folder[$"{place++}"];
            var model = Small.Model();
            float[] before = Small.Weights(model);
            var trainer = Build(model, at, out _);
            var error = EachFault.In(system, () => trainer.Fit(Small.Train(), Small.Validation(), Epochs));
            if (error is not null)
            {
                // A log that cannot be begun is told before anything is trained.
                Assert.Contains(at, error.Message, StringComparison.Ordinal);
                Assert.Equal(0, trainer.Step);
                Assert.Equal(before, Small.Weights(model));
                return;
            }
            Assert.Equal(TrainingEnd.Completed, trainer.History.End);
            Assert.Equal(Small.Weights(whole), Small.Weights(model));
            Assert.Equal(trainer.History.Warnings.Distinct(), trainer.History.Warnings);
            if (system.Failed is not null) told += trainer.History.Warnings.Count > 0 ? 1 : 0;
            Assert.All(trainer.History.Warnings, w => Assert.Contains("The run goes on", w, StringComparison.Ordinal));

            // What is there is whole: rows of the undisturbed run from its beginning, and events without a torn one.
            string path = Path.Combine(at, "steps.csv");
            if (File.Exists(path)) Assert.StartsWith(File.ReadAllText(path), steps, StringComparison.Ordinal);
            string[] written = Events(Path.Combine(at, "events"));
            Assert.Equal(events[..written.Length], written);
            Assert.Empty(Directory.GetFiles(at, "*.tmp"));

            // A disk that was full once lets nothing go.
            if (!system.StaysFull)
            {
                Assert.Equal(steps, File.ReadAllText(path));
                Assert.Equal(events.Length, written.Length);
                Assert.Equal(1 + Epochs, File.ReadAllLines(Path.Combine(at, "epochs.csv")).Length);
            }
        }, path => !path.Contains("checkpoint", StringComparison.Ordinal));
        Assert.True(failures > 40 && told > 20, $"{failures} failures, {told} of them told");
    }

    [Fact]
    public void A_checkpoint_that_fails_leaves_those_that_were_there_and_the_run_goes_on_from_them()
    {
        using var folder = new Folder();
        var whole = Small.Model();
        Build(whole, folder["undisturbed"], out _).Fit(Small.Train(), Small.Validation(), Epochs);
        string steps = File.ReadAllText(Path.Combine(folder["undisturbed"], "steps.csv"));
        int place = 0;
        EachFault.Everywhere(system =>
        {
            string at = folder[$"{place++}"];
            var first = Build(Small.Model(), at, out string checkpoints);
            var error = EachFault.In(system, () => first.Fit(Small.Train(), Small.Validation(), Epochs));
            if (error is not null) Assert.Contains(checkpoints, error.Message, StringComparison.Ordinal);
            if (Directory.Exists(checkpoints)) Assert.Empty(Directory.GetFiles(checkpoints, "*.tmp"));

            var model = Small.Model();
            var second = Build(model, at, out _);
            Assert.Null(EachFault.In(new FaultyFileSystem(failAt: 0, staysFull: false), () =>
            {
                second.Resume(checkpoints);
                second.Fit(Small.Train(), Small.Validation(), Epochs);
            }));
            Assert.Empty(second.History.Warnings);
            Assert.Equal(Small.Weights(whole), Small.Weights(model));
            Assert.Equal(steps, File.ReadAllText(Path.Combine(at, "steps.csv")));
            Assert.Equal(Events(Path.Combine(folder["undisturbed"], "events")), Events(Path.Combine(at, "events")));
        }, path => path.Contains("checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void Reports_figures_and_measurements_are_old_or_new()
    {
        using var folder = new Folder();
        var statistics = new ParameterMonitor(every: 1);
        Small.Trainer(Small.Model(), statistics).Fit(Small.Train());
        Assert.True(EachFault.OfOneFile(folder["statistics"], statistics.SaveCsv) >= 12);
        Assert.True(EachFault.OfOneFile(folder["report"], new HtmlReport("A page").Paragraph("of text").Save) >= 12);
        Assert.True(EachFault.OfOneFile(folder["figure"], new Plot("a line").Line([1, 2, 3], [1, 4, 9]).Save) >= 12);
    }

    [Fact]
    public void Events_end_with_a_whole_one_and_later_ones_follow()
    {
        using var folder = new Folder();
        int place = 0;
        EachFault.Everywhere(system =>
        {
            string at = folder[$"{place++}"];
            EventFileWriter? writer = null;
            if (EachFault.In(system, () => writer = new EventFileWriter(at)) is not null)
            {
                Assert.True(!Directory.Exists(at) || Directory.GetFiles(at).Length == 0);
                return;
            }
            for (int i = 1; i <= 3; i++)
            {
                EachFault.In(system, () =>
                {
                    writer!.Scalar("a", i, i);
                    writer.Flush();
                });
                EventReader.Read(writer!.Path);
            }
            EachFault.In(new FileSystem(), writer!.Dispose);
            Assert.Equal([1L, 2, 3], EventReader.Read(writer.Path)[1..].Select(e => e.Int(2)));
        });
    }

    private static Trainer Build(Small.Net model, string folder, out string checkpoints)
    {
        checkpoints = Path.Combine(folder, "checkpoints");
        return Small.Trainer(model, new CsvLog(Path.Combine(folder, "epochs.csv")), new CsvStepLog(Path.Combine(folder, "steps.csv")),
            new TensorBoard(Path.Combine(folder, "events")) { EverySteps = 1 }, new TrainingReport(Path.Combine(folder, "report.html")),
            new Checkpoints(checkpoints) { EverySteps = 5 });
    }

    /// <summary>Everything that readers of event files take from a folder, without times and without what names the model.</summary>
    private static string[] Events(string folder) => [.. EventReader.OfRun(folder).Where(e => e.Split(' ')[0] is not ("run" or "end"))];
}
