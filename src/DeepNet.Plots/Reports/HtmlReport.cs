using System.Globalization;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Plots;

/// <summary>A page of text, tables, figures and images in one file, which needs no script and no network to be read.</summary>
/// <remarks>
/// Text is escaped; of markup it knows <c>`code`</c>, <c>*emphasis*</c> and <c>**strong**</c>. Every method returns the report. The same
/// content is the same file.
/// <code>
/// new HtmlReport("Digits", "a network of two layers")
///     .Section("Results").Badge(Verdict.Pass, "98.1 %").Figure(plot, "Loss by epoch.").Save("report.html");
/// </code>
/// </remarks>
public sealed partial class HtmlReport
{
    private readonly StringBuilder body = new();
    private readonly List<(string Name, string Anchor)> sections = [];
    private readonly HashSet<string> anchors = [];
    private int figures;
    private bool inSection;

    /// <summary>An empty page.</summary>
    /// <param name="title">Its headline, and the name of its tab.</param>
    /// <param name="subtitle">A line below.</param>
    public HtmlReport(string title, string? subtitle = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        (Title, Subtitle) = (title, subtitle);
    }

    /// <summary>The headline.</summary>
    public string Title { get; }

    /// <summary>The line below it.</summary>
    public string? Subtitle { get; }

    /// <summary>A line at the very end, such as what made the page.</summary>
    public string? Footer { get; set; }

    /// <summary>Shows a list of the sections; a page of two or more has one by default.</summary>
    public bool? Contents { get; set; }

    /// <summary>Begins a section; it stands in the list of contents.</summary>
    public HtmlReport Section(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (inSection) body.Append("</section>\n");
        string anchor = HtmlText.Anchor(name), tried = anchor;
        for (int i = 2; !anchors.Add(tried); i++) tried = string.Create(CultureInfo.InvariantCulture, $"{anchor}-{i}");
        sections.Add((name, tried));
        body.Append(CultureInfo.InvariantCulture, $"<section id=\"{tried}\">\n<h2>{HtmlText.Format(name)}</h2>\n");
        inSection = true;
        return this;
    }

    /// <summary>A smaller headline within a section.</summary>
    public HtmlReport Heading(string name) => Add($"<h3>{HtmlText.Format(name)}</h3>\n");

