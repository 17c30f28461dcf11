using System.Text;

namespace DeepNet.Plots;

/// <summary>Draws a landscape: walls and floor with their grids, then patches from far to near.</summary>
internal static class SurfacePainter
{
    private const int MostPatches = 50;      // each way; more would not be seen

    public static void Draw(Svg svg, Box box, Plot plot, SurfaceMark surface)
    {
        var (spanX, spanY, spanZ) = (new Span(plot.XScale), new Span(plot.YScale), new Span(plot.ZScale));
        surface.Measure(spanX, spanY);
        surface.MeasureColors(spanZ);
        Axis x = spanX.ToAxis(null, null, null, false), y = spanY.ToAxis(null, null, null, false),
            z = spanZ.ToAxis(plot.ZMin, plot.ZMax, null, false);
        (x.Start, x.End, y.Start, y.End, z.Start, z.End) = (-1, 1, -1, 1, -View.Top, View.Top);
        var title = Lettering.Wrap(plot.Title, Lettering.TitleMeasure, box.Width - 20, 3);
        var area = box.Shrink(66, PlotLayout.TitleHeight(title.Count) + 4, 52, 48);
        var view = new View(plot.Azimuth, plot.Elevation, area);
        double target = Math.Clamp(Math.Min(area.Width, area.Height) / 60, 3, 6);
        x.MakeTicks(target);
        y.MakeTicks(target);
        z.MakeTicks(target);
        DrawWalls(svg, view, x, y, z);
        DrawPatches(svg, view, surface, x, y, z, new ColorScale(z, plot.ColorMap ?? ColorMap.Sequential));
        DrawLabels(svg, box, view, x, y, z, plot);
        PlotLayout.DrawTitle(svg, box, title, area);
    }

    private static void DrawWalls(Svg svg, View view, Axis x, Axis y, Axis z)
    {
        var lines = new PathData();
        void Line(double x0, double y0, double z0, double x1, double y1, double z1)
        {
            var (p, q) = (view.See(x0, y0, z0), view.See(x1, y1, z1));
            lines.Move(p.X, p.Y).Line(q.X, q.Y);
        }
        foreach (double at in Named(x).Select(t => x.At(t.Value)))
        {
            Line(at, -1, -View.Top, at, 1, -View.Top);
            Line(at, view.FarY, -View.Top, at, view.FarY, View.Top);
        }
        foreach (double at in Named(y).Select(t => y.At(t.Value)))
        {
            Line(-1, at, -View.Top, 1, at, -View.Top);
            Line(view.FarX, at, -View.Top, view.FarX, at, View.Top);
        }
        foreach (double at in Named(z).Select(t => z.At(t.Value)))
        {
            Line(-1, view.FarY, at, 1, view.FarY, at);
            Line(view.FarX, -1, at, view.FarX, 1, at);
        }
        svg.Path(lines.ToString(), "gr");
        lines = new PathData();
        foreach (double height in (double[])[-View.Top, View.Top])
        {
            Line(-1, view.FarY, height, 1, view.FarY, height);
            Line(view.FarX, -1, height, view.FarX, 1, height);
        }
        Line(view.FarX, view.FarY, -View.Top, view.FarX, view.FarY, View.Top);
        Line(-view.FarX, view.FarY, -View.Top, -view.FarX, view.FarY, View.Top);
        Line(view.FarX, -view.FarY, -View.Top, view.FarX, -view.FarY, View.Top);
        Line(-1, -view.FarY, -View.Top, 1, -view.FarY, -View.Top);
        Line(-view.FarX, -1, -View.Top, -view.FarX, 1, -View.Top);
        svg.Path(lines.ToString(), "ax");
    }

    private static void DrawPatches(Svg svg, View view, SurfaceMark surface, Axis x, Axis y, Axis z, ColorScale colors)
    {
        int[] columns = Chosen(surface.X.Length), rows = Chosen(surface.Y.Length);
        var patches = new List<(double Near, string Element)>();
        var text = new StringBuilder();
        Span<(double X, double Y, double Z)> at = stackalloc (double, double, double)[4];
        for (int i = 0; i + 1 < rows.Length; i++)
            for (int j = 0; j + 1 < columns.Length; j++)
            {
                ReadOnlySpan<(int Row, int Column)> corners = [(rows[i], columns[j]), (rows[i], columns[j + 1]),
                    (rows[i + 1], columns[j + 1]), (rows[i + 1], columns[j])];
                double near = 0, mean = 0;
                (double X, double Y) before = (0, 0);
                text.Clear();
                for (int k = 0; k < 4; k++)
                {
                    var (row, column) = corners[k];
                    double fraction = colors.Fraction(surface.Z[row, column]);
                    mean += fraction / 4;
                    // What lies beyond the limits of z is cut off flat.
                    at[k] = (x.At(surface.X[column]), y.At(surface.Y[row]), View.Top * (2 * Math.Clamp(fraction, 0, 1) - 1));
                    var seen = view.See(at[k].X, at[k].Y, at[k].Z);
                    near += seen.Near / 4;
                    // Steps from corner to corner are shorter to write than places; both ends are rounded, so neighbours meet.
                    var (px, py) = (Math.Round(seen.X, 1), Math.Round(seen.Y, 1));
                    text.Append(k == 0 ? 'M' : k == 1 ? 'l' : ' ').Append(Svg.Number(px - before.X)).Append(' ')
                        .Append(Svg.Number(py - before.Y));
                    before = (px, py);
                }
                if (!double.IsFinite(mean)) continue;
                var color = colors.Map.At(mean).Shade(Light(at));
                patches.Add((near, $"<path d=\"{text}z\" fill=\"{color}\" stroke=\"{color.Shade(0.86)}\"/>"));
            }
        svg.BeginGroup("stroke-width=\".6\" stroke-linejoin=\"round\"");
        foreach (var (_, element) in patches.OrderBy(p => p.Near)) svg.Raw(element);
        svg.EndGroup();
    }

