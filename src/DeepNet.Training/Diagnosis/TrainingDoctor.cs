using System.Globalization;

namespace DeepNet.Training;

/// <summary>
/// Reads the figures of a run and names what limits it: the branch of the decision tree of training, the evidence, and what to try. Where
/// the evidence is thin it says so and names no branch.
/// </summary>
/// <remarks>
/// The order of questions is the course's. Is the training loss low enough? If not: would another optimum of this model be better
/// (optimisation), or is the model too simple (model bias)? If it is: is the validation loss low too? If not: are validation examples from
/// the source of the training examples (over-fitting) or from another (mismatch)?
/// </remarks>
/// <example><code>
/// var history = trainer.Fit(train, validation, epochs: 20);
/// Console.WriteLine(TrainingDoctor.Examine(history, new() { Goal = 0.05 }));
/// </code></example>
public static class TrainingDoctor
{
    private const int FewestEpochs = 5;
    private const double Rise = 0.05, Gap = 1.3, Better = 0.9;

    /// <summary>Names what limits a run.</summary>
    /// <param name="history">The figures of the run.</param>
    /// <param name="options">What else is known; nothing if null.</param>
    public static Diagnosis Examine(History history, DoctorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        options ??= new();
        double[] Curve(string name) => [.. history.Epochs.Select(e => e[name])];
        double[] training = Curve("loss");
        if (Divergence(history, training) is { } diverging) return diverging;
        var train = new CurveShape(training);
        var validation = new CurveShape(Curve(EpochRecord.ValidationPrefix + "loss"));
        if (train.Count < FewestEpochs)
            return new(
                TrainingBranch.Unclear, $"Too little to tell: {train.Count} epochs, and {FewestEpochs} are needed.", [], []);
        bool hasValidation = validation.Count >= FewestEpochs;
        return (hasValidation ? OfValidation(train, validation, options) : null)
            ?? OfTraining(train, options)
            ?? StillLearning(train, hasValidation ? validation : null)
            ?? Rest(train, hasValidation ? validation : null, options);
    }

    private static Diagnosis? Divergence(History history, double[] training)
    {
        bool isBroken = history.StepLosses.Count > 0 && !float.IsFinite(history.StepLosses[^1]) || training.Any(v => !double.IsFinite(v));
        // Losses of steps tell it within the first epoch too; their medians are not moved by one bad batch.
        int tenth = history.StepLosses.Count / 10;
        double first = tenth >= 3 ? Median(history.StepLosses.Take(tenth)) : double.NaN,
            last = tenth >= 3 ? Median(history.StepLosses.TakeLast(tenth)) : double.NaN;
        if (!isBroken && !(last > 2 * first && first > 0)) return null;
        return new(
            TrainingBranch.Diverging, "The loss grows instead of falling.",
            [isBroken ? "a loss is not finite" : $"the loss of a step went from {Text(first)} to {Text(last)}"],
            [
                "a learning rate ten times smaller (LearningRateFinder shows the range)", "clipping gradients (ClipNorm = 1)",
                "a warm-up of the learning rate", "standardised inputs",
            ]);
    }

    private static Diagnosis? OfValidation(CurveShape train, CurveShape validation, DoctorOptions options)
    {
        if (options.HeldOutLoss is { } heldOut && validation.Last > Gap * heldOut && heldOut < Gap * train.Last)
            return new(
                TrainingBranch.Mismatch, "Validation examples come from another source than the training examples.",
                [
                    $"examples held out of the training source have a loss of {Text(heldOut)}, nearly the training loss of "
                        + $"{Text(train.Last)}",
                    $"the validation part has {Text(validation.Last)}",
                ],
                [
                    "training examples like those of the validation part, or augmentation that makes them alike",
                    "comparing the two parts (DataReport.Drift)", "fine-tuning on a few examples of the new source",
                ]);

        bool hasRisen = validation.BestEpoch <= validation.Count - 2 && validation.Rise > Math.Max(Rise, 3 * validation.Noise);
        bool isApart = validation.Last > 2 * Gap * train.Last && train.IsFalling && !validation.IsFalling;
        if (!hasRisen && !isApart) return null;
        return new(
            TrainingBranch.Overfitting, "The model over-fits its training examples.",
            [
                hasRisen
                    ? $"the validation loss was lowest in epoch {validation.BestEpoch} ({Text(validation.Best)}) and is "
                        + $"{Text(validation.Last)} now"
                    : $"the validation loss no longer falls ({Text(validation.Last)})",
                $"the training loss is {Text(train.Last)}{(train.IsFalling ? " and still falls" : "")}",
                .. options.HeldOutLoss is { } held ? (string[])[$"held-out examples of the same source have {Text(held)}"] : [],
            ],
            [
                "more examples, or augmentation", $"stopping early: epoch {validation.BestEpoch} was the best (EarlyStopping)",
                "dropout or weight decay", "a smaller model",
                .. options.HeldOutLoss is null
                    ? (string[])["holding out examples of the training source too: if they do well, it is a mismatch of sources"] : [],
            ]);
    }

