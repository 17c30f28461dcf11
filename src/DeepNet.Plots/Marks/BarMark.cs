namespace DeepNet.Plots;

/// <summary>All bars of a plot: a group for each label, a bar in it for each series.</summary>
internal sealed class BarMark : Mark
{
    private readonly List<string> labels = [];
    private readonly List<Series> series = [];

    private sealed record Series(Dictionary<int, (double Value, double Error)> Bars, string? Name, int Color);

    public override int Layer => 3;

    public IReadOnlyList<string> Labels => labels;

    public override IEnumerable<LegendEntry> Entries
        => series.Where(s => !string.IsNullOrEmpty(s.Name)).Select(s => new LegendEntry(s.Name!,
        (svg, left, middle) => svg.Rect(new Box(left + 4, middle - 6, Legend.Swatch - 8, 12), $"f{s.Color % Theme.Colors}")));

    public void Add(IReadOnlyList<string> names, double[] values, double[]? errors, string? name, int color)
    {
        var bars = new Dictionary<int, (double, double)>();
        for (int i = 0; i < values.Length; i++)
        {
            int place = labels.IndexOf(names[i]);
            if (place < 0 || bars.ContainsKey(place))
            {
                place = labels.Count;
                labels.Add(names[i]);
            }
            bars[place] = (values[i], errors?[i] ?? double.NaN);
        }
        series.Add(new Series(bars, name, color));
    }

    public override void Measure(Span x, Span y)
    {
        if (labels.Count > 0) x.AddHard(-0.5);
        if (labels.Count > 0) x.AddHard(labels.Count - 0.5);
        y.AddHard(0);
        foreach (var s in series)
            foreach (var (value, error) in s.Bars.Values)
            {
                y.Add(value);
                y.Add(value + error);
                y.Add(value - error);
            }
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        foreach (var (box, _, _, _, _) in Boxes(frame)) coverage.Fill(box);
    }

    public override void Draw(Svg svg, Frame frame)
    {
        foreach (var group in Boxes(frame).GroupBy(b => b.Color))
        {
            var path = new PathData();
            var whiskers = new PathData();
            foreach (var (box, _, value, error, _) in group)
            {
                path.Rect(box.Left, box.Top, box.Right, box.Bottom);
                if (!(error > 0)) continue;
                double low = frame.Y.At(value - error), high = frame.Y.At(value + error), cap = Math.Min(5, box.Width / 3);
                if (double.IsNaN(low)) low = frame.Area.Bottom;
                whiskers.Move(box.CenterX, low).Line(box.CenterX, high).Move(box.CenterX - cap, low).Line(box.CenterX + cap, low)
                    .Move(box.CenterX - cap, high).Line(box.CenterX + cap, high);
            }
            svg.Path(path.ToString(), $"f{group.Key % Theme.Colors}");
            svg.Path(whiskers.ToString(), "wh0");
            svg.Path(whiskers.ToString(), "wh");
        }
    }

    public override string Describe()
        => string.Join(
            "; ", series.Select(
                s => Named("bars", s.Name) + ", "
                + string.Join(", ", s.Bars.Take(12).Select(b => $"{labels[b.Key]} {Compact.Number(b.Value.Value)}"))));

    private IEnumerable<(Box Box, int Color, double Value, double Error, int Place)> Boxes(Frame frame)
    {
        double width = 0.8 / series.Count;
        // On a log axis a bar stands on the edge of the plot: there is no zero.
        double zero = frame.Y.At(0) is var z && double.IsFinite(z) ? z : frame.Y.Start;
        for (int k = 0; k < series.Count; k++)
            foreach (var (place, (value, error)) in series[k].Bars)
            {
                double left = frame.X.At(place - 0.4 + k * width), right = frame.X.At(place - 0.4 + (k + 1) * width),
                    top = frame.Y.At(value);
                if (!double.IsFinite(top)) continue;
                double gap = right - left > 8 ? 1 : 0;
                yield return (new Box(left, Math.Min(top, zero), right - left - gap, Math.Abs(top - zero)), series[k].Color, value,
                    error, place);
            }
    }
}
