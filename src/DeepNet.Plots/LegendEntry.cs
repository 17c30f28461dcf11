namespace DeepNet.Plots;

/// <summary>
/// A line of a legend: a name, and how its swatch is drawn, <see cref="Legend.Swatch"/> wide, from x on about the height y.
/// </summary>
internal sealed record LegendEntry(string Name, Action<Svg, double, double> DrawKey);
