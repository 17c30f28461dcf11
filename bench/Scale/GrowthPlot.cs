using DeepNet.Plots;

namespace DeepNet.Bench.Scale;

/// <summary>Time and memory over size, in parts of those of the largest size, on logarithmic axes; dashed, what is expected.</summary>
internal static class GrowthPlot
{
    public static Figure Of(IEnumerable<Curve> curves) => new PlotGrid(null, 2, curves.Where(c => c.Growth.Sizes.Length > 1).Select(One));

    private static Plot One(Curve curve)
    {
        double[] sizes = [.. curve.Growth.Sizes.Select(size => (double)size)];
        var plot = new Plot(curve.Growth.Name)
        {
            XLabel = curve.Growth.Size, YLabel = "part of the largest size's", Width = 480, Height = 300,
            XScale = AxisScale.Log, YScale = AxisScale.Log,
        };
        foreach (var (name, values, exponent, color) in new[]
        {
            ("time", curve.Seconds, curve.Growth.Time, 0), ("memory", curve.Bytes, curve.Growth.Memory, 1),
        })
        {
            plot.Line(sizes, [.. values.Select(v => v / values[^1])], name, color: color, markers: true);
            plot.Line(sizes, [.. sizes.Select(s => Math.Pow(s / sizes[^1], exponent))], null, LineStyle.Dashed, color);
        }
        return plot;
    }
}
