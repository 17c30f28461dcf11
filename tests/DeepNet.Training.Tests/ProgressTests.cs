using System.Text.RegularExpressions;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public partial class ProgressTests
{
    [Fact]
    public void Lines_are_plain_and_one_an_epoch()
    {
        string[] lines = Lines(Text(ProgressStyle.Lines));
        Assert.Equal("Net: 131 parameters, 120 examples in 8 batches of 16, cpu", lines[0]);
        Assert.Matches(@"^epoch 1/2  loss \d\.\d{4}  accuracy 0\.\d{4}  val_loss \d\.\d{4}  val_accuracy 0\.\d{4}  0\.\d\d s$", lines[1]);
        Assert.StartsWith("epoch 2/2", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void Where_output_is_no_terminal_lines_are_the_default()
        => Assert.DoesNotContain('\u001b', Text(ProgressStyle.Auto));

    [Fact]
    public void Nothing_is_nothing() => Assert.Equal("", Text(ProgressStyle.None));

    [Fact]
    public void Bars_leave_the_same_lines()
    {
        string text = Text(ProgressStyle.Bars);
        Assert.Contains('\u001b', text);
        string plain = Escape().Replace(text, "");
        Assert.Contains("epoch 1/2  loss", plain, StringComparison.Ordinal);
        Assert.Matches(@"epoch 2/2  loss \d\.\d{4}  accuracy", plain);
    }

    [Fact]
    public void An_end_before_the_end_is_explained()
    {
        var output = new StringWriter();
        var model = Small.Model();
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            ProgressOutput = output,
            Callbacks = [new Probe { Step = (t, s) => { if (s.Step == 11) { t.Stop("enough was learned"); t.Say("a note"); } } }],
        };
        trainer.Fit(Small.Train(), epochs: 3);
        string[] lines = Lines(output.ToString());
        Assert.Equal("a note", lines[2]);
        Assert.Matches(@"^stopped after 1 of 3 epochs, step 11, 0\.\d\d s: enough was learned$", lines[3]);
        output.GetStringBuilder().Clear();
        using var folder = new Folder();
        trainer.Snapshot().Save(folder["run"]);
        trainer.Resume(folder["run"]);
        trainer.Fit(Small.Train(), epochs: 1);
        Assert.Contains("nothing to train: all epochs of the run are done (1)", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProgressStyle.Lines)]
    [InlineData(ProgressStyle.Bars)]
    public void Names_do_not_reach_the_terminal_as_commands(ProgressStyle style)
    {
        var output = new StringWriter();
        var model = Small.Model();
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            Progress = style,
            ProgressOutput = output,
            Metrics = [new Named()],
            Callbacks = [new Probe { Step = (t, s) => { if (s.Step == 1) t.Say("a note\u001b]0;title\u0007\nof two lines"); } }],
        };
        trainer.Fit(Small.Train(), epochs: 1);
        string plain = Escape().Replace(output.ToString(), "");
        Assert.Contains("a note?]0;title?\nof two lines", plain.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("my?[2Jmetric 1.0000", plain, StringComparison.Ordinal);
        var matrix = new ConfusionMatrix(["cat\u001b[2J", "dog"]);
        matrix.Update(Tensor.From<float>(1, 0).Reshape(1, 2), Tensor.From<long>(0));
        Assert.Contains("cat?[2J", matrix.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', trainer.Evaluate(Small.Validation()).ToString());
    }

    private sealed class Named : Metric
    {
        public override string Name => "my\u001b[2Jmetric";

        public override double Value => 1;

        public override void Update(Tensor output, Tensor target) { }

        public override void Reset() { }
    }

    [Fact]
    public void An_interrupted_run_says_how_to_go_on()
    {
        using var folder = new Folder();
        using var cancel = new CancellationTokenSource();
        var output = new StringWriter();
        var model = Small.Model();
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            ProgressOutput = output,
            Callbacks = [new Checkpoints(folder.Path) { ResumeHint = "run it again with --resume" },
                new Probe { Step = (_, s) => { if (s.Step == 11) cancel.Cancel(); } }],
        };
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(Small.Train(), epochs: 3, cancellation: cancel.Token));
        string[] lines = Lines(output.ToString());
        Assert.StartsWith("interrupted (the run was cancelled) after 1 of 3 epochs, step 11", lines[^2], StringComparison.Ordinal);
        Assert.EndsWith("checkpoint-000002-step-11.safetensors; run it again with --resume", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.31, "0.31 s")]
    [InlineData(12.44, "12.4 s")]
    [InlineData(99.96, "1:39 min")]
    [InlineData(185, "3:05 min")]
    [InlineData(7805, "2:10 h")]
    public void Times_are_short(double seconds, string text) => Assert.Equal(text, Figures.Time(seconds));

    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(0.98765, "0.9877")]
    [InlineData(0.00001234, "1.234e-5")]
    [InlineData(12345.67, "12345.7")]
    [InlineData(-1.5e9, "-1.500e+9")]
    [InlineData(double.NaN, "NaN")]
    public void Figures_are_short(double value, string text) => Assert.Equal(text, Figures.Text(value));

    private static string Text(ProgressStyle style)
    {
        var output = new StringWriter();
        var model = Small.Model();
        new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()], Progress = style, ProgressOutput = output,
        }
            .Fit(Small.Train(), Small.Validation(), epochs: 2);
        return output.ToString();
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escape();
}
