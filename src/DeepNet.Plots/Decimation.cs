namespace DeepNet.Plots;

/// <summary>
/// Thins a line to what a screen can show. Peaks stay: of each column of pixels the first, lowest, highest and last point are kept.
/// </summary>
internal static class Decimation
{
    private const int Harmless = 2000;

    /// <summary>Unbroken runs of points, in pixels; a point that is no number ends a run.</summary>
    public static List<List<(double X, double Y)>> Runs(double[] x, double[] y, Frame frame)
    {
        var runs = new List<List<(double X, double Y)>>();
        var run = new List<(double X, double Y)>();
        for (int i = 0; i <= x.Length; i++)
        {
            double px = i < x.Length ? frame.X.At(x[i]) : double.NaN, py = i < x.Length ? frame.Y.At(y[i]) : double.NaN;
            if (double.IsFinite(px) && double.IsFinite(py)) run.Add((px, py));
            else if (run.Count > 0)
            {
                runs.Add(run.Count > Harmless ? Thin(run) : run);
                run = [];
            }
        }
        return runs;
    }

    private static List<(double X, double Y)> Thin(List<(double X, double Y)> run)
    {
        for (int i = 1; i < run.Count; i++)
            if (run[i].X < run[i - 1].X) return ByDistance(run);
        return ByColumn(run);
    }

    private static List<(double X, double Y)> ByColumn(List<(double X, double Y)> run)
    {
        var kept = new List<(double X, double Y)>();
        Span<int> four = stackalloc int[4];
        for (int start = 0; start < run.Count;)
        {
            double column = Math.Floor(run[start].X);
            int low = start, high = start, end = start;
            for (; end < run.Count && Math.Floor(run[end].X) == column; end++)
            {
                if (run[end].Y < run[low].Y) low = end;
                if (run[end].Y > run[high].Y) high = end;
            }
            (four[0], four[1], four[2], four[3]) = (start, Math.Min(low, high), Math.Max(low, high), end - 1);
            for (int k = 0; k < 4; k++)
                if (k == 0 || four[k] != four[k - 1]) kept.Add(run[four[k]]);
            start = end;
        }
        return kept;
    }

    /// <summary>A line that turns back, such as a path over a plane: steps shorter than the eye sees are joined.</summary>
    private static List<(double X, double Y)> ByDistance(List<(double X, double Y)> run)
    {
        for (double shortest = 0.3; ; shortest *= 2)
        {
            var kept = new List<(double X, double Y)> { run[0] };
            for (int i = 1; i < run.Count; i++)
            {
                var (dx, dy) = (run[i].X - kept[^1].X, run[i].Y - kept[^1].Y);
                if (dx * dx + dy * dy >= shortest * shortest || i == run.Count - 1) kept.Add(run[i]);
            }
            if (kept.Count <= 8 * Harmless || shortest > 4) return kept;
        }
    }
}
