namespace DeepNet.Plots;

/// <summary>The names of the series, with their colours and shapes.</summary>
internal sealed class Legend
{
    public const double Swatch = 22;

    private const double Row = 19, Pad = 8, Gap = 7, Between = 16;

    private readonly List<LegendEntry> entries;
    private readonly DrawContext context;
    private readonly double most;

    public Legend(IEnumerable<LegendEntry> entries, double widest, DrawContext context)
    {
        (this.entries, this.context) = ([.. entries], context);
        most = Math.Max(40, widest - Swatch - Gap - 2 * Pad);
        Width = this.entries.Count == 0 ? 0 : 2 * Pad + Swatch + Gap + this.entries.Max(NameWidth);
        Height = this.entries.Count == 0 ? 0 : 2 * Pad + Row * this.entries.Count - 4;
    }

    public int Count => entries.Count;

    public double Width { get; }

    public double Height { get; }

    /// <summary>Returns the height when laid out in lines of a width.</summary>
    public double HeightBelow(double width) => Lines(width).Count * Row;

    /// <summary>A place in the area that covers nothing, or null.</summary>
    public Box? FindRoom(Coverage coverage, Box area)
    {
        const double Margin = 8;
        if (Width > area.Width * 0.75 || Height > area.Height * 0.8) return null;
        double right = area.Right - Width - Margin, left = area.Left + Margin, top = area.Top + Margin,
            bottom = area.Bottom - Height - Margin;
        foreach (var (x, y) in ((double, double)[])[(right, top), (left, top), (right, bottom), (left, bottom),
            (right, area.CenterY - Height / 2), (left, area.CenterY - Height / 2), (area.CenterX - Width / 2, top),
                (area.CenterX - Width / 2, bottom)])
        {
            var box = new Box(x, y, Width, Height);
            if (coverage.Count(new Box(x - 3, y - 3, Width + 6, Height + 6)) == 0) return box;
        }
        return null;
    }

    public Box Corner(LegendPlace place, Box area)
    {
        const double Margin = 8;
        double x = place is LegendPlace.TopLeft or LegendPlace.BottomLeft ? area.Left + Margin : area.Right - Width - Margin;
        double y = place is LegendPlace.TopLeft or LegendPlace.TopRight ? area.Top + Margin : area.Bottom - Height - Margin;
        return new Box(x, y, Width, Height);
    }

    /// <summary>One name under the other.</summary>
    public void DrawColumn(Svg svg, Box box, bool framed)
    {
        if (framed) svg.Rect(box, "bg", " rx=\"4\" fill-opacity=\".85\"");
        for (int i = 0; i < entries.Count; i++) DrawEntry(svg, entries[i], box.Left + Pad, box.Top + Pad + Row * i + 7);
    }

    /// <summary>Side by side, in centred lines.</summary>
    public void DrawBelow(Svg svg, double left, double top, double width)
    {
        double y = top + 8;
        foreach (var line in Lines(width))
        {
            double x = left + Math.Max(0, (width - line.Sum(EntryWidth) + Between) / 2);
            foreach (var entry in line)
            {
                DrawEntry(svg, entry, x, y);
                x += EntryWidth(entry);
            }
            y += Row;
        }
    }

    private void DrawEntry(Svg svg, LegendEntry entry, double x, double middle)
    {
        entry.DrawKey(svg, x, middle);
        svg.Text(x + Swatch + Gap, middle + 4.3, Lettering.Fit(context.Say(entry.Name), Lettering.TickSize, most), "tk");
    }

    /// <summary>Returns the room of a name, in the language where it is widest.</summary>
    private double NameWidth(LegendEntry entry)
        => context.Languages.Max(say => Lettering.Width(Lettering.Fit(say(entry.Name), Lettering.TickSize, most), Lettering.TickSize));

    private double EntryWidth(LegendEntry entry) => Swatch + Gap + NameWidth(entry) + Between;

    private List<List<LegendEntry>> Lines(double width)
    {
        var lines = new List<List<LegendEntry>>();
        double used = double.PositiveInfinity;
        foreach (var entry in entries)
        {
            if (used + EntryWidth(entry) > width + Between)
            {
                lines.Add([]);
                used = 0;
            }
            lines[^1].Add(entry);
            used += EntryWidth(entry);
        }
        return lines;
    }
}
