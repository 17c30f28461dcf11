using System.Globalization;
using System.Runtime.InteropServices;
using DeepNet.Optim;
using DeepNet.Plots;

namespace DeepNet.Training.Reports;

/// <summary>Writes the sections of a report about the run itself.</summary>
internal static class RunSections
{
    private const string Prefix = EpochRecord.ValidationPrefix;

    public static void Summary(HtmlReport page, Trainer trainer)
    {
        var history = trainer.History;
        page.Section("Summary");
        var (verdict, words) = history.End switch
        {
            TrainingEnd.Completed => (Verdict.Pass, "completed"),
            TrainingEnd.Stopped => (Verdict.Pass, $"stopped: {history.Reason}"),
            TrainingEnd.Interrupted => (Verdict.Warning, $"interrupted: {history.Reason}"),
            TrainingEnd.Failed => (Verdict.Fail, $"failed: {history.Reason}"),
            _ => (Verdict.Neutral, string.Create(CultureInfo.InvariantCulture, $"running: epoch {trainer.Epoch} of {trainer.Epochs}")),
        };
        page.Badge(verdict, words);
        if (history.Last is not { } last)
        {
            page.Paragraph("No epoch is done yet.");
            return;
        }
        page.Facts(
            [("epochs", Whole(history.Epochs.Count)), ("steps", Whole(trainer.Step)),
                ("time", Figures.Time(history.Epochs.Sum(e => e.Seconds))),
            .. last.Values.Select(v => (Words(v.Key), Figures.Text(v.Value)))]);
        var rows = new List<string[]>();
        foreach (string name in history.Names)
        {
            bool higher = trainer.Metrics.FirstOrDefault(m => m.Name == name || Prefix + m.Name == name)?.HigherIsBetter ?? false;
            if (history.Best(name, higher) is { } best)
                rows.Add([Words(name), Figures.Text(best[name]), Whole(best.Epoch), Figures.Text(last[name])]);
        }
        page.Table(["figure", "best", "in epoch", "last"], rows);
    }

    public static void Curves(HtmlReport page, History history, List<(long Step, double Rate)> rates)
    {
        if (history.Epochs.Count == 0 && history.StepLosses.Count == 0) return;
        page.Section("Curves");
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        var plots = new List<(Figure, string?)>();
        foreach (string name in history.Names.Select(n => n.StartsWith(Prefix, StringComparison.Ordinal) ? n[Prefix.Length..] : n)
            .Distinct())
        {
            double[]? train = Series(history, name), validation = Series(history, Prefix + name);
            bool isLoss = name.Contains("loss", StringComparison.Ordinal);
            double[] all = [.. (train ?? []).Concat(validation ?? []).Where(double.IsFinite)];
            bool wide = isLoss && all.Length > 0 && all.Min() > 0 && all.Max() > 20 * all.Min();
            var plot = new Plot(Words(name))
            {
                XLabel = "epoch", YLabel = name, YScale = wide ? AxisScale.Log : AxisScale.Linear, Width = 480, Height = 320,
            };
            if (train is not null) plot.Line(epochs, train, "training", color: 0, markers: epochs.Length <= 40);
            if (validation is not null) plot.Line(epochs, validation, "validation", color: 1, markers: epochs.Length <= 40);
            plots.Add((plot, null));
        }
        if (history.StepLosses.Count > 1) plots.Add((StepLosses(history.StepLosses), null));
        if (rates.Select(r => r.Rate).Distinct().Skip(1).Any())
            plots.Add(
                (new Plot("Learning rate") { XLabel = "step", Width = 480, Height = 320 }.Line(
                    [.. rates.Select(r => (double)r.Step)], [.. rates.Select(r => r.Rate)]), null));
        page.Figures(plots);
    }

    /// <summary>Adds what limits the run, where the figures tell.</summary>
    public static void Diagnosis(HtmlReport page, Trainer trainer)
    {
        var found = TrainingDoctor.Examine(
            trainer.History, new() { Parameters = trainer.Callbacks.OfType<ParameterMonitor>().FirstOrDefault()?.Records ?? [] });
        if (found.Branch == TrainingBranch.Unclear) return;
        page.Section("Diagnosis");
        page.Badge(
            found.Branch switch
            {
                TrainingBranch.Healthy => Verdict.Pass,
                TrainingBranch.Diverging => Verdict.Fail,
                TrainingBranch.StillLearning => Verdict.Neutral,
                _ => Verdict.Warning,
            },
            found.Summary);
        page.List(found.Evidence.Select(e => $"{char.ToUpperInvariant(e[0])}{e[1..]}."));
        if (found.Advice.Count == 0) return;
        page.Paragraph("What to try:");
        page.List(found.Advice.Select(a => $"{char.ToUpperInvariant(a[0])}{a[1..]}."));
    }

