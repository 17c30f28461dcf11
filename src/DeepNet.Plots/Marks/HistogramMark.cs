namespace DeepNet.Plots;

/// <summary>All histograms of a plot, counted in the same bins so that they can be compared.</summary>
internal sealed class HistogramMark(int bins, bool density, Func<AxisScale> scale) : Mark
{
    private readonly List<(double[] Values, string? Name, int Color)> series = [];

    public override int Layer => 3;

    public override IEnumerable<LegendEntry> Entries
        => series.Where(s => !string.IsNullOrEmpty(s.Name)).Select(s => new LegendEntry(s.Name!,
        (svg, left, middle) => svg.Rect(new Box(left + 4, middle - 6, Legend.Swatch - 8, 12), $"f{s.Color % Theme.Colors}", Opacity)));

    private string Opacity => series.Count > 1 ? " fill-opacity=\".55\"" : "";

    public void Add(double[] values, string? name, int color) => series.Add((values, name, color));

    public override void Measure(Span x, Span y)
    {
        double[] edges = Edges();
        if (edges.Length == 0) return;
        x.AddHard(edges[0]);
        x.AddHard(edges[^1]);
        x.Add(double.NaN);
        y.AddHard(0);
        foreach (var (values, _, _) in series)
        {
            double[] heights = Heights(values, edges);
            y.Add(heights);
            if (y.Scale == AxisScale.Log) y.AddHard(density ? heights.Where(h => h > 0).DefaultIfEmpty(1).Min() / 2 : 0.7);
        }
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        foreach (var (_, boxes) in Boxes(frame))
            foreach (var box in boxes) coverage.Fill(box);
    }

    public override void Draw(Svg svg, Frame frame)
    {
        foreach (var (color, boxes) in Boxes(frame))
        {
            var path = new PathData();
            foreach (var box in boxes)
                if (box.Height > 0) path.Rect(box.Left, box.Top, box.Right, box.Bottom);
            svg.Path(path.ToString(), $"f{color % Theme.Colors}", Opacity);
        }
    }

    public override string Describe() => string.Join("; ", series.Select(s => $"{Named("histogram", s.Name)}, {Reach(s.Values)}"));

    private List<(int Color, List<Box> Boxes)> Boxes(Frame frame)
    {
        double[] edges = Edges();
        double zero = frame.Y.At(0) is var z && double.IsFinite(z) ? z : frame.Y.Start;
        var all = new List<(int, List<Box>)>();
        if (edges.Length == 0) return all;
        foreach (var (values, _, color) in series)
        {
            double[] heights = Heights(values, edges);
            var boxes = new List<Box>();
            for (int i = 0; i < heights.Length; i++)
            {
                double left = frame.X.At(edges[i]), right = frame.X.At(edges[i + 1]), top = frame.Y.At(heights[i]);
                double gap = series.Count == 1 && right - left > 4 ? 1 : 0;
                if (double.IsFinite(top)) boxes.Add(new Box(left, Math.Min(top, zero), right - left - gap, Math.Abs(zero - top)));
            }
            all.Add((color, boxes));
        }
        return all;
    }

    /// <summary>Equal bins over all values of all series; on a log axis equal in ratio.</summary>
    private double[] Edges()
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var (values, _, _) in series)
            foreach (double v in values)
                if (double.IsFinite(v) && (scale() == AxisScale.Linear || v > 0)) (low, high) = (Math.Min(low, v), Math.Max(high, v));
        if (low > high) return [];
        if (scale() == AxisScale.Log)
        {
            if (low == high) (low, high) = (low / 1.5, high * 1.5);
            return [.. Enumerable.Range(0, bins + 1)
                .Select(i => i == 0 ? low : i == bins ? high : low * Math.Pow(high / low, (double)i / bins))];
        }
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        return [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + (high - low) * i / bins)];
    }

    /// <summary>Each bin holds its lower edge, the last its upper one too.</summary>
    private double[] Heights(double[] values, double[] edges)
    {
        double[] heights = new double[bins];
        int count = 0;
        foreach (double v in values)
        {
            if (!(v >= edges[0] && v <= edges[^1])) continue;
            int place = Array.BinarySearch(edges, v);
            if (place < 0) place = ~place - 1;
            heights[Math.Min(place, bins - 1)]++;
            count++;
        }
        if (density)
            for (int i = 0; i < bins; i++) heights[i] = count == 0 ? 0 : heights[i] / count / (edges[i + 1] - edges[i]);
        return heights;
    }
}
