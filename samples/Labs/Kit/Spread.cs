namespace DeepNet.Labs.Kit;

/// <summary>A number as it came out in several trials.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    public IReadOnlyList<double> Values { get; } = [.. values];

    public double Mean => Values.Average();

    public double Min => Values.Min();

    public double Max => Values.Max();

    /// <summary>The share of trials in which the number is above a bound.</summary>
    public double ShareAbove(double bound) => Values.Count(v => v > bound) / (double)Values.Count;

    /// <summary>The mean as a percentage, with the least and the greatest where there is more than one trial: 71 % (68 to 75).</summary>
    public string Percent(string digits = "0") => Of(100, digits, " %");

    /// <summary>The mean, with the least and the greatest where there is more than one trial: 2.1 (1.8 to 2.5).</summary>
    public string Number(string digits = "0.00") => Of(1, digits, "");

    private string Of(double scale, string digits, string unit)
    {
        string Text(double v) => (scale * v).ToString(digits);
        return Text(Mean) + unit + (Values.Count > 1 ? $" ({Text(Min)} to {Text(Max)})" : "");
    }
}

/// <summary>Draws spreads: the mean as a line, and from the least to the greatest a band.</summary>
internal static class SpreadPlot
{
    public static Plot Spreads(
        this Plot plot, IReadOnlyList<double> x, IReadOnlyList<Spread> spreads, string name, int color, LineStyle style = LineStyle.Solid)
        => plot.Band(x, [.. spreads.Select(s => s.Min)], [.. spreads.Select(s => s.Max)], color: color)
            .Line(x, [.. spreads.Select(s => s.Mean)], name, style, color, markers: spreads.Count <= 20);
}
