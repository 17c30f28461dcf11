using System.Text.RegularExpressions;

namespace DeepNet.Plots.Tests;

/// <summary>Parts of a page that its reader moves, chooses and opens, as text; <c>DeepNet.Browser.Tests</c> does so.</summary>
public partial class MovingReportTests
{
    [Fact]
    public void Frames_share_their_axes_and_their_page()
    {
        Plot[] frames = [.. Enumerable.Range(1, 20).Select(k => new Plot("A line") { XLabel = "x" }.Line([0, k], [0, k * k], "line"))];
        string html = new HtmlReport("t").Frames(frames, caption: "all").ToHtml();
        // The axis reaches to 400 in each: its numbers stand once, outside of every frame.
        Assert.Single(Regex.Matches(html, ">400</text>"));
        Assert.Equal(20, Regex.Count(html, "<g class=\"fr( on)?\" data-f="));
        Assert.Single(Regex.Matches(html, "<g class=\"fr on\" data-f=\"19\">"));
        Assert.Contains("data-frames=\"20\"", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"fr on\">20 / 20</span>", html, StringComparison.Ordinal);
        int all = html.Length - new HtmlReport("t").ToHtml().Length, one = frames[^1].ToSvg().Length;
        Assert.True(all < 4 * one, $"20 frames take {all} characters and one file {one}");
    }

    [Fact]
    public void Sliders_ask_for_each_combination_in_order()
    {
        var asked = new List<string>();
        string html = new HtmlReport("t").Sliders([new("a", ["x", "y"], 1), new("b", ["1", "2", "3"])], at =>
        {
            asked.Add(string.Join(' ', at));
            return new Plot().Line([0, 1], [at[0], at[1]]);
        }).ToHtml();
        Assert.Equal(["0 0", "0 1", "0 2", "1 0", "1 1", "1 2"], asked);
        Assert.Contains("data-frames=\"2 3\"", html, StringComparison.Ordinal);
        Assert.Contains("<g class=\"fr on\" data-f=\"3\">", html, StringComparison.Ordinal);        // a is y, b is 1
    }

    [Fact]
    public void The_legend_keeps_its_place_where_a_later_frame_has_data()
    {
        // At first the right is empty; in the last frame it is not.
        static Plot Frame(int k) => new Plot { YMin = 0, YMax = 10, XMax = 10, XMin = 0 }
            .Line([0, 5, 10], k == 0 ? [5, 5, 5] : [5, 5, 9.8], "line");
        string html = new HtmlReport("t").Frames([Frame(0), Frame(1)]).ToHtml();
        Assert.Single(Regex.Matches(html, ">line</text>"));
    }

