namespace DeepNet.Plots;

/// <summary>Shares a plot's rectangle out among title, axes, legend, scale of colours and data, and draws them.</summary>
internal sealed class PlotLayout
{
    private const double Margin = 10, TickGap = 7, Tilt = 35;

    private readonly Plot plot;
    private readonly Box box;
    private readonly DrawContext context;
    private readonly List<Mark> marks;
    private readonly List<string> title;
    private readonly int titleLines;
    private readonly Axis x, y;
    private readonly ColorScale? colors;
    private readonly bool showsColorBar;
    private List<string> rowTitle = [];
    private int rowTitleLines;
    private Dictionary<string, List<string>>? wrapped;      // names of columns that take several lines
    private bool tilted;
    private double labelsHeight;

    public PlotLayout(Plot plot, Box box, DrawContext context)
    {
        (this.plot, this.box, this.context) = (plot, box, context);
        marks = [.. plot.Marks.OrderBy(m => m.Layer)];
        double room = box.Width - 2 * Margin;
        title = Lettering.Wrap(context.Say(plot.Title), Lettering.TitleMeasure, room, 3);
        titleLines = (context.Frames?.Titles ?? [plot.Title]).Max(t => context.Lines(t, Lettering.TitleMeasure, room, 3));
        var (spanX, spanY, spanZ) = (new Span(plot.XScale), new Span(plot.YScale), new Span(plot.ZScale));
        foreach (var mark in context.Frames?.Marks ?? marks)
        {
            mark.Measure(spanX, spanY);
            mark.MeasureColors(spanZ);
        }
        var (columns, rows) = plot.Categories;
        x = spanX.ToAxis(plot.XMin, plot.XMax, context.Say(columns), reversed: false);
        y = spanY.ToAxis(plot.YMin, plot.YMax, context.Say(rows), plot.RowsRunDown);
        bool hasMap = marks.Exists(m => m is HeatMapMark or ContourMark);
        if (!hasMap && spanZ.IsEmpty) return;
        colors = Scale(spanZ);
        showsColorBar = plot.ShowAxes && !spanZ.IsEmpty && (marks.Exists(m => m is HeatMapMark or ContourMark { Filled: true }) || !hasMap);
    }

    public void Draw(Svg svg)
    {
        var legend = new Legend(marks.SelectMany(m => m.Entries), box.Width * 0.55, context);
        var place = legend.Count == 0 ? LegendPlace.None : plot.Legend;
        Box? inside = null;
        bool isChosen = false;
        if (place == LegendPlace.Auto && context.Frames?.Legend is { } chosen) ((place, inside), isChosen) = (chosen, true);
        var (frame, bar) = Arrange(place, legend);
        if (isChosen)
        {
            // An earlier frame has looked at all of them.
        }
        else if (place == LegendPlace.Auto)
        {
            inside = legend.FindRoom(CoverageOfFrames(frame), frame.Area);
            place = inside is not null ? LegendPlace.TopRight : legend.Count <= 4
                || legend.Width > frame.Area.Width * 0.35 ? LegendPlace.Below : LegendPlace.Right;
            if (inside is null) (frame, bar) = Arrange(place, legend);
            if (context.Frames is { } group) group.Legend = (place, inside);
        }
        else if (IsCorner(place)) inside = legend.Corner(place, frame.Area);

        DrawGrid(svg, frame);
        svg.BeginClip(Grown(frame.Area, 1));
        foreach (var mark in marks.Where(m => m.Layer < 6)) mark.Draw(svg, frame);
        svg.EndGroup();
        DrawAxes(svg, frame);
        svg.BeginClip(Grown(frame.Area, 6));      // a point on the edge is seen whole
        foreach (var mark in marks.Where(m => m.Layer >= 6)) mark.Draw(svg, frame);
        svg.EndGroup();
        frame.DrawWords(svg);
        bar?.Draw(svg, frame.Area);
        if (inside is { } at) legend.DrawColumn(svg, at, framed: true);
        else if (place == LegendPlace.Right)
            legend.DrawColumn(
                svg, new Box(box.Right - Margin - legend.Width, frame.Area.Top - 6, legend.Width, legend.Height), framed: false);
        else if (place == LegendPlace.Below)
            legend.DrawBelow(svg, box.Left + Margin, box.Bottom - legend.HeightBelow(box.Width - 2 * Margin) - 4, box.Width - 2 * Margin);
        DrawTitle(svg, box, title, frame.Area);
        if (marks.Count == 0 || !marks.Exists(m => m is not (ReferenceMark or TextMark)) || IsEmpty(frame))
            svg.Text(frame.Area.CenterX, frame.Area.CenterY, context.Say("no data"), "no", "middle");
    }

