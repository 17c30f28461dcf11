using DeepNet.Data;
using DeepNet.IO;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class ResumeTests
{
    private const int Epochs = 4;

    [Theory]
    [InlineData(3)]             // within the first epoch
    [InlineData(13)]            // within the second
    [InlineData(16)]            // after the last batch of an epoch: its validation is still to come
    [InlineData(31)]
    public void A_run_that_is_interrupted_and_resumed_ends_with_the_same_bits(int interruptAt)
    {
        using var folder = new Folder();
        var whole = Build(out var wholeModel, out var wholeStatistics);
        whole.Fit(Small.Train(), Small.Validation(), Epochs);

        using var cancel = new CancellationTokenSource();
        var first = Build(
            out _, out _, new Checkpoints(folder.Path), new Probe
            {
                Step = (_, step) => { if (step.Step == interruptAt) cancel.Cancel(); },
            });
        Assert.Throws<OperationCanceledException>(() => first.Fit(Small.Train(), Small.Validation(), Epochs, cancel.Token));
        Assert.Equal(interruptAt, first.Step);
        Assert.Equal(TrainingEnd.Interrupted, first.History.End);

        Generator.SetSeed(1234);            // another process begins otherwise
        var second = Build(out var model, out var statistics, new Checkpoints(folder.Path));
        Assert.True(second.Resume(folder.Path));
        Assert.Equal(interruptAt, second.Step);
        var train = Small.Train();
        foreach (var _ in train) break;     // a loader that was elsewhere
        second.Fit(train, Small.Validation(), Epochs);

        Assert.Equal(Small.Weights(wholeModel), Small.Weights(model));
        Assert.Equal(whole.History.StepLosses, second.History.StepLosses);
        Assert.Equal(whole.History.Epochs.Select(Text), second.History.Epochs.Select(Text));
        Assert.Equal(wholeStatistics.Records, statistics.Records);
        Assert.Equal(whole.Optimizer.LearningRate, second.Optimizer.LearningRate);
    }

    [Fact]
    public void A_checkpoint_that_is_asked_for_is_saved_once_after_the_present_step()
    {
        using var folder = new Folder();
        var checkpoints = new Checkpoints(folder.Path) { EveryEpochs = 0 };
        var saved = new List<string?>();
        var probe = new Probe { Step = (_, step) => { saved.Add(checkpoints.Last); if (step.Step == 3) checkpoints.Request(); } };
        Small.Trainer(Small.Model(), probe, checkpoints).Fit(Small.Train(), epochs: 1);
        Assert.Equal([null, null, null], saved[..3]);
        Assert.Contains("step-3", saved[3], StringComparison.Ordinal);
        Assert.All(saved[4..], path => Assert.Equal(saved[3], path));
    }

    [Fact]
    public void It_holds_for_accumulated_steps_and_for_an_interruption_in_validation()
    {
        using var folder = new Folder();
        var model = Small.Model();
        Accumulating(model).Fit(Small.Train(), Small.Validation(), Epochs);

        using var cancel = new CancellationTokenSource();
        int validations = 0;
        var first = Accumulating(
            Small.Model(), new Checkpoints(folder.Path), new Probe { ValidationBatch = _ => { if (++validations == 4) cancel.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => first.Fit(Small.Train(), Small.Validation(), Epochs, cancel.Token));
        Assert.Equal(1, first.Epoch);
        Assert.Equal(6, first.Step);

        var resumed = Small.Model();
        var second = Accumulating(resumed);
        Assert.True(second.Resume(folder.Path));
        second.Fit(Small.Train(), Small.Validation(), Epochs);
        Assert.Equal(Small.Weights(model), Small.Weights(resumed));
        Assert.Equal(Epochs, second.History.Epochs.Count);

        static Trainer Accumulating(Small.Net model, params Callback[] callbacks)
            => new(model, new Adam(model.Parameters(), learningRate: 0.02), DeepNet.Nn.Loss.CrossEntropy)
            {
                Accumulate = 3,
                Seed = 7,
                Callbacks = callbacks,
                Progress = ProgressStyle.None,
            };
    }

    [Fact]
    public void A_run_that_was_stopped_early_stays_stopped()
    {
        using var folder = new Folder();
        var trainer = Small.Trainer(Small.Model(), new Checkpoints(folder.Path), new EarlyStopping(patience: 1) { MinDelta = 10 });
        trainer.Fit(Small.Train(), Small.Validation(), epochs: 9);
        Assert.Equal(2, trainer.Epoch);
        var again = Small.Trainer(Small.Model(), new Checkpoints(folder.Path), new EarlyStopping(patience: 1) { MinDelta = 10 });
        Assert.True(again.Resume(folder.Path));
        again.Fit(Small.Train(), Small.Validation(), epochs: 9);
        Assert.Equal(2, again.Epoch);
        Assert.Equal(TrainingEnd.Stopped, again.History.End);
    }

    [Fact]
    public void Nothing_to_resume_is_no_error()
    {
        using var folder = new Folder();
        Assert.False(Small.Trainer(Small.Model()).Resume(folder.Path));
        Assert.False(Small.Trainer(Small.Model()).Resume(folder["run.safetensors"]));
    }

    [Fact]
    public void Another_batch_size_is_refused_within_an_epoch_and_fine_between_epochs()
    {
        using var folder = new Folder();
        var trainer = Small.Trainer(
            Small.Model(), new Probe { Step = (t, s) => { if (s.Step == 3) t.Snapshot().Save(folder["middle"]); } });
        trainer.Fit(Small.Train());
        trainer.Snapshot().Save(folder["end"]);

        var middle = Small.Trainer(Small.Model());
        Assert.True(middle.Resume(folder["middle"]));
        var error = Assert.Throws<ArgumentException>(() => middle.Fit(Small.Train(batchSize: 30), epochs: 2));
        Assert.Contains("8 batches of 16, and this loader has 4 of 30", error.Message, StringComparison.Ordinal);

        var end = Small.Trainer(Small.Model());
        Assert.True(end.Resume(folder["end"]));
        end.Fit(Small.Train(batchSize: 30), epochs: 2);
        Assert.Equal(Small.Batches + 4, end.Step);
    }

    [Fact]
    public void The_last_and_the_best_checkpoint_are_kept_and_a_new_run_begins_anew()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["notes.txt"], "mine");
        for (int run = 0; run < 2; run++)
        {
            var model = Small.Model();
            var checkpoints = new Checkpoints(folder["run"], monitor: "val_accuracy") { EverySteps = 3 };
            var trainer = Small.Trainer(model, checkpoints);
            var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 5);
            var files = new CheckpointFolder(folder["run"], maximize: true).Files;
            Assert.InRange(files.Count, 2, 3);
            Assert.Contains(checkpoints.Last!, files);
            Assert.Contains(checkpoints.Best!, files);

            var best = Small.Model();
            new Checkpoint { Model = best }.LoadModels(checkpoints.Best!);
            Assert.Equal(history["val_accuracy"].Max(), Small.Trainer(best).Evaluate(Small.Validation())["accuracy"]);
        }
        Assert.True(File.Exists(folder["notes.txt"]));
    }

    [Fact]
    public void A_whole_run_that_is_resumed_has_nothing_to_train()
    {
        using var folder = new Folder();
        Small.Trainer(Small.Model(), new Checkpoints(folder.Path)).Fit(Small.Train(), epochs: 2);
        var again = Small.Trainer(Small.Model(), new Checkpoints(folder.Path));
        Assert.True(again.Resume(folder.Path));
        Assert.Equal(2, again.Fit(Small.Train(), epochs: 2).Epochs.Count);
        Assert.Throws<InvalidOperationException>(() => again.Fit(Small.Train(), epochs: 2));
    }

    [Fact]
    public void A_new_run_takes_nothing_of_the_one_before_until_it_has_saved_something_and_then_puts_it_aside()
    {
        using var folder = new Folder();
        string run = folder["run"], aside = Path.Combine(run, "previous");
        Fit(epochs: 3);
        string[] first = Names(run);
        string log = File.ReadAllText(folder["steps.csv"]);
        var bad = new Probe { Start = _ => throw new InvalidOperationException("dies") };
        var dies = Small.Trainer(Small.Model(), new Checkpoints(run), new CsvStepLog(folder["steps.csv"]), bad);
        Assert.Throws<InvalidOperationException>(() => dies.Fit(Small.Train(), Small.Validation()));
        Assert.Equal(first, Names(run));
        Assert.Equal(log, File.ReadAllText(folder["steps.csv"]));

        Fit(epochs: 1);
        Assert.Equal(["checkpoint-000004-step-8.safetensors"], Names(run));
        Assert.Equal(first, Names(aside));
        Fit(epochs: 2);
        Assert.Equal(["checkpoint-000005-step-8.safetensors", "checkpoint-000006-step-16.safetensors"], Names(run));
        Assert.Equal(["checkpoint-000004-step-8.safetensors"], Names(aside));

        // A kill between the first file and putting the others aside: the run that goes on does it.
        string former = Path.Combine(run, "checkpoint-000003-step-24.safetensors");
        File.Move(Path.Combine(aside, "checkpoint-000004-step-8.safetensors"), former);
        var resumed = Small.Trainer(Small.Model(), new Checkpoints(run));
        Assert.True(resumed.Resume(run));
        Assert.Equal(16, resumed.Step);
        resumed.Fit(Small.Train(), Small.Validation(), epochs: 3);
        Assert.False(File.Exists(former));
        Assert.Equal(["checkpoint-000003-step-24.safetensors"], Names(aside));

        void Fit(int epochs)
        {
            var trainer = Small.Trainer(Small.Model(), new Checkpoints(run), new CsvStepLog(folder["steps.csv"]));
            trainer.Fit(Small.Train(), Small.Validation(), epochs);
        }

        static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Order()];
    }

    [Fact]
    public void A_damaged_last_checkpoint_is_passed_over_and_reported()
    {
        using var folder = new Folder();
        Small.Trainer(Small.Model(), new Checkpoints(folder.Path)).Fit(Small.Train(), epochs: 3);
        string last = new CheckpointFolder(folder.Path).Latest!;
        File.WriteAllBytes(last, File.ReadAllBytes(last)[..1000]);
        var output = new StringWriter();
        var model = Small.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 0.02), DeepNet.Nn.Loss.CrossEntropy)
        {
            ProgressOutput = output,
            Progress = ProgressStyle.Lines,
        };
        Assert.True(trainer.Resume(folder.Path));
        Assert.Equal(2, trainer.Epoch);
        Assert.Contains(last, Assert.Single(trainer.History.Warnings), StringComparison.Ordinal);
        trainer.Fit(Small.Train(), epochs: 3);
        Assert.Contains(trainer.History.Warnings[0], output.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    private static readonly Dictionary<string, Action<Checkpoint>> Forged = new()
    {
        ["history is no JSON"] = c => c.Texts["history"] = "[",
        ["history is no list"] = c => c.Texts["history"] = "{}",
        ["history lacks parts"] = c => c.Texts["history"] = "[{}]",
        ["history counts fractions"] = c => c.Texts["history"] = """[{"epoch":1.5,"step":8,"seconds":0,"lr":0,"values":{}}]""",
        ["history counts beyond"] = c => c.Texts["history"] = """[{"epoch":1099511627776,"step":8,"seconds":0,"lr":0,"values":{}}]""",
        ["history has lists for numbers"] = c => c.Texts["history"] = """[{"epoch":1,"step":8,"seconds":0,"lr":0,"values":{"loss":[]}}]""",
        ["seed is no number"] = c => c.Texts["loader_seed"] = "seed",
        ["seed is too large"] = c => c.Texts["loader_seed"] = "99999999999999999999",
        ["batches are NaN"] = c => c.Numbers["loader_batches"] = double.NaN,
        ["batch size is a fraction"] = c => c.Numbers["loader_batch_size"] = 1.5,
        ["epoch is 2^40"] = c => c.Epoch = 1L << 40,
        ["epoch is -1"] = c => c.Epoch = -1,
        ["step is -9"] = c => c.Step = -9,
        ["step is the largest"] = c => c.Step = long.MaxValue,
        ["batch lies behind the epoch"] = c => c.Position = 9,
        ["batch is -1"] = c => c.Position = -1,
        ["seconds are infinite"] = c => c.Numbers["epoch_seconds"] = double.PositiveInfinity,
        ["rate is negative"] = c => c.Numbers["learning_rate"] = -1,
        ["a mean has no weight"] = c => c.Numbers["meters/x/sum"] = 1,
        ["a mean has no name"] = c => c.Numbers["meters/sum"] = 1,
        ["losses are of another type"] = c => c.Tensors["step_losses"] = Tensor.Zeros(new Shape(8), DType.Int64),
        ["losses are a matrix"] = c => c.Tensors["step_losses"] = Tensor.Zeros(2, 4),
        ["the best epoch is no count"] = c => c.Numbers["callbacks/EarlyStopping/best_epoch"] = 1e30,
        ["the best weights are of another model"] = c => c.Tensors["callbacks/EarlyStopping/fc1.weight"] = Tensor.Zeros(3),
        ["the best weights are not all"] = c => c.Tensors.Remove("callbacks/EarlyStopping/fc1.weight"),
        ["the measurements are lost"] = c => c.Tensors.Remove("callbacks/ParameterMonitor/values"),
        ["the measurements have no names"] = c => c.Texts["callbacks/ParameterMonitor/names"] = "a",
        ["the rates are a line"] = c => c.Tensors["callbacks/TrainingReport:report.html/rates"] = Tensor.Zeros(new Shape(3), DType.Float64),
        ["the first file has no number"] = c => c.Numbers["callbacks/Checkpoints/first"] = -2,
        ["a callback of the program's own refuses"] = c => c.Texts["callbacks/Refusing/never"] = "",
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void What_cannot_be_is_refused_before_anything_changes(string forgery)
    {
        using var folder = new Folder();
        var saved = Small.Trainer(Small.Model(), Callbacks(folder["a"], out _, out _));
        saved.Fit(Small.Train(), Small.Validation(), epochs: 2);
        saved.Snapshot().Save(folder["good"]);
        var forged = saved.Snapshot();
        Forged[forgery](forged);
        forged.Save(folder["forged"]);

        var model = Small.Model();
        var trainer = Small.Trainer(model, Callbacks(folder["b"], out var stopping, out var statistics));
        trainer.Fit(Small.Train(), Small.Validation());
        string before = State();
        string text = Assert.Throws<InvalidDataException>(() => trainer.Resume(folder["forged"])).Message;
        string start = $"[trainer] {folder["forged"]} cannot be resumed from: ";
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(". Nothing was changed.", text, StringComparison.Ordinal);
        Assert.Equal(before, State());
        Assert.True(trainer.Resume(folder["good"]));
        Assert.Equal(2, trainer.Epoch);

        string State()
        {
            var snapshot = trainer.Snapshot();
            return string.Join('\n', [
                string.Join(',', Small.Weights(model)), $"{snapshot.Epoch} {snapshot.Step} {snapshot.Position} {Generator.Default.State}",
                .. snapshot.Numbers.Select(n => $"{n.Key}={n.Value:R}"), .. snapshot.Texts.Select(t => $"{t.Key}={t.Value}"),
                .. snapshot.Tensors.Select(t => $"{t.Key}={string.Join(',', t.Value.To(DType.Float64).ToArray<double>())}"),
                $"{stopping.BestEpoch} {stopping.BestValue:R}", .. statistics.Records.Select(r => $"{r}"),
            ]);
        }

        static Callback[] Callbacks(string folder, out EarlyStopping stopping, out ParameterMonitor statistics)
            => [stopping = new EarlyStopping(), statistics = new ParameterMonitor(every: 4),
                new TrainingReport(Path.Combine(folder, "report.html")), new Checkpoints(folder), new Refusing()];
    }

    private sealed class Refusing : Callback
    {
        protected internal override void Load(CallbackState state) => throw new KeyNotFoundException("never");
    }

    // Everything that has a state at once.
    private static Trainer Build(out Small.Net model, out ParameterMonitor statistics, params Callback[] callbacks)
    {
        model = Small.Model();
        statistics = new ParameterMonitor(every: 5);
        var optimizer = new AdamW(model.Parameters(), learningRate: 0.02) { ClipNorm = 1 };
        return new Trainer(model, optimizer, DeepNet.Nn.Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Callbacks = [.. callbacks, statistics, new EarlyStopping(patience: 3)],
            Schedule = new Schedule(optimizer, new OneCycle(Epochs * Small.Batches)),
            Average = new ExponentialAverage(model.Parameters(), decay: 0.9),
            Seed = 7,
            Progress = ProgressStyle.None,
        };
    }

    // All but the time, to the bit.
    private static string Text(EpochRecord epoch)
        => $"{epoch.Epoch} {epoch.Step} {epoch.LearningRate:R} {string.Join(' ', epoch.Values.Select(v => $"{v.Key}={v.Value:R}"))}";
}
