using System.Globalization;
using System.Text;
using DeepNet.Labs.Texts;
using DeepNet.Training;

namespace DeepNet.Labs.Running;

/// <summary>
/// Writes the section of a lab in the order in which it is read: the question, a guess, what is seen, why, the numbers and their margins,
/// the claim and what would refute it, spoilt runs, the program, and the labs to read next.
/// </summary>
internal sealed class LabPage(HtmlReport page, Chapter chapter, PageText text, IReadOnlyCollection<Lab> labs)
{
    private readonly Lab lab = chapter.Lab;
    private readonly LabResult result = chapter.Result;

    /// <summary>Returns the id of a lab's section.</summary>
    public static string IdOf(Lab lab) => $"lab-{lab.Name}";

    public void Write()
    {
        page.Section(lab.Title).Widget($"<span class=\"anchor\" id=\"{IdOf(lab)}\"></span>")
            .Badge(result.Holds ? Verdict.Pass : Verdict.Fail, result.Holds ? "the claim holds" : "the claim fails");
        if (result.Error is { } error) page.Paragraph($"**{error.Message}**");
        Ask();
        foreach (var item in result.Items) Show(item);
        // Two columns on a wide screen, in the order of reading on a narrow one.
        page.Widget("<div class=\"beside\"><div>");
        if (lab.Explanation.Length > 0)
        {
            page.Heading("Why it is so");
            foreach (string paragraph in LabTexts.Paragraphs(lab.Explanation)) page.Paragraph(paragraph);
        }
        page.Widget("</div><div>").Heading("The numbers").Widget(Checks(result));
        foreach (var item in result.Items)
            if (item is TextItem found) page.Paragraph(found.Text);
            else if (item is TableItem table) page.Table(table.Headers, table.Rows);
        page.Widget("</div></div><div class=\"beside\"><div>").Heading("The claim").Paragraph(lab.Claim).Widget("</div><div>");
        if (lab.Falsified.Length > 0) page.Heading("What would refute it").Paragraph(lab.Falsified);
        page.Widget("</div></div>");
        Spoil();
        ShowExample();
        Link();
    }

    private void Ask()
    {
        if (lab.Question.Length > 0) page.Widget("<div class=\"question\">").Paragraph(lab.Question).Widget("</div>");
        if (lab.Guess is not { } guess) return;
        page.Widget("<div class=\"guess\">").Paragraph("Guess first:");
        for (int i = 0; i < guess.Answers.Count; i++)
        {
            bool isRight = i == guess.Right;
            page.Widget($"<div class=\"{(isRight ? "right" : "wrong")}\">")
                .Details(guess.Answers[i], part => part.Paragraph(isRight ? "✓ That is so." : "✗ It is not; look below.")).Widget("</div>");
        }
        page.Widget("</div>");
    }

    private void Show(LabItem item)
    {
        switch (item)
        {
            case FigureItem figure: Show(figure, page); break;
            case FramesItem frames: page.Frames(frames.Frames, frames.Labels, frames.Caption); break;
            case SlidersItem sliders: page.Sliders(sliders.Sliders, sliders.At, sliders.Caption); break;
        }
    }

    /// <summary>
    /// Shows a figure; plots of a grid one by one, so that on a narrow page they stand below each other and do not grow small.
    /// </summary>
    private static void Show(FigureItem item, HtmlReport page)
    {
        if (item.Figure is PlotGrid { Title: "" } grid)
        {
            page.Figures(grid.Plots.Select(p => ((Figure)p, (string?)null)));
            page.Widget("<div class=\"seen\">").Paragraph(item.Caption).Widget("</div>");
        }
        else page.Figure(item.Figure, item.Caption);
    }

    /// <summary>Returns the checks, each with a bar that shows how far its number is from its bound.</summary>
    private string Checks(LabResult of)
    {
        var html = new StringBuilder("<ul class=\"checks\">\n");
        foreach (var check in of.Checks)
        {
            var margin = Margin.Of(check);
            html.Append("<li><span class=\"").Append(check.Holds ? "pass" : "fail").Append("\">").Append(check.Holds ? "✓" : "✗")
                .Append("</span> <span>").Append(text.Html(check.What)).Append("</span><span class=\"margin\" aria-hidden=\"true\">")
                .Append(CultureInfo.InvariantCulture, $"<i style=\"left:{margin.From:P0};right:{1 - margin.To:P0}\"></i>")
                .Append(CultureInfo.InvariantCulture, $"<b style=\"left:{margin.Place:P1}\"></b></span><small>")
                .Append(CheckItem.Text(check.Value)).Append(" (").Append(text.Html(check.Bounds)).Append("): ")
                .Append(text.Html(margin.Words)).Append("</small></li>\n");
        }
        if (!of.Checks.Any()) html.Append("<li>").Append(text.Html("nothing was checked")).Append("</li>\n");
        return html.Append("</ul>\n").Replace(" %", "%").ToString();
    }

    /// <summary>Shows the first figure of the healthy run, and beside it that of each spoilt one.</summary>
    private void Spoil()
    {
        if (chapter.Spoilt.Count == 0) return;
        page.Heading("Spoil it")
            .Paragraph("A check that cannot fail shows nothing. Each of these changes has to break one (runs of reduced size).")
            .Widget("<div class=\"beside spoil\"><div>").Paragraph("**healthy**");
        First(result);
        page.Widget("</div><div>").Choice([.. chapter.Spoilt.Select(s => (s.Mutation, (Action<HtmlReport>)(part =>
        {
            First(s.Result);
            if (s.Result.Error is { } error) part.Paragraph(error.Message);
            part.Widget(Checks(s.Result));
        })))]).Widget("</div></div>");
    }

    private void First(LabResult of)
    {
        switch (of.Items.FirstOrDefault(i => i is FigureItem or FramesItem or SlidersItem))
        {
            case FigureItem { Figure: PlotGrid { Title: "" } grid }: page.Figure(grid.Plots[0]); break;
            case FigureItem figure: page.Figure(figure.Figure); break;
            case FramesItem frames: page.Figure(frames.Frames[^1]); break;
            case SlidersItem sliders: page.Figure(sliders.Shown); break;
        }
    }

    private void ShowExample()
    {
        if (ExampleSource.Of(lab) is not { } source) return;
        page.Heading("The same in C#").Code(source);
        string output = ExampleSource.OutputOf(lab);
        if (output.Length > 0) page.Paragraph("It writes:").Code(output);
    }

    private void Link()
    {
        var html = new StringBuilder("<p class=\"next\">");
        var next = lab.Next.Select(name => labs.FirstOrDefault(l => l.Name == name)).OfType<Lab>().ToArray();
        if (next.Length > 0)
            html.Append("<strong>").Append(text.Html("Next:")).Append("</strong> ")
                .AppendJoin(" · ", next.Select(n => $"<a href=\"#{IdOf(n)}\">{PageText.Of(n).Html(n.Title)}</a>")).Append("<br>");
        html.Append("<small>").Append(text.Html($"This is lab {lab.Number}; it ran {result.Time.TotalSeconds:0.0} s."))
            .Append(" <code>labs run ").Append(lab.Name).Append("</code> · <a href=\"#all-labs\">").Append(text.Html("All labs"))
            .Append("</a></small></p>");
        page.Widget(html.ToString());
    }
}