    /// <summary>Returns what the marks of all frames cover.</summary>
    private Coverage CoverageOfFrames(Frame frame)
    {
        if (context.Frames is null) return frame.Coverage;
        var all = new Coverage(frame.Area);
        foreach (var mark in context.Frames.Marks) mark.Cover(all, frame);
        foreach (var words in frame.Boxes) all.Fill(words);
        return all;
    }

    public static void DrawTitle(Svg svg, Box box, List<string> lines, Box area)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            // Over the axes if it fits there, else over the whole.
            double width = Lettering.Width(lines[i], Lettering.TitleMeasure);
            double center = Math.Clamp(
                area.CenterX, box.Left + Margin + width / 2, Math.Max(box.Left + Margin + width / 2, box.Right - Margin - width / 2));
            svg.Text(center, box.Top + 23 + 19 * i, lines[i], "tt", "middle");
        }
    }

    public static double TitleHeight(int lines) => lines == 0 ? 14 : 19 * lines + 18;

    private bool IsEmpty(Frame frame) => marks.TrueForAll(m => m is LineMark or ScatterMark or HistogramMark or BarMark or BandMark)
        && marks.TrueForAll(m =>
    {
        var (sx, sy) = (new Span(frame.X.Scale), new Span(frame.Y.Scale));
        m.Measure(sx, sy);
        return sx.IsEmpty;
    });

    private ColorScale Scale(Span span)
    {
        var map = plot.ColorMap ?? ColorMap.Sequential;
        var axis = span.ToAxis(plot.ZMin, plot.ZMax, null, reversed: false);
        if (map.IsDiverging && axis.Scale == AxisScale.Linear && plot.ZMin is null && plot.ZMax is null)
        {
            double far = Math.Max(Math.Abs(axis.Low), Math.Abs(axis.High));
            axis = new Axis(-far, far);
        }
        return new ColorScale(axis, map) { Levels = marks.OfType<ContourMark>().FirstOrDefault(c => c.Filled)?.Levels(axis) };
    }

    /// <summary>Finds the area between the axes, given what stands outside.</summary>
    private (Frame Frame, ColorBar? Bar) Arrange(LegendPlace place, Legend legend)
    {
        double right = Margin + 6 + (place == LegendPlace.Right ? legend.Width + 4 : 0);
        double below = place == LegendPlace.Below ? legend.HeightBelow(box.Width - 2 * Margin) + 6 : 0;
        double top = TitleHeight(titleLines), left = 60, bottom = 40;
        ColorBar? bar = null;
        Box area = default;
        for (int pass = 0; pass < 3; pass++)
        {
            area = box.Shrink(left, top, right + (bar?.Width ?? 0), bottom + below);
            if (showsColorBar) bar = new ColorBar(colors!, context.Say(plot.ZLabel), area.Height);
            y.MakeTicks(Math.Clamp(area.Height / 45, 2, 10));
            MakeColumnTicks(area.Width);
            double labelsWidth = y.Ticks.Where(t => t.Label is not null)
                .Select(t => Math.Min(Lettering.Width(t.Label!, Lettering.TickSize), box.Width * 0.3)).DefaultIfEmpty(0).Max();
            rowTitle = Lettering.Wrap(context.Say(plot.YLabel), Lettering.LabelSize, area.Height + 30, 2);
            rowTitleLines = context.Lines(plot.YLabel, Lettering.LabelSize, area.Height + 30, 2);
            left = Margin + (rowTitleLines > 0 ? 4 + 16 * rowTitleLines : 0) + labelsWidth + TickGap;
            bottom = Margin + (plot.XLabel.Length > 0 ? 20 : 0) + labelsHeight + TickGap;
            if (!tilted && x.Ticks.LastOrDefault(t => t.Label is not null).Label is { } last)
            {
                // The last number may hang over the end of its axis.
                double over = Lettering.Width(last, Lettering.TickSize) / 2
                    - (1 - x.Fraction(x.Ticks.Last(t => t.Label is not null).Value)) * area.Width;
                if (over > right + (bar?.Width ?? 0) - 2) right += over - right - (bar?.Width ?? 0) + 2;
            }
            if (tilted && x.Ticks.Count > 0)
                left = Math.Max(left, Math.Min(labelsHeight * 1.2, box.Width * 0.3) - area.Width / x.Ticks.Count / 2 + Margin);
        }
        area = box.Shrink(left, top, right + (bar?.Width ?? 0), bottom + below);
        if (!plot.ShowAxes) area = box.Shrink(Margin, top, Margin, Margin + below);
        if (plot.EqualAspect) area = Equalise(area);
        y.MakeTicks(Math.Clamp(area.Height / 45, 2, 10));
        MakeColumnTicks(area.Width);
        (x.Start, x.End, y.Start, y.End) = (area.Left, area.Right, area.Bottom, area.Top);
        var frame = new Frame(x, y, area, colors, context) { OnMap = marks.Exists(m => m.Layer == 0) };
        foreach (var mark in marks) mark.Cover(frame.Coverage, frame);
        if (IsCorner(place)) frame.Boxes.Add(legend.Corner(place, area));
        foreach (var mark in marks) mark.Arrange(frame);
        foreach (var words in frame.Boxes) frame.Coverage.Fill(words);
        return (frame, bar);
    }

    /// <summary>Widens the axis that has room to spare; maps, which have edges, get a smaller area instead.</summary>
    private Box Equalise(Box area)
    {
        double perX = Math.Abs(x.High - x.Low) / area.Width, perY = Math.Abs(y.High - y.Low) / area.Height;
        if (x.Scale == AxisScale.Log || y.Scale == AxisScale.Log)
            throw new InvalidOperationException("[plot] EqualAspect needs two linear axes: on a log axis units have no length.");
        if (marks.Exists(m => m.Layer == 0) || plot.XMin is not null || plot.YMin is not null)
        {
            double width = Math.Min(area.Width, Math.Abs(x.High - x.Low) / perY),
                height = Math.Min(area.Height, Math.Abs(y.High - y.Low) / perX);
            return new Box(area.Left + (area.Width - width) / 2, area.Top, width, height);
        }
        if (perX < perY) x.Widen(perY / perX);
        else y.Widen(perX / perY);
        return area;
    }

    /// <summary>Ticks along the horizontal axis that do not run into each other: fewer numbers; names tilted, then fewer.</summary>
    private void MakeColumnTicks(double width)
    {
        (tilted, wrapped, labelsHeight) = (false, null, 15);
        for (double target = Math.Clamp(width / 60, 2, 12); ; target *= 0.75)
        {
            x.MakeTicks(target);
            var named = x.Ticks.FindAll(t => t.Label is not null);
            if (x.Categories is not null)
            {
                double room = width / Math.Max(1, x.High - x.Low),
                    widest = named.Select(t => Lettering.Width(t.Label!, Lettering.TickSize)).DefaultIfEmpty(0).Max();
                if (widest + 6 <= room) return;
                if (named.TrueForAll(t => t.Label!.Length <= 3))
                {
                    Thin(room, widest + 6);
                    return;
                }
                if (room >= 50 && WrapNames(named, room - 8)) return;
                tilted = true;
                double longest = Math.Min(widest, Math.Max(60, box.Height * 0.3));
                labelsHeight = longest * Math.Sin(Tilt * Math.PI / 180) + 14;
                Thin(room, 17);
                return;
            }
            double end = double.NegativeInfinity;
            bool crowded = false;
            foreach (var tick in named)
            {
                double middle = x.Fraction(tick.Value) * width, half = Lettering.Width(tick.Label!, Lettering.TickSize) / 2;
                crowded |= middle - half < end + 8;
                end = middle + half;
            }
            if (!crowded || target < 1.2) return;
        }
    }

    /// <summary>Breaks names between words, if all of them then fit.</summary>
    private bool WrapNames(List<Tick> named, double room)
    {
        const int MostLines = 3;
        wrapped = [];
        foreach (var tick in named)
        {
            var lines = Lettering.Wrap(tick.Label!, Lettering.TickSize, room, MostLines + 1);
            if (lines.Count > MostLines || lines.Exists(l => l.EndsWith('…') || Lettering.Width(l, Lettering.TickSize) > room))
            {
                wrapped = null;
                return false;
            }
            wrapped[tick.Label!] = lines;
        }
        labelsHeight = 15 * wrapped.Values.Max(l => l.Count);
        return true;
    }

    private void Thin(double room, double needed)
    {
        int stride = Math.Max(1, (int)Math.Ceiling(needed / Math.Max(0.01, room)));
        for (int i = 0; i < x.Ticks.Count; i++)
            if (i % stride != 0) x.Ticks[i] = x.Ticks[i] with { Label = null };
    }

    private void DrawGrid(Svg svg, Frame frame)
    {
        bool covered = marks.Exists(m => m.Layer == 0);
        if (covered || !plot.ShowAxes) return;
        var area = frame.Area;
        var path = new PathData();
        if (x.Categories is null)
            foreach (var tick in x.Ticks.Where(t => t.Label is not null))
                path.Move(x.At(tick.Value), area.Top).Line(x.At(tick.Value), area.Bottom);
        foreach (var tick in y.Ticks.Where(t => t.Label is not null))
            path.Move(area.Left, y.At(tick.Value)).Line(area.Right, y.At(tick.Value));
        svg.Path(path.ToString(), "gr");
    }

    private void DrawAxes(Svg svg, Frame frame)
    {
        if (!plot.ShowAxes) return;
        var area = frame.Area;
        bool table = plot.RowsRunDown;
        var path = new PathData();
        if (marks.Exists(m => m.Layer == 0)) path.Rect(area.Left, area.Top, area.Right, area.Bottom);
        else path.Move(area.Left, area.Top).Line(area.Left, area.Bottom).Line(area.Right, area.Bottom);
        if (marks.Exists(m => m is BarMark) && y.Fraction(0) is > 0.001 and < 0.999)
            path.Move(area.Left, y.At(0)).Line(area.Right, y.At(0));
        double stride = RowStride(area.Height);
        foreach (var tick in x.Ticks)
        {
            double at = x.At(tick.Value);
            if (!table) path.Move(at, area.Bottom).Line(at, area.Bottom + (tick.Label is null ? 2.5 : 4.5));
            if (tick.Label is null) continue;
            if (wrapped is not null)
                for (int i = 0; i < wrapped[tick.Label].Count; i++)
                    svg.Text(at, area.Bottom + TickGap + 11 + 15 * i, wrapped[tick.Label][i], "tk", "middle");
            else if (!tilted) svg.Text(at, area.Bottom + TickGap + 11, tick.Label, "tk", "middle");
            else
            {
                double most = (labelsHeight - 12) / Math.Sin(Tilt * Math.PI / 180);
                svg.Text(at + 3, area.Bottom + TickGap + 8, Lettering.Fit(tick.Label, Lettering.TickSize, most), "tk", "end", -Tilt);
            }
        }
        for (int i = 0; i < y.Ticks.Count; i++)
        {
            var tick = y.Ticks[i];
            double at = y.At(tick.Value);
            if (!table) path.Move(area.Left, at).Line(area.Left - (tick.Label is null ? 2.5 : 4.5), at);
            if (tick.Label is not null && i % stride == 0)
                svg.Text(area.Left - TickGap, at + 4.3, Lettering.Fit(tick.Label, Lettering.TickSize, box.Width * 0.3), "tk", "end");
        }
        svg.Path(path.ToString(), "ax");
        if (plot.XLabel.Length > 0)
            svg.Text(
                area.CenterX, area.Bottom + TickGap + labelsHeight + 14,
                Lettering.Fit(context.Say(plot.XLabel), Lettering.LabelSize, box.Width - 2 * Margin), "lb", "middle");
        for (int i = 0; i < rowTitle.Count; i++) svg.Text(box.Left + Margin + 10 + 16 * i, area.CenterY, rowTitle[i], "lb", "middle", -90);
    }

    /// <summary>Every how many-th row has room for its name.</summary>
    private double RowStride(double height)
        => y.Categories is null ? 1 : Math.Max(1, Math.Ceiling(15 / Math.Max(0.01, height / Math.Max(1, Math.Abs(y.High - y.Low)))));

    private static bool IsCorner(LegendPlace place)
        => place is LegendPlace.TopLeft or LegendPlace.TopRight or LegendPlace.BottomLeft or LegendPlace.BottomRight;

    private static Box Grown(Box area, double by) => new(area.Left - by, area.Top - by, area.Width + 2 * by, area.Height + 2 * by);
}
