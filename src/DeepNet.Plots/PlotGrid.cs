namespace DeepNet.Plots;

/// <summary>Plots side by side, row by row, as one figure.</summary>
public sealed class PlotGrid : Figure
{
    private readonly List<Plot> plots;

    /// <summary>Puts plots beside each other.</summary>
    /// <param name="title">A headline over all; null or empty for none.</param>
    /// <param name="columns">The number of plots in a row.</param>
    /// <param name="plots">The plots, in reading order.</param>
    public PlotGrid(string? title, int columns, params IEnumerable<Plot> plots) : base(title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(plots);
        this.plots = [.. plots];
        Columns = columns;
    }

    /// <summary>Gets the number of plots in a row.</summary>
    public int Columns { get; }

    /// <summary>The plots, in reading order.</summary>
    public IReadOnlyList<Plot> Plots => plots;

    /// <summary>Adds a plot behind the others.</summary>
    public PlotGrid Add(Plot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        plots.Add(plot);
        return this;
    }

    internal override (double Width, double Height) Size
    {
        get
        {
            var (widths, heights) = Sizes();
            return (Math.Max(60, widths.Sum()), Math.Max(60, Headline + heights.Sum()));
        }
    }

    private double Headline => Title.Length == 0 ? 0 : 34;

    internal override string Describe()
        => plots.Count == 0
            ? "An empty figure."
            : $"{plots.Count} charts. "
                + string.Join(" ", plots.Select(p => p.Title.Length > 0 ? $"{p.Title}: {p.Describe()}" : p.Describe()));

    internal override void Draw(Svg svg, Box box, DrawContext context)
    {
        var (widths, heights) = Sizes();
        if (Title.Length > 0)
            svg.Text(box.CenterX, box.Top + 24, Lettering.Fit(context.Say(Title), Lettering.TitleMeasure, box.Width - 20), "tt", "middle");
        double top = box.Top + Headline;
        for (int i = 0; i < plots.Count; i++)
        {
            int row = i / Columns, column = i % Columns;
            double left = box.Left + widths.Take(column).Sum();
            plots[i].Draw(svg, new Box(left, top + heights.Take(row).Sum(), plots[i].Width, plots[i].Height), context.In(i));
        }
    }

    /// <summary>A column is as wide as its widest plot, a row as high as its highest.</summary>
    private (double[] Widths, double[] Heights) Sizes()
    {
        double[] widths = new double[Columns], heights = new double[(plots.Count + Columns - 1) / Columns];
        for (int i = 0; i < plots.Count; i++)
        {
            widths[i % Columns] = Math.Max(widths[i % Columns], plots[i].Width);
            heights[i / Columns] = Math.Max(heights[i / Columns], plots[i].Height);
        }
        return (widths, heights);
    }
}
