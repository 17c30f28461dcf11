namespace DeepNet.Plots;

/// <summary>The area between two lines.</summary>
internal sealed class BandMark(double[] x, double[] low, double[] high, string? name, int color) : Mark
{
    public override int Layer => 2;

    public override IEnumerable<LegendEntry> Entries => string.IsNullOrEmpty(name) ? [] : [new(name,
        (svg, left, middle)
            => svg.Rect(new Box(left, middle - 6, Legend.Swatch, 12), $"f{color % Theme.Colors}", " fill-opacity=\".22\""))];

    public override void Measure(Span spanX, Span spanY)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(low[i]) || !double.IsFinite(high[i])) continue;
            spanX.Add(x[i]);
            spanY.Add(low[i]);
            spanY.Add(high[i]);
        }
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        foreach (var run in Runs(frame))
            foreach (var (px, bottom, top) in run) coverage.Segment(px, bottom, px, top);
    }

    public override void Draw(Svg svg, Frame frame)
    {
        var path = new PathData();
        foreach (var run in Runs(frame))
        {
            path.Move(run[0].X, run[0].High);
            for (int i = 1; i < run.Count; i++) path.Line(run[i].X, run[i].High);
            for (int i = run.Count - 1; i >= 0; i--) path.Line(run[i].X, run[i].Low);
            path.Close();
        }
        svg.Path(path.ToString(), $"f{color % Theme.Colors}", " fill-opacity=\".22\"");
    }

    public override string Describe() => $"{Named("band", name)}, from {Reach(low)} to {Reach(high)}";

    /// <summary>Unbroken pieces; of a column of pixels with many points the widest reach is kept.</summary>
    private List<List<(double X, double Low, double High)>> Runs(Frame frame)
    {
        var runs = new List<List<(double X, double Low, double High)>>();
        List<(double X, double Low, double High)>? run = null;
        bool many = x.Length > 2000;
        for (int i = 0; i < x.Length; i++)
        {
            var (px, bottom, top) = (frame.X.At(x[i]), frame.Y.At(low[i]), frame.Y.At(high[i]));
            // Where the lower edge has no logarithm, the band reaches down to the edge of the plot.
            if (double.IsNaN(bottom) && low[i] <= 0) bottom = frame.Y.Start;
            if (!double.IsFinite(px + bottom + top))
            {
                run = null;
                continue;
            }
            if (run is null) runs.Add(run = []);
            if (many && run.Count > 0 && Math.Floor(run[^1].X) == Math.Floor(px))
                run[^1] = (run[^1].X, Math.Max(run[^1].Low, bottom), Math.Min(run[^1].High, top));
            else run.Add((px, bottom, top));
        }
        return runs;
    }
}
