using System.Net;
using System.Text;

namespace DeepNet.Labs.Running;

/// <summary>All results on one page: contents with verdicts, then for each lab the claim, what was found, and the verdict. No network, no other files.</summary>
internal static class Atlas
{
    /// <summary>Writes index.html into a folder, whole or not at all.</summary>
    /// <returns>The path of the page.</returns>
    public static string Save(IReadOnlyList<LabResult> results, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "index.html"), unfinished = path + ".tmp";
        File.WriteAllText(unfinished, Page(results));
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    public static string Page(IReadOnlyList<LabResult> results)
    {
        var page = new StringBuilder(Head);
        page.Append($"<header><h1>How training works</h1><p>{results.Count(r => r.Holds)} of {results.Count} claims hold. Each was tried by a program that ran in ")
            .Append($"{results.Sum(r => r.Time.TotalSeconds):0} seconds in all; every number on this page was measured in that run.</p></header>\n<nav>");
        foreach (var topic in Catalogue.Topics)
        {
            var own = results.Where(r => topic.Labs.Contains(r.Lab)).ToArray();
            if (own.Length == 0) continue;
            page.Append($"<h2>{Text(topic.Name)}</h2><ol>");
            foreach (var r in own)
                page.Append($"<li value=\"{r.Lab.Number}\"><a href=\"#{r.Lab.Name}\">{Text(r.Lab.Title)}</a> <span class=\"{Class(r)}\">{Text(r.Verdict)}</span></li>");
            page.Append("</ol>");
        }
        page.Append("</nav>\n<main>");
        foreach (var result in results) Section(page, result);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void Section(StringBuilder page, LabResult result)
    {
        page.Append($"<section id=\"{result.Lab.Name}\"><h2><span class=\"number\">{result.Lab.Number}</span> {Text(result.Lab.Title)}</h2>")
            .Append($"<blockquote>{Text(result.Lab.Claim)}</blockquote>");
        foreach (var item in result.Items)
        {
            switch (item)
            {
                case TextItem text: page.Append($"<p>{Text(text.Text)}</p>"); break;
                case TableItem table: Table(page, table); break;
                case FigureItem figure: page.Append($"<figure>{figure.Figure.ToSvg()}<figcaption>{Text(figure.Caption)}</figcaption></figure>"); break;
            }
        }
        page.Append($"<p class=\"verdict {Class(result)}\">{Text(result.Verdict)}</p>")
            .Append($"<p class=\"again\"><code>labs run {result.Lab.Name}</code> · {result.Time.TotalSeconds:0.0} s · <a href=\"#top\">contents</a></p></section>\n");
    }

    private static void Table(StringBuilder page, TableItem table)
    {
        page.Append("<div class=\"wide\"><table><thead><tr>");
        foreach (string h in table.Headers) page.Append($"<th>{Text(h)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            foreach (string cell in row) page.Append($"<td>{Text(cell)}</td>");
            page.Append("</tr>");
        }
        page.Append("</tbody></table></div>");
    }

    private static string Class(LabResult result) => result.Holds ? "holds" : "fails";

    private static string Text(string text) => WebUtility.HtmlEncode(text.ReplaceLineEndings(" "));

    private const string Head = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>DeepNet labs</title><style>
        :root { color-scheme: light dark; --text: #1d2430; --faint: #5b6675; --page: #fff; --line: #d9dee6; --good: #0a7a3d; --bad: #b3261e; --soft: #f3f5f8 }
        @media (prefers-color-scheme: dark) { :root { --text: #e4e8ee; --faint: #9aa5b4; --page: #14181e; --line: #333b46; --good: #5ccf8e; --bad: #ff8a80; --soft: #1c222a } }
        body { font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
        h1 { font-size: 2rem; margin: 0 } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem }
        nav ol { margin: 0; padding-left: 2rem } nav li { margin: .25rem 0 } nav span { font-size: .85rem }
        section { border-top: 1px solid var(--line); margin-top: 2.5rem } .number { color: var(--faint) }
        blockquote { margin: .5rem 0 1rem; padding: .5rem 1rem; background: var(--soft); border-left: 3px solid var(--line) }
        figure { margin: 1.25rem 0 } figure svg { max-width: 100%; height: auto } figcaption, .again { color: var(--faint); font-size: .9rem }
        .wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem }
        th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line) }
        .holds { color: var(--good) } .fails { color: var(--bad) } .verdict { font-weight: 600 } a { color: inherit }
        </style></head><body id="top">

        """;
}
