using System.Globalization;
using System.Text;

namespace DeepNet.Plots;

/// <summary>Draws landscapes: walls and floor with their grids, then the patches of all from far to near.</summary>
internal sealed class SurfacePainter
{
    private const int MostPatches = 50;      // each way; more would not be seen

    private readonly Plot plot;
    private readonly Box box, area;
    private readonly DrawContext context;
    private readonly SurfaceMark[] surfaces;
    private readonly Axis x, y, z;
    private readonly View view;
    private readonly ColorScale colors;

    public SurfacePainter(Plot plot, Box box, DrawContext context)
    {
        (this.plot, this.box, this.context) = (plot, box, context);
        surfaces = [.. plot.Marks.OfType<SurfaceMark>()];
        var (spanX, spanY, spanZ) = (new Span(plot.XScale), new Span(plot.YScale), new Span(plot.ZScale));
        foreach (var mark in context.Frames?.Marks ?? surfaces)
        {
            mark.Measure(spanX, spanY);
            mark.MeasureColors(spanZ);
        }
        x = spanX.ToAxis(null, null, null, false);
        y = spanY.ToAxis(null, null, null, false);
        z = spanZ.ToAxis(plot.ZMin, plot.ZMax, null, false);
        (x.Start, x.End, y.Start, y.End, z.Start, z.End) = (-1, 1, -1, 1, -View.Top, View.Top);
        int titleLines = (context.Frames?.Titles ?? [plot.Title]).Max(t => context.Lines(t, Lettering.TitleMeasure, box.Width - 20, 3));
        area = box.Shrink(66, PlotLayout.TitleHeight(titleLines) + 4, 52, 48);
        view = new View(plot.Azimuth, plot.Elevation, area);
        double target = Math.Clamp(Math.Min(area.Width, area.Height) / 60, 3, 6);
        x.MakeTicks(target);
        y.MakeTicks(target);
        z.MakeTicks(target);
        colors = new ColorScale(z, plot.ColorMap ?? ColorMap.Sequential);
    }

    private bool IsTurned => context.IsTurned && context.Frames is null;

    public void Draw(Svg svg)
    {
        Patch[] patches = [.. Patches().OrderBy(p => p.Near)];
        if (IsTurned) svg.BeginGroup($"class=\"surface\" data-surface='{Numbers(patches)}'");
        DrawWalls(svg);
        svg.BeginGroup("stroke-width=\".6\" stroke-linejoin=\"round\"");
        foreach (var patch in patches) svg.Raw(patch.Element);
        svg.EndGroup();
        DrawLabels(svg);
        if (IsTurned) svg.EndGroup();
        PlotLayout.DrawTitle(svg, box, Lettering.Wrap(context.Say(plot.Title), Lettering.TitleMeasure, box.Width - 20, 3), area);
    }

    private void DrawWalls(Svg svg)
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

