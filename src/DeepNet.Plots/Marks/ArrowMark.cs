namespace DeepNet.Plots;

/// <summary>An arrow between two points.</summary>
internal sealed class ArrowMark(double x0, double y0, double x1, double y1, int? color) : Mark
{
    public override int Layer => 7;

    public override void Measure(Span x, Span y)
    {
        x.Add(x0);
        x.Add(x1);
        y.Add(y0);
        y.Add(y1);
    }

    public override void Cover(Coverage coverage, Frame frame)
        => coverage.Segment(frame.X.At(x0), frame.Y.At(y0), frame.X.At(x1), frame.Y.At(y1));

    public override void Draw(Svg svg, Frame frame)
    {
        double ax = frame.X.At(x0), ay = frame.Y.At(y0), bx = frame.X.At(x1), by = frame.Y.At(y1);
        double length = Math.Sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
        if (!double.IsFinite(length)) return;
        string stroke = color is { } c ? $"s{c % Theme.Colors}" : "iso", ink = color is { } f ? $"f{f % Theme.Colors}" : "ik";
        if (length < 0.5) return;
        double head = Math.Min(9, length * 0.6), ux = (bx - ax) / length, uy = (by - ay) / length, half = head * 0.4;
        double nx = bx - ux * head, ny = by - uy * head;
        string shaft = new PathData().Move(ax, ay).Line(nx, ny).ToString(),
            point = new PathData().Move(bx, by).Line(nx - uy * half, ny + ux * half).Line(nx + uy * half, ny - ux * half).Close()
                .ToString();
        if (frame.OnMap) svg.Path(shaft + point, "cs");
        svg.Path(shaft, stroke, " style=\"stroke-width:1.6\"");
        svg.Path(point, ink);
    }

    public override string Describe()
        => $"arrow from ({Compact.Number(x0)}, {Compact.Number(y0)}) to ({Compact.Number(x1)}, {Compact.Number(y1)})";
}