    /// <summary>Adds the gradient and the change of each parameter as they moved, where a monitor measured them.</summary>
    public static void Layers(HtmlReport page, Trainer trainer)
    {
        const int MostFrames = 60, MostBars = 40;
        ParameterStatistic[][] steps = [.. (trainer.Callbacks.OfType<ParameterMonitor>().FirstOrDefault()?.Records ?? [])
            .GroupBy(r => r.Step).OrderBy(g => g.Key).Select(g => g.Take(MostBars).ToArray())];
        if (steps.Length < 2) return;
        // Evenly thinned, with the first and the last.
        if (steps.Length > MostFrames)
            steps = [.. Enumerable.Range(0, MostFrames).Select(i => steps[(int)((long)i * (steps.Length - 1) / (MostFrames - 1))])];
        page.Section("Layers");
        page.Frames(
            [.. steps.Select(records => new Plot("Gradient and update by parameter")
            {
                YLabel = "norm, divided by that of the weights", YScale = AxisScale.Log, Width = 720, Height = 380,
            }
                .Bar([.. records.Select(r => r.Name)], [.. records.Select(r => r.GradientNorm / r.WeightNorm)], "gradient", color: 0)
                .Bar([.. records.Select(r => r.Name)], [.. records.Select(r => r.UpdateNorm / r.WeightNorm)], "update", color: 1))],
            [.. steps.Select(records => string.Create(CultureInfo.InvariantCulture, $"step {records[0].Step}"))],
            "Layers whose bars shrink away no longer learn; updates of about a thousandth of the weights are usual.");
    }

    public static void Model(HtmlReport page, Trainer trainer, Shape? input, DType type)
    {
        page.Section("Model");
        string text;
        try
        {
            // Inputs of models with several parts, or of none that a summary could guess.
            text = input is null ? trainer.Model.Summary() : trainer.Model.Summary(input, type);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            text = string.Join('\n', trainer.Model.NamedParameters().Select(p => $"{p.Path}  {p.Parameter.Value.Shape}"));
        }
        page.Code(text);
    }

    public static void Settings(HtmlReport page, Trainer trainer, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        page.Section("Settings");
        var rows = new List<string[]>(settings.Select(s => (string[])[s.Key, s.Value]))
        {
            (string[])["optimizer", trainer.Optimizer.GetType().Name],
            (string[])["learning rate at the end", Number(trainer.Optimizer.LearningRate)],
        };
        if (trainer.Schedule is { } schedule)
            rows.Add(["schedule", schedule is ReduceOnPlateau ? nameof(ReduceOnPlateau) : schedule.Curve.GetType().Name]);
        if (trainer.Train is { } train)
        {
            rows.Add(
                ["training part",
                    string.Create(
                        CultureInfo.InvariantCulture,
                            $"{(train.Examples is { } n ? $"{n} examples, " : "")}{train.Batches} batches of {train.BatchSize}")]);
            if (trainer.Accumulate > 1) rows.Add(["batches a step", Whole(trainer.Accumulate)]);
        }
        if (trainer.Validation?.Examples is { } examples)
            rows.Add(["validation part", string.Create(CultureInfo.InvariantCulture, $"{examples} examples")]);
        if (trainer.Seed is { } seed) rows.Add(["seed", seed.ToString(CultureInfo.InvariantCulture)]);
        if (trainer.Optimizer.ClipNorm is { } norm) rows.Add(["gradients clipped to norm", Number(norm)]);
        if (trainer.Optimizer.ClipValue is { } limit) rows.Add(["gradients clipped to", Number(limit)]);
        rows.Add(["device", trainer.Parameters[0].Value.Device.ToString() ?? ""]);
        rows.Add(
            ["machine", string.Create(
                CultureInfo.InvariantCulture,
                $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors")]);
        rows.Add(["runtime", RuntimeInformation.FrameworkDescription]);
        rows.Add(["DeepNet", typeof(Tensor).Assembly.GetName().Version?.ToString(3) ?? ""]);
        page.Table(["setting", "value"], rows);
    }

    /// <summary>The loss of each step, and its running mean: noise aside, where it goes.</summary>
    private static Plot StepLosses(IReadOnlyList<float> losses)
    {
        double[] steps = [.. Enumerable.Range(1, losses.Count).Select(i => (double)i)], values = [.. losses.Select(l => (double)l)],
            mean = new double[losses.Count];
        double keep = 1 - 1.0 / Math.Max(2, Math.Min(100, losses.Count / 20.0)), sum = 0, weight = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i])) (sum, weight) = (keep * sum + values[i], keep * weight + 1);
            mean[i] = weight == 0 ? double.NaN : sum / weight;
        }
        double low = values.Where(v => v > 0).DefaultIfEmpty(1).Min(), high = values.Where(double.IsFinite).DefaultIfEmpty(1).Max();
        bool log = low > 0 && high > 20 * low && Array.TrueForAll(values, v => v > 0);
        return new Plot("Loss of each step")
        {
            XLabel = "step", YLabel = "loss", YScale = log ? AxisScale.Log : AxisScale.Linear, Width = 480, Height = 320,
        }
            .Line(steps, values, "each step", color: 7).Line(steps, mean, "running mean", color: 0);
    }

    private static double[]? Series(History history, string name)
        => history.Epochs.Any(e => e.Values.ContainsKey(name)) ? [.. history[name]] : null;

    private static string Words(string name)
    {
        bool validation = name.StartsWith(Prefix, StringComparison.Ordinal);
        string plain = (validation ? name[Prefix.Length..] : name).Replace('_', ' ');
        return validation ? $"validation {plain}" : plain;
    }

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => Compact.Number(value, 4);
}
