using DeepNet.Training;

namespace DeepNet.Labs.Running;

/// <summary>
/// All results on one page: contents, verdicts, and for each lab the claim, what was found, and the verdict. No network, no other files.
/// </summary>
internal static class Atlas
{
    /// <summary>Writes index.html into a folder, whole or not at all.</summary>
    /// <returns>The path of the page.</returns>
    public static string Save(IReadOnlyList<Chapter> chapters, string folder)
    {
        string path = Path.Combine(folder, "index.html");
        Page(chapters).Save(path);
        return path;
    }

    public static HtmlReport Page(IReadOnlyList<Chapter> chapters)
    {
        LabResult[] results = [.. chapters.Select(c => c.Result)];
        int hold = results.Count(r => r.Holds);
        var page = new HtmlReport("How training works", "each phenomenon as a program with a number and an image")
        {
            Footer = "Every number and figure on this page was computed by the programs in samples/Labs.",
        };
        page.Badge(hold == results.Length ? Verdict.Pass : Verdict.Fail, $"{hold} of {results.Length} claims hold");
        page.Paragraph(
            "Each claim was put to the test by a short program with a fixed seed; together they ran "
                + $"{results.Sum(r => r.Time.TotalSeconds):0} seconds.");
        foreach (var topic in Catalogue.Topics)
        {
            var own = results.Where(r => topic.Labs.Contains(r.Lab)).ToArray();
            if (own.Length == 0) continue;
            page.Heading(topic.Name);
            page.Table(["lab", "claim", "verdict"], own.Select(r => (string[])[$"{r.Lab.Number}", r.Lab.Title, r.Verdict]));
        }
        foreach (var result in results) Describe(page, result);
        return page;
    }

    private static void Describe(HtmlReport page, LabResult result)
    {
        page.Section(result.Lab.Title);
        page.Badge(result.Holds ? Verdict.Pass : Verdict.Fail, result.Verdict);
        page.Paragraph($"**Claim.** {result.Lab.Claim}");
        foreach (var item in result.Items)
        {
            switch (item)
            {
                case TextItem text: page.Paragraph(text.Text); break;
                case TableItem table: page.Table(table.Headers, table.Rows); break;
                case FigureItem { Figure: PlotGrid { Title: "" } grid } side:
                    // One by one, so that on a narrow page they stand below each other instead of growing small.
                    page.Figures(grid.Plots.Select(p => ((Figure)p, (string?)null)));
                    page.Paragraph($"*{side.Caption}*");
                    break;
                case FigureItem figure: page.Figure(figure.Figure, figure.Caption); break;
            }
        }
        page.Paragraph(
            $"This is lab {result.Lab.Number}. Run it with `labs run {result.Lab.Name}` ({result.Time.TotalSeconds:0.0} s); see its check "
                + $"fail with {string.Join(", ", result.Lab.Mutations.Select(m => $"`--mutate \"{m}\"`"))}.");
    }
}