    private List<Patch> Patches()
    {
        var patches = new List<Patch>();
        var text = new StringBuilder();
        Span<(double X, double Y, double Z)> at = stackalloc (double, double, double)[4];
        int cell = 0;
        foreach (var surface in surfaces)
        {
            int[] columns = Chosen(surface.X.Length), rows = Chosen(surface.Y.Length);
            string more = surface.Opacity < 1 ? $" opacity=\"{Svg.Number(surface.Opacity)}\"" : "";
            for (int i = 0; i + 1 < rows.Length; i++)
                for (int j = 0; j + 1 < columns.Length; j++)
                {
                    ReadOnlySpan<(int Row, int Column)> corners = [(rows[i], columns[j]), (rows[i], columns[j + 1]),
                        (rows[i + 1], columns[j + 1]), (rows[i + 1], columns[j])];
                    double near = 0, mean = 0;
                    (double X, double Y) before = (0, 0);
                    bool isInside = false;
                    text.Clear();
                    for (int k = 0; k < 4; k++)
                    {
                        var (row, column) = corners[k];
                        double fraction = colors.Fraction(surface.Z[row, column]);
                        mean += fraction / 4;
                        isInside |= fraction is >= 0 and <= 1;
                        at[k] = (x.At(surface.X[column]), y.At(surface.Y[row]), Height(fraction));
                        var seen = view.See(at[k].X, at[k].Y, at[k].Z);
                        near += seen.Near / 4;
                        // Steps from corner to corner are shorter to write than places; both ends are rounded, so neighbours meet.
                        var (px, py) = (Math.Round(seen.X, 1), Math.Round(seen.Y, 1));
                        text.Append(k == 0 ? 'M' : k == 1 ? 'l' : ' ').Append(Svg.Number(px - before.X)).Append(' ')
                            .Append(Svg.Number(py - before.Y));
                        before = (px, py);
                    }
                    cell++;
                    // A surface beyond the limits of z is cut off flat; one to look through would hide what it should show.
                    if (!double.IsFinite(mean) || (surface.Opacity < 1 && !isInside)) continue;
                    double light = Light(at);
                    string paint;
                    if (surface.Color is { } color) paint = $"class=\"f{color % Theme.Colors} s{color % Theme.Colors}\"";
                    else
                    {
                        var shade = colors.Map.At(mean).Shade(light);
                        paint = $"fill=\"{shade}\" stroke=\"{shade.Shade(0.86)}\"";
                    }
                    patches.Add(new(near, cell - 1, $"<path d=\"{text}z\" {paint}{more}/>"));
                }
        }
        return patches;
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

    private void DrawLabels(Svg svg)
    {
        // Numbers stand outside the near edges of the floor, and left of the leftmost upright.
        double nearX = -view.FarX, nearY = -view.FarY;
        Edge('x', x, at => view.See(at, nearY, -View.Top), plot.XLabel);
        Edge('y', y, at => view.See(nearX, at, -View.Top), plot.YLabel);
        bool byX = view.See(view.FarX, nearY, 0).X < view.See(nearX, view.FarY, 0).X;
        var (ux, uy) = byX ? (view.FarX, nearY) : (nearX, view.FarY);
        double last = double.PositiveInfinity;
        foreach (var tick in Named(z))
        {
            var (px, py, _) = view.See(ux, uy, z.At(tick.Value));
            bool isCrowded = Math.Abs(py - last) < 14;          // seen from high above, heights are close together
            if (!isCrowded) last = py;
            if (isCrowded && !IsTurned) continue;
            svg.Text(px - 7, py + 4.3, tick.Label!, "tk", "end", more: Key('z', isCrowded ? " display=\"none\"" : ""));
        }
        if (plot.ZLabel.Length > 0)
        {
            var (px, py, _) = view.See(ux, uy, 0);
            svg.Text(Math.Max(box.Left + 14, px - Widest(z) - 18), py, context.Say(plot.ZLabel), "lb", "middle", -90, Key('Z'));
        }

        void Edge(char key, Axis axis, Func<double, (double X, double Y, double Near)> place, string label)
        {
            // Away from the floor, as it is seen.
            var (middle, center) = (place(0), view.See(0, 0, -View.Top));
            double ux = middle.X - center.X, uy = middle.Y - center.Y, length = Math.Sqrt(ux * ux + uy * uy);
            (ux, uy) = (ux / length, uy / length);
            string anchor = ux > 0.4 ? "start" : ux < -0.4 ? "end" : "middle";
            double widest = 0;
            foreach (var tick in Named(axis))
            {
                var at = place(axis.At(tick.Value));
                svg.Text(at.X + ux * 8, at.Y + uy * 13 + 4.3, tick.Label!, "tk", anchor, more: Key(key));
                widest = Math.Max(widest, Lettering.Width(tick.Label!, Lettering.TickSize));
            }
            if (label.Length == 0) return;
            label = Lettering.Fit(context.Say(label), Lettering.LabelSize, box.Width / 2);
            double width = Lettering.Width(label, Lettering.LabelSize), away = 16 + widest * Math.Abs(ux);
            double slope = anchor == "middle" ? width / 2 * Math.Abs(ux) * Math.Sign(uy) : 0;       // beside a slanting row of numbers
            double left = middle.X + ux * away - (anchor == "start" ? 0 : anchor == "end" ? width : width / 2);
            svg.Text(
                Math.Clamp(left, box.Left + 4, box.Right - 4 - width), Math.Min(middle.Y + uy * (away + 16) + slope + 4.3, box.Bottom - 6),
                label, "lb", more: Key(char.ToUpperInvariant(key), $" data-width=\"{Svg.Number(width)}\""));
        }

        string Key(char key, string more = "") => IsTurned ? $" data-text=\"{key}\"{more}" : "";
    }

    /// <summary>Writes what a script needs to see the surfaces from elsewhere; places are those of <see cref="View"/>'s box.</summary>
    private string Numbers(Patch[] patches)
    {
        var text = new StringBuilder("{");
        Add("view", [plot.Azimuth, plot.Elevation]);
        Add("area", [area.Left, area.Top, area.Width, area.Height]);
        Add("box", [box.Left, box.Top, box.Width, box.Height]);
        foreach (var (name, axis) in ((string, Axis)[])[("x", x), ("y", y), ("z", z)])
        {
            Add($"{name}ticks", Named(axis).Select(t => axis.At(t.Value)));
            Add($"{name}widest", [Widest(axis)]);
        }
        text.Append("\"surfaces\":[");
        foreach (var surface in surfaces)
        {
            int[] columns = Chosen(surface.X.Length), rows = Chosen(surface.Y.Length);
            text.Append('{');
            Add("x", columns.Select(j => x.At(surface.X[j])));
            Add("y", rows.Select(i => y.At(surface.Y[i])));
            Add("z", rows.SelectMany(i => columns.Select(j => Height(colors.Fraction(surface.Z[i, j])))), last: true);
            text.Append("},");
        }
        text[^1] = ']';
        text.Append(',');
        Add("order", patches.Select(p => (double)p.Cell), last: true);
        return text.Append('}').ToString();

        void Add(string name, IEnumerable<double> numbers, bool last = false)
            => text.Append('"').Append(name).Append("\":[")
                .AppendJoin(',', numbers.Select(v => double.IsFinite(v) ? v.ToString("0.######", CultureInfo.InvariantCulture) : "null"))
                .Append(last ? "]" : "],");
    }

    private static double Height(double fraction) => View.Top * (2 * Math.Clamp(fraction, 0, 1) - 1);

    private static double Widest(Axis axis)
        => Named(axis).Select(t => Lettering.Width(t.Label!, Lettering.TickSize)).DefaultIfEmpty(0).Max();

    private static IEnumerable<Tick> Named(Axis axis) => axis.Ticks.Where(t => t.Label is not null);

    private static int[] Chosen(int count)
        => count <= MostPatches + 1
            ? [.. Enumerable.Range(0, count)]
            : [.. Enumerable.Range(0, MostPatches + 1).Select(i => (int)((long)i * (count - 1) / MostPatches))];

    /// <summary>A piece of a surface: its nearness, its number among all pieces, and its element.</summary>
    private readonly record struct Patch(double Near, int Cell, string Element);
}
