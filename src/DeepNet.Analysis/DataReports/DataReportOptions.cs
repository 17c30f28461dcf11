namespace DeepNet.Analysis;

/// <summary>The limits from which on a <see cref="DataReport"/> calls something a finding.</summary>
public sealed record DataReportOptions
{
    /// <summary>Gets the title of the page.</summary>
    public string Title { get; init; } = "Data";

    /// <summary>Gets the names of the columns of a tensor; <c>x0</c>, <c>x1</c>… if null.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Gets the names of the classes; those of the data set, or their numbers, if null.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Gets how many times as many examples the largest class may have as the smallest.</summary>
    public double Imbalance { get; init; } = 10;

    /// <summary>Gets the magnitude from which on a correlation is a finding.</summary>
    public double Correlation { get; init; } = 0.95;

    /// <summary>Gets the share of examples from which on suspected labels are a finding; there must be three as well.</summary>
    public double LabelNoise { get; init; } = 0.01;

    /// <summary>Gets the difference from which on a column drifts, if it is no chance either; see <see cref="ColumnDrift"/>.</summary>
    public double Drift { get; init; } = 0.1;

    /// <summary>
    /// Gets the number of parts of the cross-validation, each of which is judged by a model that learned from the others.
    /// </summary>
    public int Folds { get; init; } = 5;

    /// <summary>
    /// Gets the most examples that are compared with each other for duplicates and learned from for labels: of more, so many are drawn.
    /// </summary>
    public int MostExamples { get; init; } = 10_000;

    /// <summary>Gets the seed of the cross-validation and of what is drawn.</summary>
    public ulong Seed { get; init; }
}
