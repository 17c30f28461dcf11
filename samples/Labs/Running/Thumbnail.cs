namespace DeepNet.Labs.Running;

/// <summary>Draws a plot small and without words, for lists.</summary>
internal sealed class Thumbnail(Plot plot)
{
    private const int Width = 220, Height = 140;

    /// <summary>Returns that of a result's first figure; null where it has none.</summary>
    public static Thumbnail? Of(LabResult result)
        => result.Items.Select(FigureOf).FirstOrDefault(f => f is not null) switch
        {
            Plot plot => new(plot),
            PlotGrid grid => new(grid.Plots[0]),
            _ => null,
        };

    /// <summary>Adds it to a page, which draws at once; the plot is then as it was.</summary>
    public void AddTo(HtmlReport page)
    {
        var (width, height, axes, legend, title) = (plot.Width, plot.Height, plot.ShowAxes, plot.Legend, plot.Title);
        (plot.Width, plot.Height, plot.ShowAxes, plot.Legend, plot.Title) = (Width, Height, false, LegendPlace.None, "");
        try
        {
            page.Figure(plot);
        }
        finally
        {
            (plot.Width, plot.Height, plot.ShowAxes, plot.Legend, plot.Title) = (width, height, axes, legend, title);
        }
    }

    private static Figure? FigureOf(LabItem item) => item switch
    {
        FigureItem figure => figure.Figure,
        FramesItem frames => frames.Frames[^1],
        SlidersItem sliders => sliders.Shown,
        _ => null,
    };
}
