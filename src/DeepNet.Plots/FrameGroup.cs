namespace DeepNet.Plots;

/// <summary>
/// Represents the frames of a moving figure. They share axes, colours and the place of the legend, so that only data moves.
/// </summary>
internal sealed class FrameGroup(IReadOnlyList<Figure> figures)
{
    private readonly Dictionary<int, FrameGroup> plots = [];

    /// <summary>Gets the place of the legend, once a frame has chosen it.</summary>
    public (LegendPlace Place, Box? Inside)? Legend { get; set; }

    /// <summary>Gets the marks of all frames.</summary>
    public IEnumerable<Mark> Marks => figures.OfType<Plot>().SelectMany(p => p.Marks);

    public IEnumerable<string> Titles => figures.Select(f => f.Title);

    /// <summary>Returns the group of the plots that stand at one place of grids.</summary>
    public FrameGroup At(int plot)
    {
        if (!plots.TryGetValue(plot, out var group))
            plots[plot] = group = new([.. figures.OfType<PlotGrid>().Where(g => plot < g.Plots.Count).Select(g => g.Plots[plot])]);
        return group;
    }
}
