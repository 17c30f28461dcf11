using System.Diagnostics;
using Spectre.Console;

namespace DeepNet.Training;

/// <summary>A bar for the epoch that runs, and under it nothing; above it the lines of those that are done.</summary>
internal sealed class BarsDisplay : LinesDisplay
{
    // Epochs that are shorter than this show no bar: it would only flicker.
    private const double ShortestEpoch = 0.3;
    private static readonly TimeSpan BetweenUpdates = TimeSpan.FromMilliseconds(80);

    private readonly IAnsiConsole console;
    private readonly Stopwatch sinceUpdate = Stopwatch.StartNew();
    private double lastEpoch = double.PositiveInfinity;
    private ProgressTask? bar, validation;
    private ProgressContext? context;
    private string title = "";

    public BarsDisplay(TextWriter? output) : base(output ?? Console.Out)
        => console = output is null
            ? AnsiConsole.Console
            : AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output),
                });

    /// <inheritdoc/>
    public override void Epoch(Trainer trainer, int number, Action body)
    {
        var clock = Stopwatch.StartNew();
        if (lastEpoch < ShortestEpoch)
        {
            body();
        }
        else
        {
            WithBar($"epoch {number}/{trainer.Epochs}", trainer.Train!.Batches ?? 0, trainer.State.Batch, body);
        }
        lastEpoch = clock.Elapsed.TotalSeconds;
    }

    /// <inheritdoc/>
    public override void Work(string title, int steps, Action<Action<int, string>> body)
        => WithBar(title, steps, 0, () => body((done, words) => Move(done, steps, words)));

    private void WithBar(string words, int steps, int done, Action body)
    {
        title = words;
        console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(running =>
        {
            context = running;
            bar = running.AddTask(title, maxValue: steps);
            bar.Value = done;
            try
            {
                body();
            }
            finally
            {
                (bar, validation, context) = (null, null, null);
            }
        });
    }

    /// <inheritdoc/>
    public override void Step(in StepRecord step, double loss)
        => Move(step.Batch, step.Batches, $"loss {Figures.Text(loss)}");

    private void Move(int done, int of, string words)
    {
        if (bar is null || (sinceUpdate.Elapsed < BetweenUpdates && done < of)) return;
        sinceUpdate.Restart();
        bar.Value = done;
        bar.Description = $"{title}  {words}";
    }

    /// <inheritdoc/>
    public override void Validated(int done, int of)
    {
        if (context is null || (sinceUpdate.Elapsed < BetweenUpdates && done < of)) return;
        sinceUpdate.Restart();
        validation ??= context.AddTask("validation", maxValue: of);
        validation.Value = done;
    }

    // While there is a bar, through Spectre, which keeps it below what is written; else as it is, for the terminal to wrap as it likes.
    protected override void Show(string line)
    {
        if (context is null) base.Show(line);
        else console.WriteLine(line);
    }
}
