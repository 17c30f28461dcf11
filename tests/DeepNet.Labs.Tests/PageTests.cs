using DeepNet.Labs.Running;
using DeepNet.Labs.Texts;
using DeepNet.Plots;

namespace DeepNet.Labs.Tests;

public class PageTests
{
    /// <summary>A lab without English words of its own, so that what is asked for is the page's.</summary>
    private sealed class Wordless : Lab
    {
        public override string Name => "1";

        public override string Title => "1";

        public override string Claim => "1";

        public override string Question => "1?";

        public override Guess? Guess => new(["1", "2"], 1);

        public override string Explanation => "1";

        public override string Falsified => "1";

        public override IReadOnlyList<string> Next => ["saddle"];

        public override IReadOnlyList<string> Mutations => ["1", "2"];

        public override void Run(LabContext lab)
        {
            var plot = new Plot("1").Line([1, 2], [1, 2]);
            lab.Figure(plot, "1");
            lab.Frames([("1", plot), ("2", plot)], "1");
            Slider[] sliders = [new("1", ["1", "2"]), new("2", ["1", "2", "3"], 1)];
            lab.Sliders(sliders, at => new Plot($"{at[0]}, {at[1]}").Line([1, 2], [1, 2]), "1");
            if (lab.Mutated("1")) return;
            double worse = lab.Mutated("2") ? -10 : 1;
            foreach (double value in new[] { 1, 1.2, 5, 1e9, -3 })
            {
                lab.Check("1", worse * value, atLeast: 1);
                lab.Check("1", worse * value, atMost: 1);
                lab.Check("1", worse * value, atLeast: 0);
                lab.Check("1", worse * value, atLeast: 1, atMost: 1);
                lab.Check("1", worse * value, atLeast: 0.5, atMost: 2);
            }
            lab.Check("1", double.NaN, atLeast: 1);
        }
    }

    [Fact]
    public void Every_text_of_the_page_has_its_Chinese()
    {
        var lab = new Wordless();
        var chapter = new Chapter(
            LabResult.Of(lab, LabSize.Reduced), [.. lab.Mutations.Select(m => new Spoilt(m, LabResult.Of(lab, LabSize.Reduced, m)))]);
        // The page of all labs has the names of their topics; their texts are the labs'.
        var all = Catalogue.All.Select(l => new Chapter(new(l, [], default, null), []));
        var texts = new Dictionary<string, string?>();
        Atlas.Page([chapter, .. all], (text, other) => texts.TryAdd(text, other));
        var labs = Catalogue.All.SelectMany(
            l => (string[])[l.Title, l.Claim, l.Question, l.Falsified, .. l.Guess?.Answers ?? [], .. LabTexts.Paragraphs(l.Explanation)]);
        // Names of optimizers, and what reports know themselves.
        string[] known =
        [
            "SGD", "AdaGrad", "RMSProp", "Adam", "Contents", "Theme", "Language", "light", "dark", "as the system", "Play", "Pause",
            "Frame",
        ];
        var untold = texts.Where(t => t.Value is null && Translation.IsNeeded(t.Key)).Select(t => t.Key);
        string[] missing = [.. untold.Except(known).Except(labs)];
        Assert.True(missing.Length == 0, $"Texts/zh/page.txt lacks:\n{string.Join('\n', missing)}");
        Assert.Contains("Where to begin", texts.Keys);
        Assert.Contains("not a number", texts.Keys);
    }

    [Theory]
    [InlineData(2, 1, double.PositiveInfinity, 0.75, "2 times above its bound")]
    [InlineData(1.2, 1, double.PositiveInfinity, 0.583, "20% above its bound")]
    [InlineData(0.5, 1, double.PositiveInfinity, 0.25, "2 times below its bound")]
    [InlineData(0.1, double.NegativeInfinity, 1, 0.05, "10 times below its bound")]
    [InlineData(3, double.NegativeInfinity, 1, 0.833, "3 times above its bound")]
    [InlineData(0, double.NegativeInfinity, 0, 0.5, "on its bound")]
    [InlineData(-1, double.NegativeInfinity, 0, 0, "on the right side of its bound")]
    [InlineData(1, 1, 1, 0.5, "on its bound")]
    [InlineData(1, 0, 2, 0.5, "50% of the interval to the nearer bound")]
    [InlineData(5, 0, 2, 1, "outside of its bounds")]
    public void Margins_lie_on_the_side_on_which_the_check_holds(double value, double atLeast, double atMost, double place, string words)
    {
        var check = new CheckItem("", value, atLeast, atMost);
        var margin = Margin.Of(check);
        Assert.Equal(place, margin.Place, 0.01);
        Assert.Equal(words, margin.Words.Replace(" %", "%", StringComparison.Ordinal));
        Assert.Equal(check.Holds, margin.Place >= margin.From && margin.Place <= margin.To);
    }

    [Fact]
    public void Examples_are_cut_out_of_the_source()
    {
        const string source = """
            internal sealed class A : Lab
            {
                public override void Example(TextWriter output)
                {
                    for (int i = 0; i < 3; i++)
                    {
                        output.WriteLine(i);
                    }
                }

                public override void Run(LabContext lab) { }
            }
            """;
        Assert.Equal("for (int i = 0; i < 3; i++)\n{\n    Console.WriteLine(i);\n}", ExampleSource.Cut(source));
        Assert.Null(ExampleSource.Cut("internal sealed class A : Lab { }"));
        Assert.All(Catalogue.All, lab => Assert.True(
            ExampleSource.Of(lab) is not null || ExampleSource.OutputOf(lab).Length == 0, $"the example of {lab.Name} is not found"));
    }

    [Fact]
    public void Sliders_show_the_figure_of_their_indices()
    {
        var context = new LabContext(new Wordless(), LabSize.Reduced);
        new Wordless().Run(context);
        var sliders = context.Items.OfType<SlidersItem>().Single();
        Assert.Equal(6, sliders.Figures.Count);
        Assert.Equal("1, 2", sliders.At([1, 2]).Title);
        Assert.Equal("0, 1", sliders.Shown.Title);
    }
}
