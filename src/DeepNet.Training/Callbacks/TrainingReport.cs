using System.Diagnostics;
using DeepNet.Plots;
using DeepNet.Training.Logs;
using DeepNet.Training.Reports;

namespace DeepNet.Training;

/// <summary>
/// Writes a page about the run: curves, at the end what limits it (<see cref="TrainingDoctor"/>) and what the model makes of the
/// validation part: confusion and the worst mistakes as images for classes, ROC and precision–recall curves for two classes, residuals
/// for numbers. It is there after the first epoch and grows.
/// </summary>
/// <remarks>
/// At the end the validation part is gone through once more, with the weights that the run ended with (the best ones where
/// <see cref="EarlyStopping"/> restored them). A run that was interrupted or failed leaves the curves. A page that cannot be written, as on
/// a full disk, does not end the run: <see cref="History.Warnings"/> tells.
/// </remarks>
/// <example><code>
/// Callbacks = [new EarlyStopping(patience: 3), new TrainingReport("runs/mnist/report.html") { Classes = data.Classes }]
/// </code></example>
public sealed class TrainingReport : Callback
{
    private const int MostShare = 50;           // writing takes at most one part in so many of the run

    private readonly string path;
    private readonly LogTrouble trouble = new();
    private readonly Stopwatch sinceWritten = new();
    private TimeSpan writing;
    private readonly List<(long Step, double Rate)> rates = [];

    /// <summary>Names the file.</summary>
    public TrainingReport(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        this.path = path;
    }

    /// <inheritdoc/>
    public override string Name => $"TrainingReport:{Path.GetFileName(path)}";

    /// <inheritdoc/>
    protected internal override bool IsForMain => true;

    /// <inheritdoc/>
    protected internal override int Order => 900;       // after those that restore the best weights

    /// <summary>The headline; the name of the model's class if null.</summary>
    public string? Title { get; init; }

    /// <summary>Gets the names of the classes; 0, 1, 2… if null.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets the number of worst mistakes to show.</summary>
    public int Mistakes { get; init; } = 24;

    /// <summary>For models of single outputs: those above it count as class 1. 0 for logits, 0.5 for probabilities.</summary>
    public double Threshold { get; init; }

    /// <summary>Gets the height and width of images that are given as flat rows of pixels; null if the shape of the inputs tells.</summary>
    public (int Height, int Width)? ImageSize { get; init; }

    /// <summary>Gets the settings of the run, in the order in which they are shown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Adds to the page before it is written: sections of one's own.</summary>
    public Action<Trainer, HtmlReport>? Extend { get; init; }

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.Step == 0) rates.Clear();
        trouble.Reset();
        sinceWritten.Reset();
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        // Two points a level piece are enough to draw it.
        if (rates.Count >= 2 && rates[^1].Rate == step.LearningRate && rates[^2].Rate == step.LearningRate)
            rates[^1] = (step.Step, step.LearningRate);
        else rates.Add((step.Step, step.LearningRate));
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        // Of many short epochs not each is worth a page; the end of the run always is.
        if (sinceWritten.IsRunning && sinceWritten.Elapsed < MostShare * writing) return;
        var clock = Stopwatch.StartNew();
        Write(trainer, null);
        writing = clock.Elapsed;
        sinceWritten.Restart();
    }

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        bool isWhole = trainer.History.End is TrainingEnd.Completed or TrainingEnd.Stopped;
        bool isWritten = Write(trainer, isWhole && trainer.Running?.Validation is { } data ? FinalLook.At(trainer, data, this) : null);
        if (isWritten && trainer.History.End != TrainingEnd.Failed)
            trainer.Say($"report: {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
    }

    /// <inheritdoc/>
    protected internal override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("rates", Tensor.From<double>([.. rates.SelectMany(r => new[] { r.Step, r.Rate })], new Shape(rates.Count, 2)));
    }

    /// <inheritdoc/>
    protected internal override void Load(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        rates.Clear();
        if (!state.Tensors.TryGetValue("rates", out var saved)) return;
        if (saved.DType != DType.Float64 || saved.Rank != 2 || saved.Shape[1] != 2)
            throw new InvalidDataException($"its rates are {saved.DType.Name()} {saved.Shape}, and are to be pairs of float64");
        double[] values = saved.ToArray<double>();
        for (int i = 0; i < values.Length; i += 2) rates.Add(((long)values[i], values[i + 1]));
    }

    private bool Write(Trainer trainer, FinalLook? look)
    {
        var page = new HtmlReport(Title ?? trainer.Model.GetType().Name, "a training run with DeepNet");
        RunSections.Summary(page, trainer);
        if (trainer.History.End != TrainingEnd.Running) RunSections.Diagnosis(page, trainer);
        RunSections.Curves(page, trainer.History, rates);
        RunSections.Layers(page, trainer);
        if (look is not null) LookSections.Add(page, look, this);
        RunSections.Model(page, trainer, look?.InputShape, look?.InputType ?? DType.Float32);
        RunSections.Settings(page, trainer, Settings);
        Extend?.Invoke(trainer, page);
        return trouble.Try(trainer, () => page.Save(path));
    }
}
