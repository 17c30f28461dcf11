namespace DeepNet.Data.Csv;

/// <summary>Finds out what a column is, and reads it as that.</summary>
internal static class ColumnReader
{
    public static (TableColumn Column, CsvColumnReport Report) Read(
        string path, string name, int number, List<string> cells, List<int> lines, CsvNumbers notation, CsvOptions options)
    {
        var texts = new string?[cells.Count];
        var numbers = new double[cells.Count];
        int present = 0, numeric = 0, firstText = -1, firstLikely = -1;
        var marks = new SortedSet<string>(StringComparer.Ordinal);
        for (int row = 0; row < texts.Length; row++)
        {
            string text = cells[row].Trim();
            numbers[row] = double.NaN;
            if (options.MissingMarks.Contains(text))
            {
                marks.Add(text);
                continue;
            }
            texts[row] = text;
            present++;
            if (notation.TryRead(text, out numbers[row])) numeric++;
            else if (firstText < 0) firstText = row;
            if (firstLikely < 0 && double.IsNaN(numbers[row]) && CsvNumbers.LooksLikeOne(text)) firstLikely = row;
        }

        if (options.Kinds.TryGetValue(name, out var kind))
        {
            if (kind == ColumnKind.Number && firstText >= 0)
                throw At(
                    firstText, $"holds {Quoted(firstText)}, which is no finite number with the decimal mark "
                        + $"'{notation.DecimalMark}'.{Notation(firstText)}");
            return Found(kind, "given");
        }
        if (present == 0) throw At(0, $"has no value in any row. Ignore it: {Kind("Ignore")}.");
        if (firstText < 0) return Found(ColumnKind.Number, "all values are numbers");
        if (numeric > 0)
            throw At(
                firstText, $"holds {Quoted(firstText)}, and {numeric} of its {present} values are numbers. Mend it, add it "
                    + "to MissingMarks, "
                + $"or say what the column is: {Kind("Category")}.{Notation(firstText)}");
        if (firstLikely >= 0)
            throw At(
                firstLikely,
                $"holds {Quoted(firstLikely)}, a number in another notation or a category.{Notation(firstLikely)} If it is a category: "
                    + $"{Kind("Category")}.");
        int different = texts.Where(text => text is not null).Distinct().Count();
        if (different > options.MostCategories)
            throw At(
                firstText, $"has {different} different texts, too many for categories that nobody announced. Ignore it, or say that they "
                    + $"are: {Kind("Ignore")} or Category.");
        return Found(ColumnKind.Category, "no value is a number");

        (TableColumn, CsvColumnReport) Found(ColumnKind what, string why)
            => (new(name, number, what, texts, numbers),
                new(name, what, why, texts.Where(text => text is not null).Distinct().Count(), texts.Length - present, [.. marks]));
        DataFormatException At(int row, string what)
            => DataFormatException.AtCell(path, lines[row], number, $"column '{TableColumn.Short(name)}' {what}");
        string Quoted(int row) => $"'{TableColumn.Short(texts[row]!)}'";
        string Kind(string what) => $"Kinds = {{ [\"{TableColumn.Short(name)}\"] = ColumnKind.{what} }}";
        string Notation(int row) => !CsvNumbers.LooksLikeOne(texts[row]!) ? ""
            : " If it is a number: DecimalMark = ',' reads 1,5 and DecimalMark = '.' reads 1.5; GroupMark says what is between thousands; "
                + "units have to be taken out of the file.";
    }
}
