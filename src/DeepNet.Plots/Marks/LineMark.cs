namespace DeepNet.Plots;

/// <summary>Points joined by a line, with gaps where a number is missing.</summary>
internal sealed class LineMark(double[] x, double[] y, string? name, LineStyle style, int color, bool markers) : Mark
{
    public override int Layer => 5;

    private string Css => $"ln s{color % Theme.Colors}";

    // Beyond the last colour they begin again, dashed.
    private string Dash => (style, color / Theme.Colors) switch
    {
        (LineStyle.Dotted, _) => " stroke-dasharray=\"1 4\"",
        (LineStyle.Dashed, _) => " stroke-dasharray=\"6 4\"",
        (_, 0) => "",
        (_, 1) => " stroke-dasharray=\"9 3\"",
        _ => " stroke-dasharray=\"9 3 2 3\"",
    };

    public override IEnumerable<LegendEntry> Entries => string.IsNullOrEmpty(name) ? [] : [new(name, (svg, left, middle) =>
    {
        svg.Path(new PathData().Move(left, middle).Line(left + Legend.Swatch, middle).ToString(), Css, Dash);
        if (markers) ScatterMark.DrawMarkers(svg, [(left + Legend.Swatch / 2, middle)], color, 6);
    })];

    public override void Measure(Span spanX, Span spanY) => Span.Add(spanX, x, spanY, y);

    public override void Cover(Coverage coverage, Frame frame)
    {
        foreach (var run in Decimation.Runs(x, y, frame))
            for (int i = 0; i < run.Count; i++) coverage.Segment(run[Math.Max(0, i - 1)].X, run[Math.Max(0, i - 1)].Y, run[i].X, run[i].Y);
    }

    public override void Draw(Svg svg, Frame frame)
    {
        var path = new PathData();
        var points = new List<(double X, double Y)>();
        foreach (var run in Decimation.Runs(x, y, frame))
        {
            if (run.Count == 1) path.Dot(run[0].X, run[0].Y);
            else path.Move(run[0].X, run[0].Y);
            for (int i = 1; i < run.Count; i++) path.Line(run[i].X, run[i].Y);
            if (markers) AddApart(points, run);
            else if (run.Count == 1) points.Add(run[0]);
        }
        if (frame.OnMap) svg.Path(path.ToString(), "cs");
        svg.Path(path.ToString(), Css, Dash);
        if (points.Count > 0) ScatterMark.DrawMarkers(svg, points, color, markers ? 6 : 4, frame.OnMap);
    }

    /// <summary>Markers that would run into each other make a blot: those too near the one before are left out.</summary>
    private static void AddApart(List<(double X, double Y)> points, List<(double X, double Y)> run)
    {
        const double Apart = 7;
        (double X, double Y) last = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var point in run)
        {
            if (Math.Abs(point.X - last.X) < Apart && Math.Abs(point.Y - last.Y) < Apart) continue;
            points.Add(point);
            last = point;
        }
    }

    public override string Describe() => $"{Named("line", name)}, {Reach(y)}";
}