    /// <summary>Returns the brightness of a patch: lamps are up and to the left.</summary>
    private static double Light(ReadOnlySpan<(double X, double Y, double Z)> p)
    {
        var (ax, ay, az) = (p[2].X - p[0].X, p[2].Y - p[0].Y, p[2].Z - p[0].Z);
        var (bx, by, bz) = (p[3].X - p[1].X, p[3].Y - p[1].Y, p[3].Z - p[1].Z);
        var (nx, ny, nz) = (ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
        double length = Math.Sqrt(nx * nx + ny * ny + nz * nz);
        return length > 0 ? 0.78 + 0.27 * Math.Max(0, (-0.35 * nx - 0.25 * ny + 0.9 * nz) / length) : 1;
    }

    private static void DrawLabels(Svg svg, Box box, View view, Axis x, Axis y, Axis z, Plot plot)
    {
        // Numbers stand outside the near edges of the floor, and left of the leftmost upright.
        double nearX = -view.FarX, nearY = -view.FarY;
        Edge(Named(x), at => view.See(x.At(at), nearY, -View.Top), view.See(0, nearY, -View.Top), view.See(0, 0, -View.Top), plot.XLabel);
        Edge(Named(y), at => view.See(nearX, y.At(at), -View.Top), view.See(nearX, 0, -View.Top), view.See(0, 0, -View.Top), plot.YLabel);
        bool byX = view.See(view.FarX, nearY, 0).X < view.See(nearX, view.FarY, 0).X;
        var (ux, uy) = byX ? (view.FarX, nearY) : (nearX, view.FarY);
        double last = double.PositiveInfinity;
        foreach (var tick in Named(z))
        {
            var (px, py, _) = view.See(ux, uy, z.At(tick.Value));
            if (Math.Abs(py - last) < 14) continue;         // seen from high above, heights are close together
            last = py;
            svg.Text(px - 7, py + 4.3, tick.Label!, "tk", "end");
        }
        if (plot.ZLabel.Length > 0)
        {
            var (px, py, _) = view.See(ux, uy, 0);
            double widest = Named(z).Select(t => Lettering.Width(t.Label!, Lettering.TickSize)).DefaultIfEmpty(0).Max();
            svg.Text(Math.Max(box.Left + 14, px - widest - 18), py, plot.ZLabel, "lb", "middle", -90);
        }

        void Edge(
            IEnumerable<Tick> ticks, Func<double, (double X, double Y, double Near)> place, (double X, double Y, double Near) middle,
            (double X, double Y, double Near) center, string label)
        {
            // Away from the floor, as it is seen.
            double ux = middle.X - center.X, uy = middle.Y - center.Y, length = Math.Sqrt(ux * ux + uy * uy);
            (ux, uy) = (ux / length, uy / length);
            string anchor = ux > 0.4 ? "start" : ux < -0.4 ? "end" : "middle";
            double widest = 0;
            foreach (var tick in ticks)
            {
                var at = place(tick.Value);
                svg.Text(at.X + ux * 8, at.Y + uy * 13 + 4.3, tick.Label!, "tk", anchor);
                widest = Math.Max(widest, Lettering.Width(tick.Label!, Lettering.TickSize));
            }
            if (label.Length == 0) return;
            label = Lettering.Fit(label, Lettering.LabelSize, box.Width / 2);
            double width = Lettering.Width(label, Lettering.LabelSize), away = 16 + widest * Math.Abs(ux);
            double slope = anchor == "middle" ? width / 2 * Math.Abs(ux) * Math.Sign(uy) : 0;       // beside a slanting row of numbers
            double left = middle.X + ux * away - (anchor == "start" ? 0 : anchor == "end" ? width : width / 2);
            svg.Text(
                Math.Clamp(left, box.Left + 4, box.Right - 4 - width), Math.Min(middle.Y + uy * (away + 16) + slope + 4.3, box.Bottom - 6),
                label, "lb");
        }
    }

    private static IEnumerable<Tick> Named(Axis axis) => axis.Ticks.Where(t => t.Label is not null);

    private static int[] Chosen(int count)
        => count <= MostPatches + 1
            ? [.. Enumerable.Range(0, count)]
            : [.. Enumerable.Range(0, MostPatches + 1).Select(i => (int)((long)i * (count - 1) / MostPatches))];
}
