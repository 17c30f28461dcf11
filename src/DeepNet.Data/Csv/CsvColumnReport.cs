namespace DeepNet.Data;

/// <summary>The kind of a column of a CSV file, and the reason for it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The kind of its cells.</param>
/// <param name="Reason">Why it is that kind.</param>
/// <param name="Different">The number of different values.</param>
/// <param name="Missing">The number of cells without a value.</param>
/// <param name="MissingMarks">What stands in such cells.</param>
public sealed record CsvColumnReport(
    string Name, ColumnKind Kind, string Reason, int Different, int Missing, IReadOnlyList<string> MissingMarks);
