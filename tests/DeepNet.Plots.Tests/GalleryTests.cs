using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DeepNet.Plots.Tests;

/// <summary>Properties of every figure.</summary>
public partial class GalleryTests
{
    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_sound_and_named_for_screen_readers(string name)
    {
        var drawn = new Drawn(Gallery.All[name]());
        Assert.Equal("img", (string?)drawn.Root.Attribute("role"));
        string[] labels = ((string)drawn.Root.Attribute("aria-labelledby")!).Split(' ');
        Assert.Equal(labels[0], (string?)drawn.Root.Element(Drawn.Svg + "title")!.Attribute("id"));
        Assert.Equal(labels[1], (string?)drawn.Root.Element(Drawn.Svg + "desc")!.Attribute("id"));
        Assert.NotEmpty(drawn.Root.Element(Drawn.Svg + "title")!.Value);
        Assert.NotEmpty(drawn.Root.Element(Drawn.Svg + "desc")!.Value);
        foreach (string bad in (string[])["NaN\"", "NaN ", "∞", "Infinity", "\u0001"])
            Assert.DoesNotContain(bad, Geometry(drawn), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_the_same_text_every_time_and_in_every_culture(string name)
    {
        string once = Gallery.All[name]().ToSvg();
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(once, Gallery.All[name]().ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_stay_inside_and_apart(string name)
    {
        if (name == "small") return;        // 160 × 120 holds no more
        var figure = Gallery.All[name]();
        var drawn = new Drawn(figure);
        var words = drawn.Words.Where(w => !w.Turned).ToArray();
        var (width, height) = ((double)drawn.Root.Attribute("width")!, (double)drawn.Root.Attribute("height")!);
        foreach (var word in words)
        {
            var box = word.Box();
            Assert.True(
                box.Left >= -0.5 && box.Right <= width + 0.5 && box.Top >= 0 && box.Bottom <= height,
                $"“{word.Text}” at {box} leaves {width}×{height}");
        }
        for (int i = 0; i < words.Length; i++)
            for (int j = 0; j < i; j++)
            {
                var (a, b) = (words[i].Box(), words[j].Box());
                bool apart = a.Right <= b.Left || b.Right <= a.Left || a.Bottom <= b.Top || b.Bottom <= a.Top;
                Assert.True(apart, $"“{words[i].Text}” at {a} and “{words[j].Text}” at {b}");
            }
    }

    [Fact]
    public void Ids_differ_between_figures_so_that_all_stand_on_one_page()
    {
        var seen = new HashSet<string>();
        foreach (var make in Gallery.All.Values)
            foreach (Match id in Id().Matches(make().ToSvg())) Assert.True(seen.Add(id.Groups[1].Value), id.Value);
    }

    [Fact]
    public void Text_is_escaped_wherever_it_stands()
    {
        const string Evil = "<script>alert(\"&\")</script> \u0001\u0000'\ud800";
        var drawn = new Drawn(new Plot(Evil) { XLabel = Evil, YLabel = Evil, ZLabel = Evil, Description = Evil, Width = 1200, Height = 700 }
            .Line([1, 2], [3, 4], Evil).Text(1.5, 3.5, Evil).VerticalLine(1.2, Evil).HorizontalLine(3.2, Evil)
            .Scatter([1, 2], [3, 4], Evil, [1, 2]));
        Assert.Empty(drawn.Root.Descendants(Drawn.Svg + "script"));
        Assert.Contains(drawn.Words, w => w.Text.StartsWith("<script>alert(\"&\")</script>", StringComparison.Ordinal));
        Assert.DoesNotContain('\u0001', drawn.Text);
        Assert.Empty(new Drawn(new Plot().Bar([Evil], [1], Evil)).Root.Descendants(Drawn.Svg + "script"));
        Assert.Empty(new Drawn(new Plot().HeatMap(new double[1, 1], [Evil], [Evil])).Root.Descendants(Drawn.Svg + "script"));
    }

    [Fact]
    public void Colours_are_given_for_light_and_for_dark()
    {
        string svg = new Plot("x").Line([1, 2]).ToSvg();
        Assert.Contains("@media(prefers-color-scheme:dark)", svg, StringComparison.Ordinal);
        string id = Id().Match(svg).Groups[1].Value;
        // Every rule is held to this figure: no class of it means anything elsewhere on the page.
        string css = svg[(svg.IndexOf("<style>", StringComparison.Ordinal) + 7)..svg.IndexOf("</style>", StringComparison.Ordinal)];
        foreach (Match rule in Selector().Matches(css)) Assert.StartsWith($"#{id}", rule.Groups[1].Value, StringComparison.Ordinal);
    }

    private static string Geometry(Drawn drawn)
        => string.Concat(drawn.Root.DescendantsAndSelf().Attributes().Where(a => a.Name != "href").Select(a => a.Value + "\""));

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex(@"(?<=^|\})([^{}@]+)\{")]
    private static partial Regex Selector();
}
