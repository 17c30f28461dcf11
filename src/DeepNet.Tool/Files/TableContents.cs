using System.Globalization;
using DeepNet.Data;

namespace DeepNet.Tool.Files;

/// <summary>Describes the columns of tables.</summary>
internal static class TableContents
{
    public static FileContents Inspect(Table table, bool withStatistics)
        => new(
            [("rows", table.Count.ToString("N0", CultureInfo.InvariantCulture))],
            [.. table.Columns.Select(c => Part(table, c, withStatistics))]);

    private static FilePart Part(Table table, TableColumn column, bool withStatistics)
    {
        if (column.Kind == ColumnKind.Number)
        {
            double[] numbers = table.Numbers(column.Name);
            int missing = numbers.Count(double.IsNaN);
            return new(column.Name, "number", [table.Count],
                withStatistics ? Statistics.Of([Array.FindAll(numbers, n => !double.IsNaN(n))]) : null, Missing(missing));
        }
        string?[] texts = table.Texts(column.Name);
        string[] notes = [$"{texts.Where(t => t is not null).Distinct().Count()} values", Missing(texts.Count(t => t is null))];
        return new(column.Name, column.Kind == ColumnKind.Category ? "category" : "text", [table.Count], null,
            string.Join(", ", notes.Where(n => n.Length > 0)));
    }

    private static string Missing(int count) => count > 0 ? $"{count} missing" : "";
}
