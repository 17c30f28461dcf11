using System.Globalization;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Plots;

/// <summary>A page of text, tables, formulas, figures and images in one file, which needs no network to be read.</summary>
/// <remarks>
/// Text is escaped; of markup it knows <c>`code`</c>, <c>*emphasis*</c> and <c>**strong**</c>, and in paragraphs, lists and captions
/// formulas between dollars. Every method returns the report. What moves does so by scripts in the file; without them everything
/// stands there unmoved. The same content is the same file.
/// <code>
/// new HtmlReport("Digits", "a network of two layers")
///     .Section("Results").Badge(Verdict.Pass, "98.1 %").Figure(plot, "Loss by epoch.").Save("report.html");
/// </code>
/// </remarks>
public sealed partial class HtmlReport
{
    private readonly PageLanguages languages = new();
    private readonly SortedSet<string> scripts = new(StringComparer.Ordinal);
    private readonly List<string> ownScripts = [], ownRules = [];
    private StringBuilder body = new();
    private readonly List<(string Name, string Anchor)> sections = [];
    private readonly HashSet<string> anchors = ["page-contents", .. PageSwitches.ThemeIds];
    private int ids, depth;
    private bool inSection;
    private FigureGrid? grid;

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

    /// <summary>Gets or sets a value that is true if readers can choose between light and dark, or leave that to their system.</summary>
    public bool HasThemes { get; set; } = true;

    /// <summary>Adds a language, and a switch between it and English. Call it before what it is to translate.</summary>
    /// <remarks>
    /// Every text of the page and of its figures is asked for once and stands there in both languages; one for which the function returns
    /// null stays English. Code, and pieces of one's own (<see cref="Widget"/>), are not asked for; what is marked with <c>lang</c> in
    /// these is shown in its language only.
    /// <code>report.Language("zh", "中文", text => chinese.GetValueOrDefault(text))</code>
    /// </remarks>
    /// <param name="code">The code of the language, such as zh.</param>
    /// <param name="name">Its name, in itself.</param>
    /// <param name="translate">Returns a text in the language; null if it has none. Paragraphs are asked for one by one.</param>
    public HtmlReport Language(string code, string name, Func<string, string?> translate)
    {
        if (body.Length > 0)
            throw new InvalidOperationException(
                "[report.language] the page has content already, which would stay English; call Language first.");
        languages.Add(code, name, translate);
        return this;
    }

    /// <summary>Begins a section; it stands in the list of contents.</summary>
    public HtmlReport Section(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (depth > 0)
            throw new InvalidOperationException($"[report.section] '{name}' begins within a part of the page; use Heading there.");
        CloseGrid();
        if (inSection) body.Append("</section>\n");
        string anchor = HtmlText.Anchor(name), tried = anchor;
        for (int i = 2; !anchors.Add(tried); i++) tried = string.Create(CultureInfo.InvariantCulture, $"{anchor}-{i}");
        sections.Add((Plain(name), tried));
        body.Append(CultureInfo.InvariantCulture, $"<section id=\"{tried}\">\n<h2>{Plain(name)}</h2>\n");
        inSection = true;
        return this;
    }

    /// <summary>A smaller headline within a section.</summary>
    public HtmlReport Heading(string name) => Add($"<h3>{Plain(name)}</h3>\n");

