using System.Globalization;

namespace DeepNet.Plots.Tests;

/// <summary>Numbers land where the axes say, and what has no place is left out.</summary>
public class PlotTests
{
    [Fact]
    public void A_line_lands_where_the_axes_say()
    {
        double[] x = [-3, 0.5, 2, 7], y = [10, -40, 55, 20];
        var drawn = new Drawn(new Plot("t") { XLabel = "x", YLabel = "y" }.Line(x, y));
        var points = Drawn.Points(drawn.Paths("ln").Single());
        var (px, py) = (drawn.X(), drawn.Y());
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(px(x[i]), points[i].X, 0.05);
            Assert.Equal(py(y[i]), points[i].Y, 0.05);
        }
    }

    [Fact]
    public void So_does_one_on_log_axes()
    {
        double[] x = [1, 30, 1e3, 5e6], y = [2e-7, 1e-3, 0.4, 9];
        var drawn = new Drawn(new Plot { XScale = AxisScale.Log, YScale = AxisScale.Log }.Line(x, y));
        var points = Drawn.Points(drawn.Paths("ln").Single());
        var (px, py) = (drawn.X(log: true), drawn.Y(log: true));
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(px(x[i]), points[i].X, 0.05);
            Assert.Equal(py(y[i]), points[i].Y, 0.05);
        }
    }

    [Fact]
    public void Limits_are_kept()
    {
        var drawn = new Drawn(new Plot { XMin = 0, XMax = 10, YMin = 0, YMax = 100 }.Line([2, 4], [20, 30]));
        Assert.Equal(["0", "2", "4", "6", "8", "10"], drawn.ColumnTicks.Select(w => w.Text));
        Assert.Equal("100", drawn.RowTicks.Last().Text);
        Assert.Contains(
            "the lower limit", Assert.Throws<ArgumentException>(() => new Plot { XMin = 3, XMax = 1 }.ToSvg()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "log axis", Assert.Throws<ArgumentException>(() => new Plot { YMin = 0, YScale = AxisScale.Log }.ToSvg()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AxisScale.Linear, new[] { 1, double.NaN, 3, 4, double.PositiveInfinity, 5, 6 }, 3)]
    [InlineData(AxisScale.Log, new[] { 1, 2.0, 0, 4, 5, -1, 7, 8 }, 3)]
    public void What_is_missing_leaves_a_gap(AxisScale scale, double[] y, int runs)
    {
        var drawn = new Drawn(new Plot { YScale = scale }.Line(y));
        string path = (string)drawn.Paths("ln").First().Attribute("d")!;
        Assert.Equal(runs, path.Count(c => c == 'M'));
    }

    [Fact]
    public void A_million_points_stay_small_and_keep_their_peaks()
    {
        double[] y = new double[1_000_000];
        for (int i = 0; i < y.Length; i++) y[i] = Math.Sin(i * 0.37);
        (y[123_456], y[777_777]) = (50, -50);
        var drawn = new Drawn(new Plot().Line(y));
        Assert.True(drawn.Text.Length < 60_000, $"{drawn.Text.Length} characters");
        var points = Drawn.Points(drawn.Paths("ln").Single());
        var py = drawn.Y();
        Assert.Equal(py(50), points.Min(p => p.Y), 0.05);
        Assert.Equal(py(-50), points.Max(p => p.Y), 0.05);
        Assert.Equal(drawn.X()(123_456), points.MinBy(p => p.Y).X, 1.0);
    }

    [Fact]
    public void A_path_that_turns_back_and_a_cloud_stay_small_too()
    {
        double[] x = new double[100_000], y = new double[100_000];
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (Math.Cos(i * 0.002) * (1 + i * 1e-6), Math.Sin(i * 0.00274));
        Assert.True(new Plot().Line(x, y).ToSvg().Length < 400_000);
        Assert.True(new Plot().Scatter(x, y).ToSvg().Length < 400_000);
    }

    [Fact]
    public void Bars_stand_on_zero_in_groups()
    {
        var drawn = new Drawn(new Plot().Bar(["a", "b"], [2, -1], "p").Bar(["b", "a"], [3, 1], "q"));
        var py = drawn.Y();
        var first = Drawn.Points(drawn.Paths("f0").First());
        var second = Drawn.Points(drawn.Paths("f1").First());
        Assert.Equal((py(2), py(0)), (first[0].Y, first[2].Y), new Near());
        Assert.Equal((py(0), py(-1)), (first[4].Y, first[6].Y), new Near());
        // q's first bar belongs to b: right of p's second.
        Assert.Equal((py(3), py(0)), (second[0].Y, second[2].Y), new Near());
        Assert.True(second[0].X >= first[5].X && second[0].X < first[5].X + 2);
        Assert.Equal(["a", "b"], drawn.ColumnTicks.Select(w => w.Text));
    }

    [Fact]
    public void Histograms_count_every_value_once()
    {
        double[] values = [0, 0.1, 0.25, 0.5, 0.5, 0.99, 1, double.NaN];
        var drawn = new Drawn(new Plot().Histogram(values, 4));
        var py = drawn.Y();
        // [0, .25) 2, [.25, .5) 1, [.5, .75) 2, [.75, 1] 2
        var points = Drawn.Points(drawn.Paths("f0").Single());
        Assert.Equal([py(2), py(1), py(2), py(2)], points.Where((_, i) => i % 4 == 0).Select(p => p.Y), (a, b) => Math.Abs(a - b) < 0.05);

        drawn = new Drawn(new Plot().Histogram(values, 4, density: true));
        points = Drawn.Points(drawn.Paths("f0").Single());
        Assert.Equal(drawn.Y()(2 / 7.0 / 0.25), points[0].Y, 0.05);
    }

    [Fact]
    public void Two_histograms_share_their_bins()
    {
        var drawn = new Drawn(new Plot().Histogram([0, 1, 2, 3, 4], 5, "a").Histogram([10], 5, "b"));
        Assert.Single(Drawn.Points(drawn.Paths("f1").First()).Select(p => p.Y).Distinct().Order().Skip(1));
        Assert.Equal(["a", "b"], drawn.Words.Where(w => w.Anchor == "start").Select(w => w.Text));
    }

    [Fact]
    public void A_heat_map_has_its_first_row_on_top()
    {
        var drawn = new Drawn(
            new Plot().HeatMap(new double[,] { { 0, 1, 2 }, { 3, double.NaN, 5 } }, ["r0", "r1"], ["c0", "c1", "c2"], showValues: true));
        var cells = drawn.Root.Descendants(Drawn.Svg + "g").Single(g => (string?)g.Attribute("shape-rendering") == "crispEdges").Elements()
            .ToArray();
        Assert.Equal(5, cells.Length);          // the missing one is left out
        Assert.Equal(ColorMap.Sequential.At(0).ToString(), (string?)cells[0].Attribute("fill"));
        Assert.Equal(ColorMap.Sequential.At(1).ToString(), (string?)cells[^1].Attribute("fill"));
        Assert.True(drawn.Words.First(w => w.Text == "r0").Y < drawn.Words.First(w => w.Text == "r1").Y);
        Assert.Equal(["0", "1", "2", "3", "5"], drawn.Words.Where(w => w.Css is "vk" or "vw").Select(w => w.Text));
    }

    [Fact]
    public void A_diverging_map_is_centred_on_zero()
    {
        var drawn = new Drawn(new Plot { ColorMap = ColorMap.Diverging }.HeatMap(new double[,] { { 0, 1, 4 } }, showValues: true));
        var cells = drawn.Root.Descendants(Drawn.Svg + "g").Single(g => (string?)g.Attribute("shape-rendering") == "crispEdges").Elements()
            .ToArray();
        Assert.Equal(ColorMap.Diverging.At(0.5).ToString(), (string?)cells[0].Attribute("fill"));
        Assert.Equal(ColorMap.Diverging.At(1).ToString(), (string?)cells[2].Attribute("fill"));
    }

    [Fact]
    public void Many_cells_become_one_image()
    {
        var drawn = new Drawn(new Plot().HeatMap(Gallery.Field(200)));
        Assert.Single(drawn.Root.Descendants(Drawn.Svg + "image"));
    }

    [Fact]
    public void A_legend_goes_where_no_data_is()
    {
        // A falling line leaves the top right free, a rising one the top left.
        double[] x = [0, 1, 2], falling = [9, 3, 0], rising = [0, 3, 9];
        Assert.True(Place(new Plot().Line(x, falling, "n")).X > 400);
        Assert.True(Place(new Plot().Line(x, rising, "n")).X < 200);
        // Where data is everywhere, it stands below; NaN-free and clear of the axes.
        double[] all = [.. Enumerable.Range(0, 400).Select(i => (double)(i % 2))];
        var outside = Place(new Plot().Line(all, "n"));
        Assert.True(outside.Y > 370, $"{outside}");
        Assert.DoesNotContain(new Drawn(new Plot { Legend = LegendPlace.None }.Line(x, rising, "n")).Words, w => w.Text == "n");
        Assert.True(Place(new Plot { Legend = LegendPlace.BottomRight }.Line(x, rising, "n")) is { X: > 500, Y: > 300 });
        Assert.True(Place(new Plot { Legend = LegendPlace.Right }.Line(x, rising, "n")) is { X: > 560, Y: < 80 });

        static Drawn.Word Place(Plot plot) => new Drawn(plot).Words.Single(w => w.Text == "n");
    }

    [Fact]
    public void Equal_aspect_makes_units_equally_long()
    {
        var drawn = new Drawn(new Plot { EqualAspect = true }.Line([0, 10], [0, 1]));
        var (px, py) = (drawn.X(), drawn.Y());
        Assert.Equal(px(1) - px(0), py(0) - py(1), 0.05);
    }

    [Fact]
    public void Panels_keep_their_places()
    {
        var drawn = new Drawn(
            new PlotGrid(
                "all", 2, new Plot("a")
                {
                    Width = 300, Height = 200,
                }.Line([1, 2]), new Plot("b") { Width = 200, Height = 250 }.Line([1, 2]),
                    new Plot("c") { Width = 100, Height = 100 }.Line([1, 2])));
        Assert.Equal("500", (string?)drawn.Root.Attribute("width"));
        Assert.Equal("384", (string?)drawn.Root.Attribute("height"));
        Assert.True(drawn.Words.Single(w => w.Text == "b").X > 300);
        Assert.True(drawn.Words.Single(w => w.Text == "c").Y > 284);
    }

    [Fact]
    public void Errors_say_what_does_not_fit()
    {
        Assert.Contains(
            "x has 2 numbers and y has 1", Assert.Throws<ArgumentException>(() => new Plot().Line([1, 2], [1])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has to be 2×3", Assert.Throws<ArgumentException>(() => new Plot().Contour([1, 2, 3], [1, 2], new double[3, 2])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "x has to rise", Assert.Throws<ArgumentException>(() => new Plot().Surface([1, 1], [1, 2], new double[2, 2])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 labels", Assert.Throws<ArgumentException>(() => new Plot().HeatMap(new double[3, 3], ["a", "b"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "PlotGrid", Assert.Throws<InvalidOperationException>(() => new Plot().Surface([1, 2], [1, 2], new double[2, 2]).Line([1])
                .ToSvg()).Message, StringComparison.Ordinal);
        Assert.Contains("60×60", Assert.Throws<ArgumentException>(() => new Plot { Width = 10 }.ToSvg()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_given_is_copied()
    {
        double[] y = [1, 2, 3];
        var plot = new Plot().Line(y);
        string before = plot.ToSvg();
        y[0] = 100;
        Assert.Equal(before, plot.ToSvg());
    }

    [Fact]
    public void A_file_is_what_ToSvg_says()
    {
        string folder = Directory.CreateTempSubdirectory("plot").FullName;
        try
        {
            string path = Path.Combine(folder, "new", "loss.svg");
            var plot = new Plot("a").Line([1, 2]);
            plot.Save(path);
            Assert.Equal(plot.ToSvg(), File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Near_patches_hide_far_ones()
    {
        // Seen from y = −∞ (azimuth −90), the patches with the smallest y come last.
        var drawn = new Drawn(new Plot { Azimuth = -90, Elevation = 30 }.Surface(Gallery.Places(5), Gallery.Places(5), new double[5, 5]));
        var patches = drawn.Root.Descendants(Drawn.Svg + "g").Single(g => g.Attribute("stroke-width") is not null).Elements().ToArray();
        Assert.Equal(16, patches.Length);
        double[] heights = [.. patches.Select(
            p => double.Parse(((string)p.Attribute("d")!)[1..].Split(' ', 'l')[1], CultureInfo.InvariantCulture))];
        Assert.True(heights[0] < heights[^1]);
        Assert.Equal(heights.Order(), heights);
    }

    private sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) a, (double, double) b)
            => Math.Abs(a.Item1 - b.Item1) < 0.05 && Math.Abs(a.Item2 - b.Item2) < 0.05;

        public int GetHashCode((double, double) obj) => 0;
    }
}
