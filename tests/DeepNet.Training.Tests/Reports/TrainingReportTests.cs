using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Reports;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Reports;

public class TrainingReportTests
{
    [Fact]
    public void Classes_get_curves_confusion_mistakes_model_and_settings()
    {
        using var folder = new Folder();
        var early = "";
        var report = new TrainingReport(folder["r/report.html"])
        {
            Title = "Blobs", Classes = ["red", "green", "blue"], Settings = [new("recipe", "<quick>")], Extend = (_, page)
                => page.Section("Mine"),
        };
        var watch = new Probe { Epoch = (t, e) => early = e.Epoch == 2 ? File.ReadAllText(folder["r/report.html"]) : early };
        Small.Trainer(Small.Model(), report, watch).Fit(Small.Train(), Small.Validation(), epochs: 3);
        string html = File.ReadAllText(folder["r/report.html"]);
        foreach (string section in (string[])["summary", "curves", "classes", "worst-mistakes", "model", "settings", "mine"])
            Assert.Contains($"<section id=\"{section}\"", html, StringComparison.Ordinal);
        foreach (string word in (string[])["completed", "&lt;quick&gt;", "green", "macro mean", "validation accuracy", "Linear(2, 16)",
            "Adam", "Loss of each step"]) Assert.Contains(word, html, StringComparison.Ordinal);
        // what the first epoch left, seen before the second one replaced it
        Assert.Contains("running: epoch 1 of 3", early, StringComparison.Ordinal);
        Assert.DoesNotContain("worst-mistakes", early, StringComparison.Ordinal);
    }

    [Fact]
    public void A_monitor_gives_frames_of_layers_and_curves_stand_in_a_grid()
    {
        using var folder = new Folder();
        Small.Trainer(Small.Model(), new ParameterMonitor(every: 2), new TrainingReport(folder["r.html"]))
            .Fit(Small.Train(), Small.Validation(), epochs: 2);
        string html = File.ReadAllText(folder["r.html"]);
        Assert.Contains("<section id=\"layers\"", html, StringComparison.Ordinal);
        Assert.Contains("data-frames=\"", html, StringComparison.Ordinal);
        Assert.Contains("step 2", html, StringComparison.Ordinal);
        string curves = html[html.IndexOf("<section id=\"curves\"", StringComparison.Ordinal)..];
        curves = curves[..curves.IndexOf("</section>", StringComparison.Ordinal)];
        Assert.Contains("<div class=\"figures grid\"", curves, StringComparison.Ordinal);
    }

    [Fact]
    public void The_final_look_agrees_with_an_evaluation_and_disturbs_nothing()
    {
        var model = Small.Model();
        var (train, validation) = (Small.Train(), Small.Validation());
        var trainer = Small.Trainer(model);
        trainer.Fit(train, validation, epochs: 2);
        var before = (Small.Weights(model), Generator.Default.State);
        var look = FinalLook.At(trainer, trainer.Data(validation), new TrainingReport("x") { Mistakes = 5 });
        Assert.Equal(TaskKind.Classes, look.Kind);
        Assert.Equal(trainer.Evaluate(validation)["accuracy"], look.Matrix.Value, 1e-12);
        Assert.Equal(before.Item1, Small.Weights(model));
        Assert.Equal(before.State, Generator.Default.State);
        Assert.Equal(Math.Min(5, (int)look.Matrix.Wrong), look.Mistakes.Count);
        Assert.Equal(look.Mistakes.OrderByDescending(m => m.Probability).Select(m => m.Index), look.Mistakes.Select(m => m.Index));
        foreach (var mistake in look.Mistakes) Assert.NotEqual(mistake.True, mistake.Predicted);
    }