    /// <summary>A paragraph; empty lines in it begin new ones.</summary>
    public HtmlReport Paragraph(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string part in text.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) Add(
                $"<p>{Formatted(part)}</p>\n");
        return this;
    }

    /// <summary>A list of points.</summary>
    public HtmlReport List(params IEnumerable<string> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return Add($"<ul>\n{string.Concat(points.Select(p => $"<li>{Formatted(p)}</li>\n"))}</ul>\n");
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
        var items = facts.Select(f => $"<div><dt>{Plain(f.Name)}</dt><dd>{Plain(f.Value)}</dd></div>");
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
        return Add($"<span class=\"badge {css}\">{sign} {Plain(text)}</span>\n");
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
        if (!string.IsNullOrEmpty(caption)) table.Append("<caption>").Append(Formatted(caption)).Append("</caption>\n");
        table.Append("<thead><tr>");
        for (int j = 0; j < headers.Count; j++)
            table.Append("<th scope=\"col\"").Append(css[j]).Append('>').Append(Plain(headers[j])).Append("</th>");
        table.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in all)
        {
            table.Append("<tr>");
            for (int j = 0; j < headers.Count; j++)
                table.Append("<td").Append(css[j]).Append('>').Append(Plain(row[j])).Append("</td>");
            table.Append("</tr>\n");
        }
        return Add(table.Append("</tbody></table></div>\n").ToString());
    }

    /// <summary>The page as text.</summary>
    public string ToHtml()
    {
        CloseGrid();
        bool lists = Contents ?? sections.Count > 1;
        var page = new StringBuilder();
        page.Append(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                + "content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Append("<title>").Append(HtmlText.Escape(Title)).Append("</title>\n<style>\n").Append(HtmlStyle.Css).Append(Theme.PageCss())
            .Append(languages.Css());
        foreach (string css in ownRules) page.Append(css).Append('\n');
        page.Append("</style>\n</head>\n<body>\n");
        page.Append(lists ? "<div class=\"wrap\">\n" : "<div class=\"wrap bare\">\n");
        page.Append("<header>\n<div>\n<h1>").Append(Plain(Title)).Append("</h1>\n");
        if (!string.IsNullOrEmpty(Subtitle)) page.Append("<p class=\"sub\">").Append(Plain(Subtitle)).Append("</p>\n");
        page.Append("</div>\n").Append(Switches()).Append("</header>\n");
        if (lists)
        {
            page.Append("<nav aria-labelledby=\"page-contents\"><strong id=\"page-contents\">").Append(Plain("Contents"))
                .Append("</strong>\n<ol>\n");
            foreach (var (name, anchor) in sections)
                page.Append("<li><a href=\"#").Append(anchor).Append("\">").Append(name).Append("</a></li>\n");
            page.Append("</ol>\n</nav>\n");
        }
        page.Append("<main>\n").Append(body);
        if (inSection) page.Append("</section>\n");
        page.Append("</main>\n");
        if (!string.IsNullOrEmpty(Footer)) page.Append("<footer>").Append(Plain(Footer)).Append("</footer>\n");
        page.Append("</div>\n");
        foreach (string script in scripts.Select(PageScripts.Read).Concat(ownScripts)) Script(page, script);
        return page.Append("</body>\n</html>\n").ToString();
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
        CloseGrid();
        body.Append(html);
        return this;
    }

    /// <summary>Adds a figure to those that it follows.</summary>
    private HtmlReport AddToGrid(Figure figure, string html)
    {
        grid ??= new(body.Length);
        grid.Add(figure.Size.Width);
        body.Append(html);
        return this;
    }

    private void CloseGrid()
    {
        if (grid is not { } open) return;
        body.Insert(open.Start, open.Begin()).Append("</div>\n");
        grid = null;
    }

    private string Plain(string text) => languages.Say(text, t => HtmlText.Format(t));

    private string Formatted(string text) => languages.Say(text, t => HtmlText.Format(t, formulas: true));

    private string NewId(string kind)
    {
        string id;
        do id = string.Create(CultureInfo.InvariantCulture, $"{kind}-{++ids}");
        while (!anchors.Add(id));
        return id;
    }

    /// <summary>Writes the switches of themes and languages, with the script that remembers them.</summary>
    private string Switches()
    {
        if (!HasThemes && !languages.HasOthers) return "";
        var html = new StringBuilder("<div class=\"switches\">\n").Append(languages.Switch());
        if (HasThemes) html.Append(PageSwitches.Themes(Plain));
        html.Append("</div>\n");
        Script(html, PageScripts.Read("switches"));
        return html.ToString();
    }

    private static void Script(StringBuilder page, string script)
        => page.Append("<script>\n").Append(script).Append(script.EndsWith('\n') ? "" : "\n").Append("</script>\n");

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
