namespace DeepNet.Plots;

public sealed partial class Plot
{
    /// <summary>Points joined in their order.</summary>
    /// <param name="x">The horizontal positions; need not be sorted.</param>
    /// <param name="y">The vertical positions; NaN breaks the line.</param>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="style">The stroke.</param>
    /// <param name="color">The number of its colour, from 0; the next one if left out.</param>
    /// <param name="markers">Shows the points as well.</param>
    public Plot Line(
        IReadOnlyList<double> x, IReadOnlyList<double> y, string? name = null, LineStyle style = LineStyle.Solid, int? color = null,
        bool markers = false)
    {
        double[] xs = Copy(x), ys = Copy(y);
        CheckSame("line", "x", xs.Length, "y", ys.Length);
        marks.Add(new LineMark(xs, ys, name, style, NextColor(color), markers));
        return this;
    }

    /// <summary>Numbers over 0, 1, 2…</summary>
    public Plot Line(
        IReadOnlyList<double> y, string? name = null, LineStyle style = LineStyle.Solid, int? color = null, bool markers = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Line([.. Enumerable.Range(0, y.Count).Select(i => (double)i)], y, name, style, color, markers);
    }

    /// <summary>Points.</summary>
    /// <param name="x">The horizontal positions.</param>
    /// <param name="y">The vertical positions.</param>
    /// <param name="name">Their name in the legend.</param>
    /// <param name="values">Colours them by a number each, with a scale beside the plot (<see cref="ZLabel"/>); none: one colour.</param>
    /// <param name="color">The number of their colour, from 0; the next one if left out.</param>
    /// <param name="size">Pixels across; smaller for many points if left out.</param>
    public Plot Scatter(
        IReadOnlyList<double> x, IReadOnlyList<double> y, string? name = null, IReadOnlyList<double>? values = null, int? color = null,
        double? size = null)
    {
        double[] xs = Copy(x), ys = Copy(y);
        CheckSame("scatter", "x", xs.Length, "y", ys.Length);
        double[]? shades = values is null ? null : Copy(values);
        if (shades is not null) CheckSame("scatter", "x", xs.Length, "values", shades.Length);
        marks.Add(
            new ScatterMark(
                xs, ys, shades, name, shades is null ? NextColor(color) : 0, size ?? (xs.Length > 2000 ? 3.5 : xs.Length > 300 ? 5 : 6.5)));
        return this;
    }

    /// <summary>A bar for each label. Several calls stand side by side in groups; other marks meet them at 0, 1, 2…</summary>
    /// <param name="labels">The names of the bars.</param>
    /// <param name="values">The heights; negative ones hang down.</param>
    /// <param name="name">The name of the series in the legend.</param>
    /// <param name="errors">Whiskers: so much up and down.</param>
    /// <param name="color">The number of their colour, from 0; the next one if left out.</param>
    public Plot Bar(
        IReadOnlyList<string> labels, IReadOnlyList<double> values, string? name = null, IReadOnlyList<double>? errors = null,
        int? color = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        double[] heights = Copy(values);
        CheckSame("bar", "labels", labels.Count, "values", heights.Length);
        double[]? whiskers = errors is null ? null : Copy(errors);
        if (whiskers is not null) CheckSame("bar", "values", heights.Length, "errors", whiskers.Length);
        var bars = marks.OfType<BarMark>().FirstOrDefault();
        if (bars is null) marks.Add(bars = new BarMark());
        bars.Add([.. labels], heights, whiskers, name, NextColor(color));
        return this;
    }

    /// <summary>
    /// Draws a histogram of values in equal bins. Several calls are counted in the same bins (those of the first), and overlap.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="bins">The number of bins.</param>
    /// <param name="name">The name of the series in the legend.</param>
    /// <param name="density">Scales the bars so that their area is 1.</param>
    /// <param name="color">The number of their colour, from 0; the next one if left out.</param>
    public Plot Histogram(IReadOnlyList<double> values, int bins = 30, string? name = null, bool density = false, int? color = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double[] counted = Copy(values);
        var histogram = marks.OfType<HistogramMark>().FirstOrDefault();
        if (histogram is null) marks.Add(histogram = new HistogramMark(bins, density, () => XScale));
        histogram.Add(counted, name, NextColor(color));
        return this;
    }

    /// <summary>The area between two lines, such as a spread about a mean.</summary>
    /// <param name="x">The horizontal positions.</param>
    /// <param name="low">The lower line.</param>
    /// <param name="high">The upper line.</param>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="color">The number of its colour; that of the last series before it if left out.</param>
    public Plot Band(IReadOnlyList<double> x, IReadOnlyList<double> low, IReadOnlyList<double> high, string? name = null, int? color = null)
    {
        double[] xs = Copy(x), lows = Copy(low), highs = Copy(high);
        CheckSame("band", "x", xs.Length, "low", lows.Length);
        CheckSame("band", "x", xs.Length, "high", highs.Length);
        marks.Add(new BandMark(xs, lows, highs, name, NextColor(color ?? Math.Max(0, colors - 1))));
        return this;
    }

    /// <summary>A dashed line across the plot, with its name on it.</summary>
    public Plot HorizontalLine(double y, string? name = null)
    {
        marks.Add(new ReferenceMark(y, vertical: false, name));
        return this;
    }

    /// <summary>A dashed line up the plot, with its name on it.</summary>
    public Plot VerticalLine(double x, string? name = null)
    {
        marks.Add(new ReferenceMark(x, vertical: true, name));
        return this;
    }

    /// <summary>An arrow from one point to another.</summary>
    /// <param name="x0">The start.</param>
    /// <param name="y0">The start.</param>
    /// <param name="x1">The end, with the head.</param>
    /// <param name="y1">The end, with the head.</param>
    /// <param name="color">The number of its colour; that of text if left out.</param>
    public Plot Arrow(double x0, double y0, double x1, double y1, int? color = null)
    {
        marks.Add(new ArrowMark(x0, y0, x1, y1, color is null ? null : NextColor(color)));
        return this;
    }

    /// <summary>Words beside a point.</summary>
    public Plot Text(double x, double y, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        marks.Add(new TextMark(x, y, text));
        return this;
    }
}
