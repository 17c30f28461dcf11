namespace DeepNet.Training.Running;

/// <summary>A figure that decides something, such as which epoch was best: its name, and which way is better.</summary>
internal sealed class MonitoredFigure(string? name, bool? higherIsBetter)
{
    /// <summary>The name; the validation loss, or the loss where there is no validation, unless one was given.</summary>
    public string NameIn(Trainer trainer) => name ?? (trainer.Validation is null ? "loss" : "val_loss");

    /// <summary>
    /// Returns a value that is true if larger is better: as given, else as the metric of that name says; smaller for everything else.
    /// </summary>
    public bool IsHigherBetter(Trainer trainer)
    {
        if (higherIsBetter is { } given) return given;
        string figure = NameIn(trainer);
        if (figure.StartsWith(EpochRecord.ValidationPrefix, StringComparison.Ordinal))
            figure = figure[EpochRecord.ValidationPrefix.Length..];
        return trainer.Metrics.FirstOrDefault(m => m.Name == figure) is { } metric && metric.HigherIsBetter;
    }

    /// <summary>The figure in an epoch; null where it was not measured, as in epochs without validation.</summary>
    public double? In(Trainer trainer, EpochRecord epoch)
    {
        string figure = NameIn(trainer);
        if (epoch.Values.TryGetValue(figure, out double value)) return value;
        bool isSkipped = trainer.Validation is not null && trainer.ValidateEvery > 1 && !epoch.Values.ContainsKey("val_loss")
            && figure.StartsWith(EpochRecord.ValidationPrefix, StringComparison.Ordinal);
        return isSkipped ? null : throw Unknown(figure, epoch);
    }

    public static ArgumentException Unknown(string figure, EpochRecord epoch)
        => new($"[trainer] there is no figure '{figure}' to go by, only {string.Join(", ", epoch.Values.Keys)}."
            + (figure.StartsWith(EpochRecord.ValidationPrefix, StringComparison.Ordinal) && !epoch.Values.ContainsKey("val_loss")
                ? " Figures of that kind need a validation part: Fit(train, validation)."
                : " Metrics are named by their Name, with val_ in front for the validation part."));
}
