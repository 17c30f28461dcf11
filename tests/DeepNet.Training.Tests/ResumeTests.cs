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
        var first = Build(out _, out _, new Checkpoints(folder.Path), new Probe { Step = (_, step) => { if (step.Step == interruptAt) cancel.Cancel(); } });
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
    public void It_holds_for_accumulated_steps_and_for_an_interruption_in_validation()
    {
        using var folder = new Folder();
        var model = Small.Model();
        Accumulating(model).Fit(Small.Train(), Small.Validation(), Epochs);

        using var cancel = new CancellationTokenSource();
        int validations = 0;
        var first = Accumulating(Small.Model(), new Checkpoints(folder.Path), new Probe { ValidationBatch = _ => { if (++validations == 4) cancel.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => first.Fit(Small.Train(), Small.Validation(), Epochs, cancel.Token));
        Assert.Equal(1, first.Epoch);
        Assert.Equal(6, first.Step);

        var resumed = Small.Model();
        var second = Accumulating(resumed);
        Assert.True(second.Resume(folder.Path));
        second.Fit(Small.Train(), Small.Validation(), Epochs);
        Assert.Equal(Small.Weights(model), Small.Weights(resumed));
        Assert.Equal(Epochs, second.History.Epochs.Count);

        static Trainer Accumulating(Small.Net model, params Callback[] callbacks) => new(model, new Adam(model.Parameters(), lr: 0.02), DeepNet.Nn.Loss.CrossEntropy)
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
        var trainer = Small.Trainer(Small.Model(), new Probe { Step = (t, s) => { if (s.Step == 3) t.Snapshot().Save(folder["middle"]); } });
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

    // Everything that has a state at once.
    private static Trainer Build(out Small.Net model, out ParameterStatistics statistics, params Callback[] callbacks)
    {
        model = Small.Model();
        statistics = new ParameterStatistics(every: 5);
        var optimizer = new AdamW(model.Parameters(), lr: 0.02);
        return new Trainer(model, optimizer, DeepNet.Nn.Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Callbacks = [.. callbacks, statistics, new EarlyStopping(patience: 3)],
            Schedule = new Schedule(optimizer, new OneCycle(Epochs * Small.Batches)),
            Average = new ExponentialAverage(model.Parameters(), decay: 0.9),
            ClipNorm = 1,
            Seed = 7,
            Progress = ProgressStyle.None,
        };
    }

    // All but the time, to the bit.
    private static string Text(EpochRecord epoch)
        => $"{epoch.Epoch} {epoch.Step} {epoch.LearningRate:R} {string.Join(' ', epoch.Values.Select(v => $"{v.Key}={v.Value:R}"))}";
}
