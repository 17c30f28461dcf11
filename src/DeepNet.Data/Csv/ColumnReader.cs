using System.Globalization;

namespace DeepNet.Data.Csv;

/// <summary>Finds out what a column is, and reads it as that.</summary>
internal static class ColumnReader
{
    // A column with so many numbers is one of numbers, and the rest are mistakes.
    private const double MostlyNumbers = 0.9;

    public static CsvColumn Read(string path, string name, int number, List<string> cells, List<int> lines, CsvOptions options)
    {
        var texts = new string?[cells.Count];
        var numbers = new double[cells.Count];
        int present = 0, numeric = 0, firstText = -1;
        for (int row = 0; row < texts.Length; row++)
        {
            string text = cells[row].Trim();
            numbers[row] = double.NaN;
            if (options.MissingMarks.Contains(text)) continue;
            texts[row] = text;
            present++;
            if (TryNumber(text, out numbers[row])) numeric++;
            else if (firstText < 0) firstText = row;
        }

        if (options.Kinds.TryGetValue(name, out var kind))
        {
            if (kind == ColumnKind.Number && firstText >= 0)
                throw DataFormatException.AtCell(path, lines[firstText], number, $"column '{name}' holds '{Short(texts[firstText]!)}', which is no finite number.");
            return new CsvColumn(name, number, kind, texts, numbers);
        }
        if (present == 0)
            throw DataFormatException.AtCell(path, lines[0], number, $"column '{name}' has no value in any row. Ignore it: Kinds = {{ [\"{name}\"] = ColumnKind.Ignore }}.");
        if (firstText < 0) return new CsvColumn(name, number, ColumnKind.Number, texts, numbers);
        if (numeric >= MostlyNumbers * present)
            throw DataFormatException.AtCell(path, lines[firstText], number,
                $"column '{name}' holds '{Short(texts[firstText]!)}', and {numeric} of its {present} values are numbers. Mend it, add it to MissingMarks, or say what the column is: Kinds = {{ [\"{name}\"] = ColumnKind.Category }}.");
        int different = texts.Where(text => text is not null).Distinct().Count();
        if (different > options.MostCategories)
            throw DataFormatException.AtCell(path, lines[firstText], number,
                $"column '{name}' has {different} different texts, too many for categories that nobody announced. Ignore it, or say that they are: Kinds = {{ [\"{name}\"] = ColumnKind.Ignore }} or Category.");
        return new CsvColumn(name, number, ColumnKind.Category, texts, numbers);
    }

    private static bool TryNumber(string text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && float.IsFinite((float)number)) return true;
        number = double.NaN;
        return false;
    }

    public static string Short(string text) => text.Length <= 40 ? text : text[..39] + "…";
}