    [Fact]
    public void Figures_that_follow_each_other_share_a_grid()
    {
        var plot = new Plot { Width = 480 }.Line([1, 2]);
        string html = new HtmlReport("t").Figure(plot).Figure(plot).Paragraph("x").Figure(plot).Section("s")
            .Figures((plot, null), (plot, "c")).ToHtml();
        Assert.Equal(["grid", "alone", "grid"], Kind().Matches(html).Select(m => m.Groups[1].Value));
        Assert.Contains("style=\"--column:345px;--most:672px\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_stand_below_each_other_and_hold_what_was_written()
    {
        string html = new HtmlReport("t")
            .Choice([("one", p => p.Paragraph("first").Figure(new Plot())), ("two", p => p.Details("more", q => q.Paragraph("second")))])
            .Paragraph("after").ToHtml();
        int[] places = [.. ((string[])[">first<", "<summary>more</summary>", ">second<", "</details>", ">after<"])
            .Select(t => html.IndexOf(t, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
        Assert.Equal(2, Regex.Count(html, "class=\"part\" id=\"part-\\d\""));
    }

    [Fact]
    public void Scripts_are_there_only_if_needed_and_once()
    {
        static int Count(HtmlReport page) => Regex.Count(page.ToHtml(), "<script>");
        var plot = new Plot().Line([1, 2]);
        Assert.Equal(0, Count(new HtmlReport("t") { HasThemes = false }.Figure(plot)));
        Assert.Equal(1, Count(new HtmlReport("t").Figure(plot)));
        Assert.Equal(2, Count(new HtmlReport("t").Frames([plot]).Frames([plot, plot])));
        Assert.Equal(2, Count(new HtmlReport("t").Figure(new Plot().Surface([0, 1], [0, 1], new double[2, 2]))));
        Assert.Equal(2, Count(new HtmlReport("t").Widget("<p>1</p>", "run();").Widget("<p>2</p>", "run();")));
    }

    [Fact]
    public void A_language_gives_every_text_a_second_form_in_the_page_and_in_figures()
    {
        static string? Upper(string text)
            => text.Any(char.IsLower) && !text.StartsWith("only", StringComparison.Ordinal) ? text.ToUpperInvariant() : null;
        var plot = new Plot("a plot") { XLabel = "across", YLabel = "up" }.Line([1, 2], "line").HorizontalLine(1.5, "goal");
        var page = new HtmlReport("title", "subtitle") { Footer = "footer" }.Language("zh", "中文", Upper)
            .Section("section").Heading("heading").Paragraph("one\n\ntwo").List("item").Badge(Verdict.Pass, "badge")
            .Facts(("fact", "a value")).Table(["header"], [["cell"]], "table caption")
            .Figure(plot, "figure caption").Frames([plot, plot], ["label", "only here"])
            .Choice([("choice", p => p.Paragraph("part"))]).Details("details", p => p.Code("code"));
        string html = page.ToHtml();
        foreach (string text in (string[])["title", "subtitle", "footer", "section", "heading", "one", "two", "item", "badge", "fact",
            "a value", "header", "cell", "table caption", "figure caption", "label", "choice", "part", "details"])
            Assert.Contains(
                $"<span lang=\"en\">{text}</span><span lang=\"zh\">{text.ToUpperInvariant()}</span>", html, StringComparison.Ordinal);
        foreach (string text in (string[])["a plot", "across", "up", "line", "goal"])
        {
            Assert.Contains($">{text}</text>", html, StringComparison.Ordinal);
            Assert.Contains($">{text.ToUpperInvariant()}</text>", html, StringComparison.Ordinal);
        }
        Assert.Contains("only here", html, StringComparison.Ordinal);
        Assert.DoesNotContain("ONLY HERE", html, StringComparison.Ordinal);
        Assert.DoesNotContain("CODE", html, StringComparison.Ordinal);
        Assert.Equal(html, page.ToHtml());
    }

    [Fact]
    public void A_figure_tells_the_texts_that_a_language_is_asked_for()
    {
        string title = string.Join(' ', Enumerable.Repeat("a long title", 12));
        var texts = new Plot(title) { XLabel = "across" }.Bar(["a", "b"], [1, 2], "bars").Texts();
        foreach (string text in (string[])[title, "across", "a", "b", "bars"]) Assert.Contains(text, texts);
    }

    [Fact]
    public void Surfaces_share_a_plot_and_carry_their_numbers_on_a_page_only()
    {
        var plot = new Plot().Surface([0, 1], [0, 1], new double[,] { { 0, 1 }, { 1, 2 } })
            .Surface([0, 1], [0, 1], new double[2, 2], 0.5, color: 1);
        Assert.DoesNotContain("data-surface", plot.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("class=\"f1 s1\" opacity=\"0.5\"", plot.ToSvg(), StringComparison.Ordinal);
        string html = new HtmlReport("t").Figure(plot).ToHtml();
        Assert.Contains("\"surfaces\":[{\"x\":[-1,1],\"y\":[-1,1],\"z\":[-0.6,0,0,0.6]},{", html, StringComparison.Ordinal);
        Assert.Contains(
            "surfaces share a plot with nothing else", Assert.Throws<InvalidOperationException>(() => plot.Line([1, 2]).ToSvg()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "1.5 is not", Assert.Throws<ArgumentOutOfRangeException>(() => plot.Surface([0, 1], [0, 1], new double[2, 2], 1.5)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told()
    {
        var plot = new Plot();
        static void Fails(string message, Action<HtmlReport> write)
            => Assert.Contains(
                message, Assert.ThrowsAny<Exception>(() => write(new HtmlReport("t").Paragraph("x"))).Message, StringComparison.Ordinal);
        Fails("[report.frames] there are no charts", p => p.Frames([]));
        Fails("there are 1 frames and 2 labels", p => p.Frames([plot], ["a", "b"]));
        Fails("chart 1 takes 100×400 pixels and the first 640×400", p => p.Frames([plot, new Plot { Width = 100 }]));
        Fails("there are no sliders", p => p.Sliders([], _ => plot));
        Fails("'a' starts at 2 and has 1 values", p => p.Sliders([new("a", ["1"], 2)], _ => plot));
        Fails("combinations are too many", p => p.Sliders([new("a", new string[100]), new("b", new string[100])], _ => plot));
        Fails("there are no parts", p => p.Choice([]));
        Fails("'s' begins within a part", p => p.Details("d", q => q.Section("s")));
        Fails("which would stay English; call Language first", p => p.Language("zh", "中文", _ => null));
        Fails("contains </script", p => p.Widget("", "</SCRIPT>"));
        Fails("contain </style", p => p.Widget("", null, "</style>"));
        foreach (var (code, error) in ((string, string)[])[("!", "'!' is no code"), ("en", "'en' already")])
            Assert.Contains(
                error, Assert.Throws<ArgumentException>(() => new HtmlReport("t").Language(code, "x", _ => null)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_escaped_wherever_they_stand()
    {
        const string Evil = "<script>alert(\"&\")</script>'";
        var plot = new Plot(Evil).Surface([0, 1], [0, 1], new double[2, 2]);
        string html = new HtmlReport(Evil).Language("zh", Evil, t => t + Evil).Frames([plot, plot], [Evil, Evil], Evil).Figure(plot, Evil)
            .Sliders([new(Evil, [Evil])], _ => plot).Choice([(Evil, p => p.Details(Evil, q => q.Paragraph(Evil)))]).ToHtml();
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("class=\"figures (\\w+)\"")]
    private static partial Regex Kind();
}
