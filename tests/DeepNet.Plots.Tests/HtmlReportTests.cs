using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DeepNet.Plots.Tests;

public partial class HtmlReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_from_elsewhere()
    {
        string html = Full().ToHtml();
        Parse(html);
        foreach (string forbidden in (string[])["<script ", "<link", "@import", "url(http", "src=\"http", "href=\"http"])
            Assert.DoesNotContain(forbidden, html, StringComparison.OrdinalIgnoreCase);
        foreach (Match src in Source().Matches(html))
            Assert.StartsWith("data:image/png;base64,", src.Groups[1].Value, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        Assert.Contains("width=device-width", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_unique_though_figures_and_sections_repeat()
    {
        var plot = new Plot("same").Line([1, 2]);
        string html = new HtmlReport("t").Section("A b").Figure(plot).Section("A  b!").Figure(plot).Section("…").ToHtml();
        string[] ids = [.. Id().Matches(html).Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (string anchor in (string[])["a-b", "a-b-2", "section"])
        {
            Assert.Contains(anchor, ids);
            Assert.Contains($"href=\"#{anchor}\"", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;")]
    [InlineData("call `f(*x*, <y>)` now", "call <code>f(*x*, &lt;y&gt;)</code> now")]
    [InlineData("*so* and **so**", "<em>so</em> and <strong>so</strong>")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("a*b*c", "a*b*c")]
    [InlineData("one ` alone *x*", "one ` alone <em>x</em>")]
    [InlineData("`a` and ` alone", "<code>a</code> and ` alone")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    public void Text_is_escaped_and_a_little_markup_read(string text, string html) => Assert.Equal(html, HtmlText.Format(text));

    [Fact]
    public void Columns_of_numbers_stand_on_the_right()
    {
        var page = Parse(new HtmlReport("t").Table(["name", "share", "time", "sha", "mixed"],
            [["a", "12.5 %", "1.3 ms", "1abcdefff", "3"], ["b", "−3e−7", "–", "0123", "x"]], "caption").ToHtml());
        string[] css = [.. page.Descendants("th").Select(h => (string?)h.Attribute("class") ?? "")];
        Assert.Equal(["", "n", "n", "", ""], css);
        Assert.Equal("caption", page.Descendants("caption").Single().Value);
        Assert.Contains(
            "row 0 has 1 cells", Assert.Throws<ArgumentException>(() => new HtmlReport("t").Table(["a", "b"], [["x"]])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Paragraphs_end_at_empty_lines_and_code_keeps_its_lines()
    {
        var page = Parse(new HtmlReport("t").Paragraph("one\nstill one\n\n\ntwo").Code("a\n  b <c>\n").ToHtml());
        Assert.Equal(["one still one", "two"], page.Descendants("p").Select(p => p.Value));
        Assert.Equal("a\n  b <c>", page.Descendants("pre").Single().Value);
    }

    [Fact]
    public void A_verdict_shows_by_sign_and_word_not_by_colour_alone()
    {
        string html = new HtmlReport("t").Badge(Verdict.Pass, "fine").Badge(Verdict.Fail, "bad").Badge(Verdict.Warning, "hm")
            .Badge(Verdict.Neutral, "so").ToHtml();
        foreach (string badge in (string[])["pass\">✓ fine", "fail\">✗ bad", "warn\">! hm", "none\">– so"])
            Assert.Contains(badge, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_show_zero_as_black_and_one_as_white()
    {
        var batch = ImageBatch.Of(Tensor.From<float>([0, 1, 0.5f, float.NaN], new Shape(1, 2, 2)));
        Assert.Equal([0, 255, 128, 0], batch.Pixels(0).ToArray());
        // Channels come last in a file.
        Assert.Equal(
            [255, 0, 51, 0, 255, 102],
            ImageBatch.Of(Tensor.From<float>([1, 0, 0, 1, 0.2f, 0.4f], new Shape(1, 3, 1, 2))).Pixels(0).ToArray());
        // What reaches further is stretched, all alike.
        var wide = ImageBatch.Of(Tensor.From<float>([-1, 0, 1, 3], new Shape(2, 1, 1, 2)));
        Assert.Equal([0, 64], wide.Pixels(0).ToArray());
        Assert.Equal([128, 255], wide.Pixels(1).ToArray());
        Assert.Equal([0, 255], ImageBatch.Of(Tensor.From<long>([0, 255], new Shape(1, 1, 2))).Pixels(0).ToArray());
        Assert.Contains(
            "holds no images", Assert.Throws<ArgumentException>(() => ImageBatch.Of(Tensor.Zeros(3, 3))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 images and 1 captions",
            Assert.Throws<ArgumentException>(() => new HtmlReport("t").Images(Tensor.Zeros(2, 3, 3), ["a"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_content_is_the_same_file_saved_whole()
    {
        string folder = Directory.CreateTempSubdirectory("report").FullName;
        try
        {
            string path = Path.Combine(folder, "runs", "report.html");
            Full().Save(path);
            Assert.Equal(Full().ToHtml(), File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static HtmlReport Full() => new HtmlReport("Title & more", "sub") { Footer = "made by a test" }
        .Paragraph("before any section")
        .Section("First").Facts(("accuracy", "98 %"), ("time", "3 s")).Badge(Verdict.Pass, "ok").Paragraph("text `code`").Heading("smaller")
        .List("one", "two").Code("x < y")
        .Table(["a", "b"], [["1", "x"]]).Figure(new Plot("p").Line([1, 2]), "a figure")
        .Section("Second").Figures((new Plot("p").Line([1, 2]), "left"), (new PlotGrid("g", 2, new Plot().Bar(["a"], [1])), null))
        .Images(Tensor.Ones(3, 1, 4, 4), ["a<", "b", "c"], "three of them");

    /// <summary>As XML: the few elements that HTML leaves open are closed first.</summary>
    private static XElement Parse(string html)
    {
        string body = html[html.IndexOf("<html", StringComparison.Ordinal)..];
        body = Script().Replace(body, "");
        return XDocument.Parse(Open().Replace(body, m => m.Value[..^1] + "/>")).Root!;
    }

    [GeneratedRegex("<script>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<(meta|img)[^>]*>")]
    private static partial Regex Open();

    [GeneratedRegex(" src=\"([^\"]*)\"")]
    private static partial Regex Source();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();
}
