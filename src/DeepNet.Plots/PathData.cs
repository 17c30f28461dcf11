using System.Text;

namespace DeepNet.Plots;

/// <summary>The <c>d</c> of a path.</summary>
internal sealed class PathData(int decimals = 2)
{
    private readonly StringBuilder text = new();

    public PathData Move(double x, double y) => Add('M', x, y);

    public PathData Line(double x, double y) => Add('L', x, y);

    /// <summary>A line of no length: a dot, where strokes have caps.</summary>
    public PathData Dot(double x, double y)
    {
        Add('M', x, y);
        text.Append("h0");
        return this;
    }

    public PathData Close()
    {
        text.Append('Z');
        return this;
    }

    public PathData Rect(double left, double top, double right, double bottom)
        => Move(left, top).Line(right, top).Line(right, bottom).Line(left, bottom).Close();

    public override string ToString() => text.ToString();

    private PathData Add(char command, double x, double y)
    {
        text.Append(command).Append(Svg.Number(Math.Round(x, decimals))).Append(' ').Append(Svg.Number(Math.Round(y, decimals)));
        return this;
    }
}
