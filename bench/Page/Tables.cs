namespace DeepNet.Bench.Page;

/// <summary>Tables in Markdown, and their places in a page.</summary>
internal static class Tables
{
    public static string Of(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> rows)
    {
        string[] names = [.. headings];
        return string.Join('\n', [Row(names), Row(names.Select(_ => "---")), .. rows.Select(Row)]);
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    /// <summary>Puts a text between the marks of a section, in place of what is there.</summary>
    public static string Put(string page, string section, string text)
    {
        string open = $"<!-- {section} -->", close = $"<!-- end of {section} -->";
        int from = page.IndexOf(open, StringComparison.Ordinal), to = page.IndexOf(close, StringComparison.Ordinal);
        if (from < 0 || to < from) throw new InvalidDataException($"The page has no '{open}' before a '{close}'.");
        return $"{page[..(from + open.Length)]}\n{text}\n{page[to..]}";
    }
}
