using System.Globalization;

namespace DeepNet.Plots;

/// <summary>Represents figures that follow each other on a page and share its width.</summary>
/// <param name="start">The place in the text of the page where they begin.</param>
internal sealed class FigureGrid(int start)
{
    private const double Wide = 760;

    private readonly List<double> widths = [];

    public int Start => start;

    /// <summary>Returns whether a figure takes the width of the page for itself.</summary>
    public static bool IsWide(Figure figure) => figure.Size.Width > Wide;

    public void Add(double width) => widths.Add(width);

    /// <summary>
    /// Returns the element that holds the figures. A column is not much narrower than the widest of them was drawn, so that its letters
    /// stay legible, and none grows much wider.
    /// </summary>
    public string Begin()
    {
        double widest = widths.Where(w => w <= Wide).DefaultIfEmpty(widths.Max()).Max();
        int column = (int)Math.Clamp(widest * 0.72, 180, 640), most = (int)(widest * 1.4);
        string kind = widths.Count == 1 ? "alone" : widths.TrueForAll(w => w > Wide) ? "stack" : "grid";
        return string.Create(
            CultureInfo.InvariantCulture, $"<div class=\"figures {kind}\" style=\"--column:{column}px;--most:{most}px\">\n");
    }
}
