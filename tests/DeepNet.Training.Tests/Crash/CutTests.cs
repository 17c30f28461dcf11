using DeepNet.Training.Tests.Logs;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Crash;

/// <summary>A run cut off after each of its steps: what its files hold at that moment is all that a resumed run has.</summary>
public class CutTests
{
    private const int Epochs = 2;

    [Fact]
    public void Wherever_a_run_is_cut_off_its_logs_end_as_those_of_one_that_was_not()
    {
        using var folder = new Folder();
        string whole = folder["whole"];
        var cuts = new List<string>();
        var model = Small.Model();
        Build(model, whole, new Cut(() =>
        {
            cuts.Add(folder[$"cut{cuts.Count}"]);
            Copy(whole, cuts[^1]);
        })).Fit(Small.Train(), Small.Validation(), Epochs);
        Assert.Equal(Epochs * (Small.Batches + 1), cuts.Count);
        foreach (string cut in cuts)
        {
            var resumed = Small.Model();
            var trainer = Build(resumed, cut);
            trainer.Resume(Path.Combine(cut, "checkpoints"));
            trainer.Fit(Small.Train(), Small.Validation(), Epochs);
            Assert.Equal(Small.Weights(model), Small.Weights(resumed));
            Assert.Equal(File.ReadAllText(Path.Combine(whole, "steps.csv")), File.ReadAllText(Path.Combine(cut, "steps.csv")));
            Assert.Equal(Epoch(whole), Epoch(cut));
            Assert.Equal(EventReader.OfRun(Path.Combine(whole, "events")), EventReader.OfRun(Path.Combine(cut, "events")));
        }

        // Without the seconds.
        static IEnumerable<string> Epoch(string folder)
            => File.ReadLines(Path.Combine(folder, "epochs.csv")).Select(line => string.Join(',', line.Split(',').Where((_, i) => i != 2)));
    }

    private static Trainer Build(Small.Net model, string folder, params Callback[] more)
        => Small.Trainer(model, [new CsvLog(Path.Combine(folder, "epochs.csv")), new CsvStepLog(Path.Combine(folder, "steps.csv")),
            new TensorBoard(Path.Combine(folder, "events")) { EverySteps = 1 },
            new Checkpoints(Path.Combine(folder, "checkpoints")) { EverySteps = 3 }, .. more]);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class Cut(Action cut) : Callback
    {
        protected internal override int Order => int.MaxValue;          // after checkpoints

        protected internal override void OnStepEnd(Trainer trainer, in StepRecord step) => cut();

        protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => cut();
    }
}
