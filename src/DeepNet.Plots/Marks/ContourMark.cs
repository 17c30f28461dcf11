namespace DeepNet.Plots;

/// <summary>Lines of equal height, or bands between them.</summary>
internal sealed class ContourMark(double[] x, double[] y, double[,] z, int count, double[]? fixedLevels, bool filled) : Mark
{
    private (Frame Frame, Grid Grid)? made;

    private sealed record Grid(
        double[,] Heights, double[] Levels, double[] Scaled, List<(double X, double Y)>[] Longest,
        List<List<(double X, double Y)>>[] Lines);

    public override int Layer => filled ? 0 : 1;

    public bool Filled => filled;

    public override void Measure(Span spanX, Span spanY)
    {
        spanX.AddHard(x[0]);
        spanX.AddHard(x[^1]);
        spanY.AddHard(y[0]);
        spanY.AddHard(y[^1]);
    }

    public override void MeasureColors(Span span)
    {
        foreach (double value in z) span.AddHard(value);
    }

    /// <summary>The heights of the lines on a scale: round numbers strictly inside it.</summary>
    public double[] Levels(Axis scale)
    {
        double low = Math.Min(scale.Low, scale.High), high = Math.Max(scale.Low, scale.High);
        if (fixedLevels is not null) return [.. fixedLevels.Where(v => v > low && v < high)];
        if (scale.Scale == AxisScale.Linear) return Between(low, high);
        return [.. Between(Math.Log10(low), Math.Log10(high)).Select(v => Math.Pow(10, v))];
    }

    public override void Arrange(Frame frame)
    {
        if (filled) return;
        var grid = Of(frame);
        for (int k = 0; k < grid.Levels.Length; k++)
        {
            var line = grid.Longest[k];
            if (line.Count < 8) continue;
            var places = new List<(double, double, string)>();
            foreach (double part in (double[])[0.5, 0.3, 0.7, 0.15, 0.85])
            {
                var (px, py) = line[(int)(part * (line.Count - 1))];
                places.Add((px, py + 4, "middle"));
            }
            frame.Write(Compact.Number(grid.Levels[k]), places, must: false);
        }
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        if (filled) coverage.Fill(frame.Area);
        else
            foreach (var lines in Of(frame).Lines)
                foreach (var line in lines)
                    for (int i = 1; i < line.Count; i++) coverage.Segment(line[i - 1].X, line[i - 1].Y, line[i].X, line[i].Y);
    }

    public override void Draw(Svg svg, Frame frame)
    {
        var grid = Of(frame);
        if (filled && frame.Colors is { } colors)
        {
            // Each band is the region above its lower level, painted over the one before: no seams.
            svg.Path(Isolines.Region(grid.Heights, double.NegativeInfinity, ToPixels(frame)), "bd", $" fill=\"{colors.Band(0)}\"");
            for (int k = 0; k < grid.Levels.Length; k++)
                svg.Path(Isolines.Region(grid.Heights, grid.Scaled[k], ToPixels(frame)), "bd", $" fill=\"{colors.Band(k + 1)}\"");
        }
        for (int k = 0; k < grid.Levels.Length; k++)
        {
            var path = new PathData(decimals: 1);
            foreach (var line in grid.Lines[k])
            {
                bool closed = line.Count > 2 && line[0] == line[^1];
                path.Move(line[0].X, line[0].Y);
                for (int i = 1; i < line.Count - (closed ? 1 : 0); i++) path.Line(line[i].X, line[i].Y);
                if (closed) path.Close();
            }
            if (!filled && frame.OnMap) svg.Path(path.ToString(), "cs", " style=\"stroke-width:3\"");
            svg.Path(path.ToString(), filled ? "isk" : "iso");
        }
    }

    public override string Describe() => $"contour map over {x.Length} by {y.Length} points, {Reach([.. z.Cast<double>()])}";

    private double[] Between(double low, double high)
    {
        double step = Ticks.Step(high - low, count);
        var levels = new List<double>();
        for (double k = Math.Floor(low / step) + 1; k * step < high - 1e-9 * step && levels.Count < 200; k++) levels.Add(k * step);
        return [.. levels];
    }

    /// <summary>Computes what all steps of drawing share.</summary>
    private Grid Of(Frame frame)
    {
        if (made is not { } kept || kept.Frame != frame) made = (frame, Make(frame));
        return made.Value.Grid;
    }

    private Grid Make(Frame frame)
    {
        var scale = frame.Colors!.Axis;
        bool log = scale.Scale == AxisScale.Log;
        double[,] heights = new double[z.GetLength(0), z.GetLength(1)];
        for (int i = 0; i < z.GetLength(0); i++)
            for (int j = 0; j < z.GetLength(1); j++)
                heights[i, j] = !log ? z[i, j] : z[i, j] > 0 ? Math.Log10(z[i, j]) : z[i, j] == 0 ? Math.Log10(
                    Math.Min(scale.Low, scale.High)) : double.NaN;
        double[] levels = Levels(scale), scaled = log ? [.. levels.Select(Math.Log10)] : levels;
        var to = ToPixels(frame);
        var lines = scaled.Select(level => Isolines.Lines(heights, level).ConvertAll(line => line.ConvertAll(p => to(p.X, p.Y)))).ToArray();
        var longest = lines.Select(l => l.OrderByDescending(Length).FirstOrDefault() ?? []).ToArray();
        return new Grid(heights, levels, scaled, longest, lines);
    }

    private static double Length(List<(double X, double Y)> line)
    {
        double length = 0;
        for (int i = 1; i < line.Count; i++) length += Math.Abs(line[i].X - line[i - 1].X) + Math.Abs(line[i].Y - line[i - 1].Y);
        return length;
    }

    private Func<double, double, (double X, double Y)> ToPixels(Frame frame)
    {
        double[] px = [.. x.Select(frame.X.At)], py = [.. y.Select(frame.Y.At)];
        return (column, row) => (Along(px, column), Along(py, row));
    }

    private static double Along(double[] pixels, double place)
    {
        int i = Math.Min((int)place, pixels.Length - 1);
        return i == place ? pixels[i] : pixels[i] + (pixels[i + 1] - pixels[i]) * (place - i);
    }
}
