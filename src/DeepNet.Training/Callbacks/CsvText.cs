using System.Globalization;

namespace DeepNet.Training;

/// <summary>Cells of a CSV file.</summary>
internal static class CsvText
{
    /// <summary>A number that reads back as the same bits.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text, in quotes where it needs them.</summary>
    public static string Quote(string text)
        => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
