namespace DeepNet.Plots;

/// <summary>The scale beside a map: which colour is which number.</summary>
internal sealed class ColorBar
{
    private const double Thickness = 14, Gap = 14;

    private readonly ColorScale scale;
    private readonly string label;

    public ColorBar(ColorScale scale, string label, double height)
    {
        this.scale = scale;
        this.label = Lettering.Fit(label, Lettering.LabelSize, height);
        scale.Axis.MakeTicks(Math.Clamp(height / 42, 2, 8));
        double widest = scale.Axis.Ticks.Where(t => t.Label is not null).Select(t => Lettering.Width(t.Label!, Lettering.TickSize))
            .DefaultIfEmpty(0).Max();
        Width = Gap + Thickness + 7 + widest + (label.Length > 0 ? 20 : 4);
    }

    public double Width { get; }

    public void Draw(Svg svg, Box area)
    {
        var bar = new Box(area.Right + Gap, area.Top, Thickness, area.Height);
        var axis = scale.Axis;
        (axis.Start, axis.End) = (bar.Bottom, bar.Top);
        if (scale.Levels is { } levels)
            for (int k = 0; k <= levels.Length; k++)
            {
                double bottom = k == 0 ? bar.Bottom : axis.At(levels[k - 1]), top = k == levels.Length ? bar.Top : axis.At(levels[k]);
                svg.Raw(
                    $"<rect x=\"{Svg.Number(bar.Left)}\" y=\"{Svg.Number(top)}\" width=\"{Svg.Number(bar.Width)}\" "
                        + $"height=\"{Svg.Number(bottom - top)}\" fill=\"{scale.Band(k)}\" shape-rendering=\"crispEdges\"/>");
            }
        else
        {
            string fill = svg.Gradient(Enumerable.Range(0, 17).Select(i => (i / 16.0, scale.Map.At(i / 16.0))));
            svg.Raw(
                $"<rect x=\"{Svg.Number(bar.Left)}\" y=\"{Svg.Number(bar.Top)}\" width=\"{Svg.Number(bar.Width)}\" "
                    + $"height=\"{Svg.Number(bar.Height)}\" fill=\"{fill}\"/>");
        }
        svg.Rect(bar, "ax");
        foreach (var tick in axis.Ticks)
        {
            double y = axis.At(tick.Value);
            svg.Line(bar.Right, y, bar.Right + (tick.Label is null ? 2 : 4), y, "ax");
            if (tick.Label is not null) svg.Text(bar.Right + 7, y + 4.3, tick.Label, "tk");
        }
        if (label.Length > 0) svg.Text(area.Right + Width - 4, bar.CenterY, label, "lb", "middle", -90);
    }
}