    /// <summary>A paragraph; empty lines in it begin new ones.</summary>
    public HtmlReport Paragraph(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string part in text.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) Add(
                $"<p>{HtmlText.Format(part)}</p>\n");
        return this;
    }

    /// <summary>A list of points.</summary>
    public HtmlReport List(params IEnumerable<string> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return Add($"<ul>\n{string.Concat(points.Select(p => $"<li>{HtmlText.Format(p)}</li>\n"))}</ul>\n");
    }

    /// <summary>Text as it stands, in letters of equal width: code, a summary, a log.</summary>
    public HtmlReport Code(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Lines stay lines here.
        return Add($"<pre>{string.Join('\n', text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(HtmlText.Escape))}</pre>\n");
    }

    /// <summary>A few figures that matter most, large.</summary>
    public HtmlReport Facts(params IEnumerable<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var items = facts.Select(f => $"<div><dt>{HtmlText.Format(f.Name)}</dt><dd>{HtmlText.Format(f.Value)}</dd></div>");
        return Add($"<dl class=\"facts\">{string.Concat(items)}</dl>\n");
    }

    /// <summary>Adds an outcome, to be seen at a glance.</summary>
    public HtmlReport Badge(Verdict verdict, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (css, sign) = verdict switch
        {
            Verdict.Pass => ("pass", "✓"),
            Verdict.Fail => ("fail", "✗"),
            Verdict.Warning => ("warn", "!"),
            _ => ("none", "–"),
        };
        return Add($"<span class=\"badge {css}\">{sign} {HtmlText.Format(text)}</span>\n");
    }

    /// <summary>A table. Columns of numbers stand on the right; a wide table scrolls by itself.</summary>
    /// <param name="headers">The names of the columns.</param>
    /// <param name="rows">The cells; each row has as many as there are headers.</param>
    /// <param name="caption">A line below.</param>
    public HtmlReport Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(rows);
        var all = rows.ToArray();
        for (int i = 0; i < all.Length; i++)
            if (all[i].Count != headers.Count)
                throw new ArgumentException($"[report.table] row {i} has {all[i].Count} cells, and there are {headers.Count} headers.");
        string[] css = [.. Enumerable.Range(0, headers.Count).Select(j => IsNumeric(all.Select(r => r[j])) ? " class=\"n\"" : "")];
        var table = new StringBuilder("<div class=\"scroll\"><table>\n");
        if (!string.IsNullOrEmpty(caption)) table.Append("<caption>").Append(HtmlText.Format(caption)).Append("</caption>\n");
        table.Append("<thead><tr>");
        for (int j = 0; j < headers.Count; j++)
            table.Append("<th scope=\"col\"").Append(css[j]).Append('>').Append(HtmlText.Format(headers[j])).Append("</th>");
        table.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in all)
        {
            table.Append("<tr>");
            for (int j = 0; j < headers.Count; j++)
                table.Append("<td").Append(css[j]).Append('>').Append(HtmlText.Format(row[j])).Append("</td>");
            table.Append("</tr>\n");
        }
        return Add(table.Append("</tbody></table></div>\n").ToString());
    }

    /// <summary>A chart with a line below it.</summary>
    public HtmlReport Figure(Figure figure, string? caption = null) => Add(FigureHtml(figure, caption));

    /// <summary>Charts side by side where the screen is wide enough, one below the other where it is not.</summary>
    public HtmlReport Figures(params IEnumerable<(Figure Figure, string? Caption)> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return Add($"<div class=\"side\">\n{string.Concat(all.Select(f => FigureHtml(f.Figure, f.Caption)))}</div>\n");
    }

    /// <summary>The page as text.</summary>
    public string ToHtml()
    {
        bool lists = Contents ?? sections.Count > 1;
        var page = new StringBuilder();
        page.Append(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                + "content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Append("<title>").Append(HtmlText.Escape(Title)).Append("</title>\n<style>\n").Append(HtmlStyle.Css)
            .Append("</style>\n</head>\n<body>\n");
        page.Append(lists ? "<div class=\"wrap\">\n" : "<div class=\"wrap bare\">\n");
        page.Append("<header>\n<h1>").Append(HtmlText.Format(Title)).Append("</h1>\n");
        if (!string.IsNullOrEmpty(Subtitle)) page.Append("<p class=\"sub\">").Append(HtmlText.Format(Subtitle)).Append("</p>\n");
        page.Append("</header>\n");
        if (lists)
        {
            page.Append("<nav aria-label=\"Contents\"><strong>Contents</strong>\n<ol>\n");
            foreach (var (name, anchor) in sections)
                page.Append("<li><a href=\"#").Append(anchor).Append("\">").Append(HtmlText.Format(name)).Append("</a></li>\n");
            page.Append("</ol>\n</nav>\n");
        }
        page.Append("<main>\n").Append(body);
        if (inSection) page.Append("</section>\n");
        page.Append("</main>\n");
        if (!string.IsNullOrEmpty(Footer)) page.Append("<footer>").Append(HtmlText.Format(Footer)).Append("</footer>\n");
        return page.Append("</div>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The path of the file; the folder is made if it does not exist.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    private HtmlReport Add(string html)
    {
        body.Append(html);
        return this;
    }

    private string FigureHtml(Figure figure, string? caption)
    {
        ArgumentNullException.ThrowIfNull(figure);
        string svg = figure.ToSvg(string.Create(CultureInfo.InvariantCulture, $"figure {figures++}"));
        return $"<figure><div class=\"draw\">{svg}</div>{Caption(caption)}</figure>\n";
    }

    private static string Caption(string? caption)
        => string.IsNullOrEmpty(caption) ? "" : $"<figcaption>{HtmlText.Format(caption)}</figcaption>";

    /// <summary>True if every cell that holds anything begins as a number does: −3.2, 12 %, 1.5k, 3e−7, 12.3 ms.</summary>
    private static bool IsNumeric(IEnumerable<string> cells)
    {
        bool any = false;
        foreach (string cell in cells)
        {
            string text = cell.Trim('*', '`', ' ', '±', '<', '>', '≤', '≥', '≈', '~');
            if (text.Length == 0 || text is "–" or "-" or "—" or "NaN" or "∞" or "−∞") continue;
            any = true;
            char first = text[0] is '-' or '+' or '−' or '.' && text.Length > 1 ? text[1] : text[0];
            if (!char.IsAsciiDigit(first) || text.Length > 24 || text.Count(char.IsLetter) > 6) return false;
        }
        return any;
    }
}