    [Fact]
    public void Two_classes_get_thresholds()
    {
        using var folder = new Folder();
        var data = SyntheticData.Moons(200, 0.3, 3);
        var model = new Net(1);
        var trainer = new Trainer(
            model, new Adam(model.Parameters(), learningRate: 0.02), (o, y) => Loss.BceWithLogits(o, y.To(DType.Float32).Reshape(-1, 1)))
        {
            Callbacks = [new TrainingReport(folder["r.html"])],
            Progress = ProgressStyle.None,
        };
        trainer.Fit(new DataLoader(data, 20, shuffle: true, seed: 1), new DataLoader(data, 64), epochs: 2);
        string html = File.ReadAllText(folder["r.html"]);
        foreach (string word in (string[])["ROC curve", "Precision and recall", "best F1", "Scores of both classes"])
            Assert.Contains(word, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_get_residuals_and_images_are_shown()
    {
        using var folder = new Folder();
        var data = SyntheticData.Regression(100, [2, -1], noise: 0.1, seed: 2);
        var model = new Net(1);
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 0.02), (o, y) => Loss.Mse(o, y.Reshape(-1, 1)))
        {
            Callbacks = [new TrainingReport(folder["r.html"])], Progress = ProgressStyle.None,
        };
        trainer.Fit(new DataLoader(data, 20), new DataLoader(data, 64), epochs: 2);
        string html = File.ReadAllText(folder["r.html"]);
        foreach (string word in (string[])["Predicted against true", "Residuals over predictions", "R²"])
            Assert.Contains(word, html, StringComparison.Ordinal);

        var digits = SyntheticData.Digits(60, seed: 1);
        var flat = new Flat();
        trainer = new Trainer(flat, new Sgd(flat.Parameters(), learningRate: 1e-4), Loss.CrossEntropy)
        {
            Callbacks = [new TrainingReport(folder["d.html"]) { Mistakes = 7 }], Progress = ProgressStyle.None,
        };
        trainer.Fit(new DataLoader(digits, 20), new DataLoader(digits, 60), epochs: 1);
        html = File.ReadAllText(folder["d.html"]);
        Assert.Equal(7, html.Split("data:image/png").Length - 1);
    }

    [Fact]
    public void A_run_that_fails_or_has_no_validation_leaves_its_curves()
    {
        using var folder = new Folder();
        var bomb = new Probe { Epoch = (_, e) => { if (e.Epoch == 2) throw new InvalidOperationException("boom <here>"); } };
        var trainer = Small.Trainer(Small.Model(), new TrainingReport(folder["r.html"]), bomb);
        Assert.Throws<InvalidOperationException>(() => trainer.Fit(Small.Train(), null, epochs: 3));
        string html = File.ReadAllText(folder["r.html"]);
        Assert.Contains("failed: boom &lt;here&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<section id=\"curves\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_has_all_of_its_learning_rates()
    {
        using var folder = new Folder();
        Trainer Make(TrainingReport report)
        {
            var model = Small.Model();
            var optimizer = new Adam(model.Parameters(), learningRate: 0.02);
            return new Trainer(model, optimizer, Loss.CrossEntropy)
            {
                Schedule = new Schedule(optimizer, new StepDecay(4, 0.5)), Callbacks = [report, new Checkpoints(folder["run"])],
                Progress = ProgressStyle.None,
            };
        }
        Make(new TrainingReport(folder["a.html"])).Fit(Small.Train(), null, epochs: 2);
        var again = Make(new TrainingReport(folder["a.html"]));
        Assert.True(again.Resume(folder["run"]));
        again.Fit(Small.Train(), null, epochs: 3);
        using var other = new Folder();
        string resumed = File.ReadAllText(folder["a.html"]);
        // The image of the rates is that of a run that was never broken off.
        Directory.Delete(folder["run"], true);
        Make(new TrainingReport(folder["a.html"])).Fit(Small.Train(), null, epochs: 3);
        Assert.Equal(Rates(File.ReadAllText(folder["a.html"])), Rates(resumed));

        static string Rates(string html)
        {
            int at = html.IndexOf(">Learning rate</title>", StringComparison.Ordinal);
            Assert.True(at > 0);
            at = html.IndexOf("<path class=\"ln", at, StringComparison.Ordinal);
            return html[at..html.IndexOf("/>", at, StringComparison.Ordinal)];
        }
    }

    [Fact]
    public void Of_many_short_epochs_not_each_is_worth_a_page()
    {
        using var folder = new Folder();
        int pages = 0;
        var report = new TrainingReport(folder["r.html"]) { Extend = (_, _) => pages++ };
        Small.Trainer(Small.Model(), report).Fit(Small.Train(), null, epochs: 40);
        Assert.InRange(pages, 2, 39);        // the first epoch and the end at least
        Assert.Contains("<dd>40</dd>", File.ReadAllText(folder["r.html"]), StringComparison.Ordinal);
    }

    private sealed class Net(int outputs) : Module
    {
        private readonly Linear fc1 = new(2, 16), fc2 = new(16, outputs);

        public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x).Tanh());
    }

    private sealed class Flat : Module
    {
        private readonly Linear fc = new(784, 10);

        public override Tensor Forward(Tensor x) => fc.Forward(x.Flatten(1));
    }
}
