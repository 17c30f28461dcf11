namespace DeepNet.Plots;

/// <summary>Points, in shapes that change with the series, or coloured by a number of their own.</summary>
internal sealed class ScatterMark(double[] x, double[] y, double[]? shades, string? name, int color, double size) : Mark
{
    private const int Many = 5000;

    public override int Layer => 6;

    public override IEnumerable<LegendEntry> Entries => string.IsNullOrEmpty(name) || shades is not null ? [] :
        [new(name, (svg, left, middle) => DrawMarkers(svg, [(left + Legend.Swatch / 2, middle)], color, Math.Clamp(size, 5, 10)))];

    public override void Measure(Span spanX, Span spanY) => Span.Add(spanX, x, spanY, y);

    public override void MeasureColors(Span z)
    {
        if (shades is not null) z.Add(shades);
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        foreach (int i in Shown(frame))
        {
            var (px, py) = (frame.X.At(x[i]), frame.Y.At(y[i]));
            coverage.Fill(new Box(px - size / 2, py - size / 2, size, size));
        }
    }

    public override void Draw(Svg svg, Frame frame)
    {
        var shown = Shown(frame);
        if (shades is null || frame.Colors is null)
        {
            DrawMarkers(svg, shown.ConvertAll(i => (frame.X.At(x[i]), frame.Y.At(y[i]))), color, size, frame.OnMap);
            return;
        }
        if (frame.OnMap)
        {
            var edge = new PathData(1);
            foreach (int i in shown) edge.Dot(frame.X.At(x[i]), frame.Y.At(y[i]));
            svg.Path(edge.ToString(), "cs", $" style=\"stroke-width:{Svg.Number(size + 2.4)}\"");
        }
        // One path a colour keeps many points small.
        foreach (var group in shown.GroupBy(i => frame.Colors.At(shades[i])))
        {
            var path = new PathData();
            foreach (int i in group) path.Dot(frame.X.At(x[i]), frame.Y.At(y[i]));
            if (group.Key is { } shade) svg.Path(path.ToString(), "ln", $" style=\"stroke:{shade};stroke-width:{Svg.Number(size)}\"");
        }
    }

    public override string Describe() => $"{Named("points", name)}, {Reach(y)}";

    /// <summary>Dots, squares, diamonds, triangles, crosses: colour is not the only difference.</summary>
    public static void DrawMarkers(Svg svg, List<(double X, double Y)> points, int color, double size, bool edged = false)
    {
        var path = new PathData(points.Count > Many ? 1 : 2);
        int shape = color % 5;
        double r = size / 2;
        foreach (var (px, py) in points)
            _ = shape switch
            {
                1 => path.Rect(px - r * 0.88, py - r * 0.88, px + r * 0.88, py + r * 0.88),
                2 => path.Move(px, py - r * 1.2).Line(px + r * 1.2, py).Line(px, py + r * 1.2).Line(px - r * 1.2, py).Close(),
                3 => path.Move(px, py - r * 1.15).Line(px + r * 1.1, py + r * 0.85).Line(px - r * 1.1, py + r * 0.85).Close(),
                4 => path.Move(px - r * 0.8, py - r * 0.8).Line(px + r * 0.8, py + r * 0.8).Move(px + r * 0.8, py - r * 0.8)
                    .Line(px - r * 0.8, py + r * 0.8),
                _ => path.Dot(px, py),
            };
        string opacity = points.Count > 200
            ? $" fill-opacity=\"{(points.Count > 2000 ? ".5" : ".75")}\" stroke-opacity=\"{(points.Count > 2000 ? ".5" : ".75")}\""
            : "";
        if (edged)
            svg.Path(path.ToString(), "cs", $" style=\"stroke-width:{Svg.Number(shape switch { 0 => size + 2.4, 4 => 4.4, _ => 2.4 })}\"");
        if (shape is 0) svg.Path(path.ToString(), $"ln s{color % Theme.Colors}", $" style=\"stroke-width:{Svg.Number(size)}\"{opacity}");
        else if (shape is 4) svg.Path(path.ToString(), $"ln s{color % Theme.Colors}", opacity);
        else svg.Path(path.ToString(), $"f{color % Theme.Colors}", opacity);
    }

    /// <summary>The points to draw; of very many, the first in each small cell.</summary>
    private List<int> Shown(Frame frame)
    {
        var shown = new List<int>();
        var seen = x.Length > Many ? new HashSet<(int, int)>() : null;
        double cell = x.Length > 10 * Many ? size : Math.Max(2, size / 2);
        for (int i = 0; i < x.Length; i++)
        {
            double px = frame.X.At(x[i]), py = frame.Y.At(y[i]);
            if (!double.IsFinite(px) || !double.IsFinite(py)) continue;
            if (seen is null || seen.Add(((int)(px / cell), (int)(py / cell)))) shown.Add(i);
        }
        return shown;
    }
}
