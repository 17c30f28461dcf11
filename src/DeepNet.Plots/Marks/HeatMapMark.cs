using System.Text;

namespace DeepNet.Plots;

/// <summary>A colour for each number of a matrix, as a table with its first row on top, or over two axes of numbers.</summary>
internal sealed class HeatMapMark(double[] columnEdges, double[] rowEdges, double[,] values, bool showValues) : Mark
{
    private const int FewCells = 1600;

    public override int Layer => 0;

    /// <summary>Edges halfway between centres; the outer ones as far out as the inner ones.</summary>
    public static double[] Edges(double[] centers, AxisScale scale)
    {
        double[] at = scale == AxisScale.Log ? [.. centers.Select(Math.Log10)] : centers;
        double[] edges = new double[at.Length + 1];
        for (int i = 1; i < at.Length; i++) edges[i] = (at[i - 1] + at[i]) / 2;
        edges[0] = at.Length > 1 ? at[0] - (edges[1] - at[0]) : at[0] - 0.5;
        edges[^1] = at.Length > 1 ? at[^1] + (at[^1] - edges[^2]) : at[^1] + 0.5;
        return scale == AxisScale.Log ? [.. edges.Select(e => Math.Pow(10, e))] : edges;
    }

    public override void Measure(Span x, Span y)
    {
        foreach (double edge in columnEdges) x.AddHard(edge);
        foreach (double edge in rowEdges) y.AddHard(edge);
    }

    public override void MeasureColors(Span z)
    {
        foreach (double value in values) z.AddHard(value);
    }

    public override void Cover(Coverage coverage, Frame frame) => coverage.Fill(frame.Area);

    public override void Draw(Svg svg, Frame frame)
    {
        double[] px = [.. columnEdges.Select(frame.X.At)], py = [.. rowEdges.Select(frame.Y.At)];
        if (values.Length > FewCells && IsEven(px) && IsEven(py)) DrawImage(svg, frame, px, py);
        else DrawCells(svg, frame, px, py);
        if (showValues) DrawValues(svg, frame, px, py);
    }

    public override string Describe()
        => $"heat map of {values.GetLength(0)} by {values.GetLength(1)} cells, {Reach([.. values.Cast<double>()])}";

    private static bool IsEven(double[] edges)
    {
        double step = (edges[^1] - edges[0]) / (edges.Length - 1);
        for (int i = 1; i < edges.Length; i++)
            if (!(Math.Abs(edges[i] - edges[i - 1] - step) < 1e-3 * Math.Abs(step) + 1e-6)) return false;
        return true;
    }

    private void DrawCells(Svg svg, Frame frame, double[] px, double[] py)
    {
        svg.BeginGroup("shape-rendering=\"crispEdges\"");
        var cells = new StringBuilder();
        for (int i = 0; i < values.GetLength(0); i++)
            for (int j = 0; j < values.GetLength(1); j++)
            {
                if (frame.Colors!.At(values[i, j]) is not { } color) continue;
                int start = j;
                // neighbours alike are one rectangle
                while (j + 1 < values.GetLength(1) && frame.Colors.At(values[i, j + 1]) == color) j++;
                double left = Math.Min(px[start], px[j + 1]), top = Math.Min(py[i], py[i + 1]);
                cells.Append("<rect x=\"").Append(Svg.Number(left)).Append("\" y=\"").Append(Svg.Number(top)).Append("\" width=\"")
                    .Append(Svg.Number(Math.Abs(px[j + 1] - px[start])))
                    .Append("\" height=\"").Append(Svg.Number(Math.Abs(py[i + 1] - py[i]))).Append("\" fill=\"").Append(color)
                    .Append("\"/>\n");
            }
        svg.Raw(cells.ToString());
        svg.EndGroup();
    }

    /// <summary>Very many cells are smaller as an image, one pixel each.</summary>
    private void DrawImage(Svg svg, Frame frame, double[] px, double[] py)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        byte[] pixels = new byte[rows * columns * 4];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                if (frame.Colors!.At(values[i, j]) is not { } color) continue;
                int row = py[0] > py[^1] ? rows - 1 - i : i, column = px[0] > px[^1] ? columns - 1 - j : j;
                int at = (row * columns + column) * 4;
                (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]) = (color.R, color.G, color.B, 255);
            }
        svg.Raw(
            $"<image x=\"{Svg.Number(Math.Min(px[0], px[^1]))}\" y=\"{Svg.Number(Math.Min(py[0], py[^1]))}\" "
                + $"width=\"{Svg.Number(Math.Abs(px[^1] - px[0]))}\" " +
            $"height=\"{Svg.Number(Math.Abs(py[^1] - py[0]))}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
                + $"href=\"{Png.DataUri(pixels, columns, rows, 4)}\"/>");
    }

    private void DrawValues(Svg svg, Frame frame, double[] px, double[] py)
    {
        for (int i = 0; i < values.GetLength(0); i++)
            for (int j = 0; j < values.GetLength(1); j++)
            {
                if (frame.Colors!.At(values[i, j]) is not { } color) continue;
                double width = Math.Abs(px[j + 1] - px[j]) - 2, height = Math.Abs(py[i + 1] - py[i]);
                string text = Compact.Number(values[i, j]);
                if (Lettering.Width(text, Lettering.TickSize) > width) text = Compact.Number(values[i, j], 2);
                double fit = Math.Min(1, width / Lettering.Width(text, Lettering.TickSize));
                if (height < 11 || fit < 0.6) continue;      // it would not be legible: the colour has to do
                string small = fit < 1 ? $" style=\"font-size:{Svg.Number(Lettering.TickSize * fit)}px\"" : "";
                svg.Raw(
                    $"<text class=\"{(color.Luminance > 0.2 ? "vk" : "vw")}\" x=\"{Svg.Number((px[j] + px[j + 1]) / 2)}\" "
                        + $"y=\"{Svg.Number((py[i] + py[i + 1]) / 2 + 4.3)}\" text-anchor=\"middle\"{small}>{Svg.Escape(text)}</text>");
            }
    }
}
