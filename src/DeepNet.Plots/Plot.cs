namespace DeepNet.Plots;

/// <summary>A chart that writes itself as SVG.</summary>
/// <remarks>
/// Each method adds something and returns the plot. Numbers that are NaN or infinite, and those without a logarithm on a log axis, leave
/// gaps. Colours follow the order of the series; a colour can be named by its number, so that what belongs together looks alike.
/// <code>
/// new Plot("Loss by epoch") { XLabel = "epoch", YLabel = "loss", YScale = AxisScale.Log }
///     .Line(epochs, training, "training").Line(epochs, validation, "validation").Save("loss.svg");
/// </code>
/// </remarks>
public sealed partial class Plot : Figure
{
    private readonly List<Mark> marks = [];
    private int colors;
    private IReadOnlyList<string>? columns, rows;

    /// <summary>An empty chart.</summary>
    public Plot(string? title = null) : base(title)
    {
    }

    /// <summary>Gets or sets the label of the horizontal axis, with its unit.</summary>
    public string XLabel { get; set; } = "";

    /// <summary>Gets or sets the label of the vertical axis, with its unit.</summary>
    public string YLabel { get; set; } = "";

    /// <summary>Gets or sets the label of the colours, or of the height of a surface.</summary>
    public string ZLabel { get; set; } = "";

    /// <summary>The spacing of the horizontal axis.</summary>
    public AxisScale XScale { get; set; }

    /// <summary>The spacing of the vertical axis.</summary>
    public AxisScale YScale { get; set; }

    /// <summary>The spacing of colours, contour lines and surfaces.</summary>
    public AxisScale ZScale { get; set; }

    /// <summary>Gets or sets the start of the horizontal axis; by the data if null.</summary>
    public double? XMin { get; set; }

    /// <summary>Gets or sets the end of the horizontal axis; by the data if null.</summary>
    public double? XMax { get; set; }

    /// <summary>Gets or sets the start of the vertical axis; by the data if null.</summary>
    public double? YMin { get; set; }

    /// <summary>Gets or sets the end of the vertical axis; by the data if null.</summary>
    public double? YMax { get; set; }

    /// <summary>The number of the first colour; by the data if null.</summary>
    public double? ZMin { get; set; }

    /// <summary>The number of the last colour; by the data if null.</summary>
    public double? ZMax { get; set; }

    /// <summary>Pixels across.</summary>
    public int Width { get; set; } = 640;

    /// <summary>Pixels down.</summary>
    public int Height { get; set; } = 400;

    /// <summary>One unit is equally long on both axes, so that circles are round.</summary>
    public bool EqualAspect { get; set; }

    /// <summary>
    /// Gets or sets a value that is true if axes, their names and the scale of colours are drawn; false for pictures, whose axes say
    /// nothing.
    /// </summary>
    public bool ShowAxes { get; set; } = true;

    /// <summary>Gets or sets the place of the legend.</summary>
    public LegendPlace Legend { get; set; } = LegendPlace.Auto;

    /// <summary>The colours of heat maps, contours, surfaces and shaded points; <see cref="ColorMap.Sequential"/> if null.</summary>
    public ColorMap? ColorMap { get; set; }

    /// <summary>From where a surface is seen: degrees around the vertical axis.</summary>
    public double Azimuth { get; set; } = -60;

    /// <summary>From where a surface is seen: degrees above the horizon, from 5 to 90.</summary>
    public double Elevation { get; set; } = 30;

    internal override (double Width, double Height) Size => (Width, Height);

    internal IReadOnlyList<Mark> Marks => marks;

    internal override string Describe()
    {
        string axes = XLabel.Length + YLabel.Length == 0
            ? ""
            : $" {(YLabel.Length > 0 ? YLabel : "y")} over {(XLabel.Length > 0 ? XLabel : "x")}:";
        return marks.Count == 0 ? "An empty chart." : $"A chart.{axes} {string.Join("; ", marks.Take(20).Select(m => m.Describe()))}.";
    }

    internal override void Draw(Svg svg, Box box, DrawContext context)
    {
        if (Width < 60 || Height < 60)
            throw new ArgumentException($"[plot] {Width}×{Height} pixels leave no room for axes; give at least 60×60.");
        if (marks.OfType<SurfaceMark>().Any())
        {
            if (marks.Exists(m => m is not SurfaceMark))
                throw new InvalidOperationException(
                    "[plot] surfaces share a plot with nothing else; put other charts beside it with a PlotGrid.");
            new SurfacePainter(this, box, context).Draw(svg);
        }
        else new PlotLayout(this, box, context).Draw(svg);
    }

    /// <summary>Names along the axes where these are categories.</summary>
    internal (IReadOnlyList<string>? Columns, IReadOnlyList<string>? Rows) Categories
        => (marks.OfType<BarMark>().FirstOrDefault()?.Labels ?? columns, rows);

    /// <summary>Rows of a table run downwards.</summary>
    internal bool RowsRunDown { get; private set; }

    private int NextColor(int? color)
    {
        if (color is { } c)
            return c >= 0 ? c : throw new ArgumentOutOfRangeException(nameof(color), $"[plot] colours are counted from 0; {c} is none.");
        return colors++;
    }

    private static double[] Copy(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values];
    }

    private static void CheckSame(string method, string first, int firstCount, string second, int secondCount)
    {
        if (firstCount != secondCount)
            throw new ArgumentException(
                $"[plot.{method}] {first} has {firstCount} numbers and {second} has {secondCount}; they belong together in pairs.");
    }
}
