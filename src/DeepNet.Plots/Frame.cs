namespace DeepNet.Plots;

/// <summary>
/// Represents the area in which the marks of one plot are drawn: its axes, the area between them, the scale of colours, and the words
/// inside.
/// </summary>
internal sealed class Frame(Axis x, Axis y, Box area, ColorScale? colors, DrawContext context)
{
    private readonly List<(string Text, double X, double Y, string Anchor)> words = [];

    public Axis X { get; } = x;

    public Axis Y { get; } = y;

    public Box Area { get; } = area;

    public ColorScale? Colors { get; } = colors;

    public List<Box> Boxes { get; } = [];

    /// <summary>Gets the parts that hold data; words keep clear of them if they can.</summary>
    public Coverage Coverage { get; } = new(area);

    /// <summary>Gets a value that is true if the whole area is coloured, so that what is drawn on it needs an edge to be seen.</summary>
    public bool OnMap { get; init; }

    /// <summary>
    /// Puts text at that of some baseline points where it stays inside, covers no other text and the least data; at the first of all if
    /// there is none and it must appear.
    /// </summary>
    public void Write(string text, IReadOnlyList<(double X, double Y, string Anchor)> places, bool must = true)
    {
        text = context.Say(text);
        double width = Math.Min(Lettering.Width(text, Lettering.TickSize), Area.Width);
        text = Lettering.Fit(text, Lettering.TickSize, Area.Width);
        (int Covered, double X, double Y, string Anchor, Box Box)? best = null;
        foreach (var (px, py, anchor) in places)
        {
            var box = BoxOf(px, py, anchor, width);
            if (box.Left < Area.Left || box.Right > Area.Right || box.Top < Area.Top || box.Bottom > Area.Bottom
                || Boxes.Exists(b => Overlap(b, box))) continue;
            int covered = must ? Coverage.Count(box) : 0;
            if (best is null || covered < best.Value.Covered) best = (covered, px, py, anchor, box);
            if (covered == 0) break;
        }
        if (best is { } found) Keep(text, found.X, found.Y, found.Anchor, found.Box);
        if (best is not null || !must || places.Count == 0) return;
        var (x, y, side) = places[0];
        var first = BoxOf(x, y, side, width);
        x += Math.Max(0, Area.Left - first.Left) - Math.Max(0, first.Right - Area.Right);
        y += Math.Max(0, Area.Top - first.Top) - Math.Max(0, first.Bottom - Area.Bottom);
        Keep(text, x, y, side, BoxOf(x, y, side, width));
    }

    public void DrawWords(Svg svg)
    {
        foreach (var (text, px, py, anchor) in words) svg.Text(px, py, text, "nt", anchor);
    }

    public static bool Overlap(Box a, Box b) => a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom;

    private static Box BoxOf(double x, double y, string anchor, double width)
        => new(anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x, y - 11, width, 15);

    private void Keep(string text, double x, double y, string anchor, Box box)
    {
        words.Add((text, x, y, anchor));
        Boxes.Add(box);
    }
}
