
namespace DeepNet.Plots.Tests;

/// <summary>Plots of every kind, easy and odd, for what has to hold of all of them.</summary>
internal static class Gallery
{
    private static readonly double[] Rising = [.. Enumerable.Range(1, 20).Select(i => (double)i)];

    public static Dictionary<string, Func<Figure>> All { get; } = new()
    {
        ["lines"] = () => new Plot("Loss by epoch")
        {
            XLabel = "epoch", YLabel = "loss",
        }.Line(Rising, Falling(0.1), "training").Line(Rising, Falling(0.3), "validation", LineStyle.Dashed, markers: true)
            .Band(Rising, Falling(0.2), Falling(0.4), "±1 σ").HorizontalLine(0.5, "target").VerticalLine(7, "best"),
        ["log"] = () => new Plot("Log")
        {
            XScale = AxisScale.Log, YScale = AxisScale.Log, XLabel = "n", YLabel = "ns",
        }.Line([1, 10, 1e4, 1e8], [1e-9, 1e-3, 1, 1e5], "a"),
        ["long title"] = () => new Plot(string.Join(' ', Enumerable.Repeat("a title that goes on", 6))).Line(Rising, "x"),
        ["classes"] = () => Classes(),
        ["shaded"] = () => new Plot("Shaded") { ZLabel = "z" }.Scatter(Rising, Falling(0), values: Rising),
        ["bars"] = () => new Plot("Bars")
        {
            YLabel = "s",
        }.Bar(["a", "b", "c"], [1, -2, 3], "first", [0.1, 0.2, 0.3]).Bar(["b", "c", "d"], [2, 2, 2], "second"),
        ["long names"] = () => new Plot("Long names").Bar([.. Rising.Select(r => $"a rather long name {r}")], Rising),
        ["many names"] = ()
            => new Plot("Many names")
                .Bar([.. Enumerable.Range(0, 300).Select(r => $"{r}")], [.. Enumerable.Range(0, 300).Select(r => (double)r)]),
        ["histograms"] = () => new Plot("Histograms") { XLabel = "w" }.Histogram(Falling(0), 10, "a").Histogram(Falling(0.5), 10, "b"),
        ["matrix"] = () => new Plot("Matrix")
        {
            XLabel = "predicted", YLabel = "true",
        }.HeatMap(Field(8), [.. "abcdefgh".Select(c => $"{c}")], [.. "abcdefgh".Select(c => $"class {c}")], showValues: true),
        ["field"] = () => new Plot("Field").HeatMap(Places(60), Places(60), Field(60)).Contour(Places(60), Places(60), Field(60), [0.0]),
        ["contour"] = () => new Plot("Contour")
        {
            ZLabel = "loss", XLabel = "x", YLabel = "y",
        }.Contour(Places(30), Places(30), Field(30)).Line([0, 0.5], [0, 0.5], "path").Arrow(0, 0, 0.5, 0.5).Text(0, 0, "saddle"),
        ["isolines"] = () => new Plot("Isolines").Contour(Places(30), Places(30), Field(30), 10, filled: false),
        ["surface"] = () => new Plot("Surface") { XLabel = "x", YLabel = "y", ZLabel = "z" }.Surface(Places(20), Places(20), Field(20)),
        ["from above"] = () => new Plot("Surface") { Azimuth = 200, Elevation = 70 }.Surface(Places(20), Places(20), Field(20)),
        ["many lines"] = () => Lines(14),
        ["grid"] = () => new PlotGrid("Grid", 2, Lines(2), Classes(), new Plot("third").Line(Rising)),
        ["empty"] = () => new Plot(),
        ["only NaN"] = () => new Plot("NaN").Line([double.NaN, double.NaN], "nothing"),
        ["one point"] = () => new Plot("One").Scatter([3], [1e-7], "only"),
        ["constant"] = () => new Plot("Constant").Line([5, 5, 5], "c"),
        ["constant field"] = () => new Plot("Constant field").HeatMap(new double[3, 3], showValues: true),
        ["flat contour"] = () => new Plot("Flat").Contour(Places(5), Places(5), new double[5, 5]),
        ["no cells"] = () => new Plot("No cells").HeatMap(new double[0, 0]),
        ["no bars"] = () => new Plot("No bars").Bar([], []),
        ["no values"] = () => new Plot("No values").Histogram([]),
        ["equal"] = () => new Plot("Equal") { EqualAspect = true }.Line([1, 4], [0, 0.5]),
        ["huge"] = () => new Plot("Huge").Line([-1e308, 1e308, 0]),
        ["tiny"] = () => new Plot("Tiny").Line([0, 1e-300, 3e-300]),
        ["small"] = () => new Plot("A small one with a title")
        {
            Width = 160, Height = 120, XLabel = "epoch", YLabel = "loss",
        }.Line(Rising, Falling(0), "training"),
    };

    public static double[] Falling(double shift) => [.. Rising.Select(e => Math.Exp(-e / 5) + shift)];

    public static double[] Places(int count) => [.. Enumerable.Range(0, count).Select(i => -1 + 2.0 * i / (count - 1))];

    /// <summary>x² − y².</summary>
    public static double[,] Field(int count)
    {
        double[] places = Places(count);
        double[,] z = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++) z[i, j] = places[j] * places[j] - places[i] * places[i];
        return z;
    }

    private static Plot Classes()
    {
        var plot = new Plot("Classes") { XLabel = "x₁", YLabel = "x₂" };
        for (int c = 0; c < 5; c++)
            plot.Scatter(
                [.. Rising.Select(r => Math.Sin(r * (c + 2)) + c)], [.. Rising.Select(r => Math.Cos(r * 1.7 * (c + 1)))], $"class {c}");
        return plot;
    }

    private static Plot Lines(int count)
    {
        var plot = new Plot("Many lines");
        for (int k = 0; k < count; k++) plot.Line([.. Rising.Select(r => Math.Sin(r / 3 + k))], $"series number {k}");
        return plot;
    }
}
