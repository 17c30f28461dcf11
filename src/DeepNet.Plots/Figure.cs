using DeepNet.IO;

namespace DeepNet.Plots;

/// <summary>Something drawn that writes itself as SVG: a <see cref="Plot"/> or a <see cref="PlotGrid"/>.</summary>
/// <remarks>
/// A figure is readable in light and in dark surroundings by itself, names itself to screen readers, and is the same text for the same data
/// on every machine. Many figures can stand in one HTML page.
/// </remarks>
public abstract class Figure
{
    private protected Figure(string? title) => Title = title ?? "";

    /// <summary>The headline; empty for none.</summary>
    public string Title { get; set; }

    /// <summary>Gets or sets the description for screen readers; made from the data if left out.</summary>
    public string? Description { get; set; }

    /// <summary>The figure as text of an SVG file, or of an <c>&lt;svg&gt;</c> element in a page.</summary>
    public string ToSvg()
    {
        var (width, height) = Size;
        string description = Description ?? Describe();
        return Draw(DrawContext.Alone).Finish(width, height, Title.Length > 0 ? Title : description, description);
    }

    /// <summary>Returns the texts that the figure shows, whole, without repetition: titles, names of axes and of series, numbers.</summary>
    /// <remarks>They are what <see cref="HtmlReport.Language"/> asks for when the figure stands on a page.</remarks>
    public IReadOnlyList<string> Texts()
    {
        var texts = new List<string>();
        Draw(DrawContext.Alone with
        {
            Languages = [text =>
            {
                if (text.Length > 0 && !texts.Contains(text)) texts.Add(text);
                return text;
            }],
        });
        return texts;
    }

    /// <summary>Writes the SVG file, whole or not at all.</summary>
    /// <param name="path">The path of the file; the folder is made if it does not exist.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        byte[] svg = System.Text.Encoding.UTF8.GetBytes(ToSvg());
        AtomicFile.Write(path, stream => stream.Write(svg));
    }

    internal abstract (double Width, double Height) Size { get; }

    internal abstract string Describe();

    internal abstract void Draw(Svg svg, Box box, DrawContext context);

    /// <summary>Draws the whole figure on its ground.</summary>
    internal Svg Draw(DrawContext context)
    {
        var svg = new Svg();
        var box = new Box(0, 0, Size.Width, Size.Height);
        svg.Rect(box, "bg");
        Draw(svg, box, context);
        return svg;
    }
}
