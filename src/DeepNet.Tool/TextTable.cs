namespace DeepNet.Tool;

/// <summary>Writes a table as text: columns as wide as they must be, numbers on the right.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        // Columns that have nothing to show are left out.
        int[] columns = [.. Enumerable.Range(0, headers.Count).Where(c => rows.Any(r => r[c].Length > 0))];
        int[] widths = [.. columns.Select(c => rows.Max(r => r[c].Length)).Zip(columns, (w, c) => Math.Max(w, headers[c].Length))];
        bool[] isRight = [.. columns.Select(
            c => rows.All(r => r[c].Length == 0 || char.IsAsciiDigit(r[c][^1]) && !char.IsAsciiLetter(r[c][0])))];
        foreach (var row in rows.Prepend(headers))
            output.WriteLine(string.Join("  ", columns.Select(
                (c, i) => isRight[i] ? row[c].PadLeft(widths[i]) : row[c].PadRight(widths[i]))).TrimEnd());
    }
}
