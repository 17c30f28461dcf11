using System.Globalization;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class CallbackTests
{
    [Fact]
    public void Early_stopping_restores_the_best_weights()
    {
        var model = Small.Model();
        var weights = new List<float[]>();
        var stopping = new EarlyStopping(patience: 2, monitor: "val_accuracy");
        var trainer = Small.Trainer(model, stopping, new Probe { Epoch = (_, _) => weights.Add(Small.Weights(model)) });
        var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 60);

        Assert.Equal(TrainingEnd.Stopped, history.End);
        Assert.Contains("val_accuracy has not been better", history.Reason, StringComparison.Ordinal);
        Assert.Equal(stopping.BestEpoch + 2, trainer.Epoch);
        Assert.Equal(history["val_accuracy"].Max(), stopping.BestValue);
        Assert.Equal(weights[stopping.BestEpoch - 1], Small.Weights(model));
        Assert.Equal(stopping.BestValue, trainer.Evaluate(Small.Validation())["accuracy"]);
    }

    [Fact]
    public void The_direction_comes_from_the_metric()
    {
        var trainer = Small.Trainer(Small.Model(), new EarlyStopping(patience: 1, monitor: "accuracy") { MinDelta = -1 });
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(Small.Train(), epochs: 3).End);         // any change counts as better
        Assert.Null(trainer.History.Reason);
        Assert.Equal(trainer.History["loss"].Min(), trainer.History.Best("loss", higherIsBetter: false)!["loss"]);
    }

    [Fact]
    public void Epochs_without_validation_are_not_judged()
    {
        var stopping = new EarlyStopping(patience: 1) { MinDelta = 10 };
        var model = Small.Model();
        var trainer = new Trainer(model, new DeepNet.Optim.Sgd(model.Parameters(), learningRate: 0.1), DeepNet.Nn.Loss.CrossEntropy)
        {
            ValidateEvery = 3,
            Callbacks = [stopping],
            Progress = ProgressStyle.None,
        };
        var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 20);
        Assert.Equal(6, trainer.Epoch);
        Assert.Equal([true, true, false, true, true, false], history["val_loss"].Select(double.IsNaN));
    }

    [Fact]
    public void The_log_of_a_resumed_run_has_each_epoch_and_step_once()
    {
        using var folder = new Folder();
        Trainer Build(params Callback[] more)
            => Small.Trainer(Small.Model(), [new CsvLog(folder["log.csv"]), new CsvStepLog(folder["steps.csv"]), .. more]);
        var first = Build(new Probe { Epoch = (t, e) => { if (e.Epoch == 2) t.Snapshot().Save(folder["run.safetensors"]); } });
        first.Fit(Small.Train(), Small.Validation(), epochs: 3);          // a third epoch that the checkpoint knows nothing of
        File.AppendAllText(folder["log.csv"], "4,3");                     // and a line that was cut off
        File.AppendAllText(folder["steps.csv"], "17,3");
        string expected = Figures(folder["log.csv"], lines: 3);

        var second = Build();
        Assert.True(second.Resume(folder["run.safetensors"]));
        second.Fit(Small.Train(), Small.Validation(), epochs: 3);
        string[] log = File.ReadAllLines(folder["log.csv"]);
        Assert.Equal("epoch,step,seconds,lr,loss,accuracy,val_loss,val_accuracy", log[0]);
        Assert.Equal(4, log.Length);
        Assert.Equal(expected, Figures(folder["log.csv"], lines: 3));

        string[] steps = File.ReadAllLines(folder["steps.csv"]);
        Assert.Equal("step,epoch,loss,lr,gradient_norm", steps[0]);
        Assert.Equal(
            Enumerable.Range(1, 3 * Small.Batches),
            steps.Skip(1).Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)));

        // Without the seconds.
        static string Figures(string path, int lines)
            => string.Join(
                '\n', File.ReadLines(path).Skip(1).Take(lines).Select(l => string.Join(',', l.Split(',').Where((_, i) => i != 2))));
    }

    [Fact]
    public void A_figure_that_comes_later_gets_its_column()
    {
        using var folder = new Folder();
        var model = Small.Model();
        new Trainer(model, new DeepNet.Optim.Sgd(model.Parameters(), learningRate: 0.1), DeepNet.Nn.Loss.CrossEntropy)
        {
            ValidateEvery = 2,
            Callbacks = [new CsvLog(folder["log.csv"])],
            Progress = ProgressStyle.None,
        }.Fit(Small.Train(), Small.Validation(), epochs: 3);
        string[] log = File.ReadAllLines(folder["log.csv"]);
        Assert.Equal("epoch,step,seconds,lr,loss,val_loss", log[0]);
        Assert.EndsWith(",", log[1], StringComparison.Ordinal);
        Assert.All(log[2..], line => Assert.Matches(@"[0-9]$", line));
    }

    [Fact]
    public void Statistics_measure_weights_gradients_and_updates()
    {
        using var folder = new Folder();
        var statistics = new ParameterMonitor(every: 4);
        Small.Trainer(Small.Model(), statistics).Fit(Small.Train(), epochs: 1);
        Assert.Equal(2 * 6, statistics.Records.Count);
        Assert.Equal([4L, 8], statistics.Records.Select(r => r.Step).Distinct());
        Assert.Equal(
            ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "norm.weight", "norm.bias"],
            statistics.Records.Take(6).Select(r => r.Name));
        Assert.All(
            statistics.Records, r
                => Assert.True(
                    r is { GradientNorm: >= 0, UpdateNorm: > 0, ZeroShare: >= 0 and < 1 } && r.GradientMax <= r.GradientNorm, $"{r}"));
        statistics.SaveCsv(folder["s.csv"]);
        Assert.Equal(13, File.ReadAllLines(folder["s.csv"]).Length);
    }
}