    private static Diagnosis? OfTraining(CurveShape train, DoctorOptions options)
    {
        if (options.Goal is { } goal && train.Last <= goal) return null;
        var signs = LayerSigns.Of(options.Parameters);
        if (options.SmallerModelLoss is { } smaller && smaller < Better * train.Last && !train.IsFalling)
            return Optimization(
                [$"a smaller model reached a training loss of {Text(smaller)}, this one {Text(train.Last)}: it could copy the smaller one"],
                signs);
        bool isStuck = !train.IsFalling && (options.Goal is not null || train.Last > Better * train.First);
        if (isStuck && signs.Count > 0)
            return Optimization([$"the training loss no longer falls, at {Text(train.Last)} of {Text(train.First)} at first"], signs);
        if (options.LargerModelLoss is { } larger && larger < Better * train.Last && !train.IsFalling)
            return new(
                TrainingBranch.ModelBias, "The model is too simple for what it is to learn.",
                [
                    $"a larger model reached a training loss of {Text(larger)}, this one stays at {Text(train.Last)}",
                    .. options.Goal is { } wanted ? (string[])[$"the goal is {Text(wanted)}"] : [],
                ],
                ["a larger model: more units, more layers", "features that say more", "less weight decay and dropout"]);
        return null;
    }

    private static Diagnosis Optimization(IEnumerable<string> evidence, IReadOnlyList<(string Evidence, string Advice)> signs)
        => new(
            TrainingBranch.Optimization, "The optimizer does not find the weights that this model could have.",
            [.. evidence, .. signs.Select(s => s.Evidence)],
            signs.Count > 0 ? [.. signs.Select(s => s.Advice).Distinct()]
            : [
                "another learning rate (LearningRateFinder), Adam or momentum", "normalisation or residual connections",
                "a ParameterMonitor, to see which layers learn",
            ]);

    private static Diagnosis? StillLearning(CurveShape train, CurveShape? validation)
    {
        if (!train.IsFalling || validation is { IsFalling: false }) return null;
        return new(
            TrainingBranch.StillLearning, "The run ended while it was still learning.",
            [
                $"over the last third the training loss fell by {-train.EndChange:P0}",
                .. validation is not null ? (string[])[$"the validation loss by {-validation.EndChange:P0}"] : [],
            ],
            ["more epochs", "a larger learning rate (LearningRateFinder)"]);
    }

    private static Diagnosis Rest(CurveShape train, CurveShape? validation, DoctorOptions options)
    {
        if (options.Goal is { } goal && train.Last > goal && !train.IsFalling)
            return new(
                TrainingBranch.Unclear,
                    "The training loss stays above the goal: model bias or optimisation, the figures do not tell which.",
                [$"it is {Text(train.Last)}, and the goal is {Text(goal)}"],
                [
                    "training a smaller model: if its training loss is lower, optimisation fails",
                    "training a larger model: if its training loss is lower, this one is too simple",
                    "a ParameterMonitor, to see which layers learn",
                ]);
        if (validation is null || train.IsFalling || train.IsRising || validation.IsFalling || validation.IsRising
            || validation.Last > Gap * train.Last || train.Last > Better * train.First)
            return new(TrainingBranch.Unclear, "The figures do not say what limits the run.", [], []);
        return new(
            TrainingBranch.Healthy, "Nothing is wrong that the figures show.",
            [$"training and validation loss have settled close to each other, at {Text(train.Last)} and {Text(validation.Last)}"], []);
    }

    private static double Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
