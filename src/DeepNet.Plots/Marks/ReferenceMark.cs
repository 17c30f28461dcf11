namespace DeepNet.Plots;

/// <summary>A line across the whole plot at one number, with its name beside it.</summary>
internal sealed class ReferenceMark(double value, bool vertical, string? name) : Mark
{
    public override int Layer => 4;

    public override void Measure(Span x, Span y) => (vertical ? x : y).Add(value);

    public override void Arrange(Frame frame)
    {
        if (string.IsNullOrEmpty(name) || !Visible(frame)) return;
        var places = new List<(double, double, string)>();
        var area = frame.Area;
        if (vertical)
        {
            double x = frame.X.At(value);
            for (int row = 0; row < 6; row++)
            {
                double y = area.Top + 13 + 16 * row;
                places.Add((x + 5, y, "start"));
                places.Add((x - 5, y, "end"));
            }
        }
        else
        {
            double y = frame.Y.At(value);
            places.AddRange(
                [(area.Right - 5, y - 5, "end"), (area.Right - 5, y + 14, "end"), (area.Left + 5, y - 5, "start"),
                    (area.Left + 5, y + 14, "start"),
                (area.CenterX, y - 5, "middle"), (area.CenterX, y + 14, "middle")]);
        }
        frame.Write(name, places);
    }

    public override void Cover(Coverage coverage, Frame frame)
    {
        if (!Visible(frame)) return;
        // A legend may cross such a line: it goes on at both sides.
    }

    public override void Draw(Svg svg, Frame frame)
    {
        if (!Visible(frame)) return;
        var area = frame.Area;
        if (vertical) svg.Line(frame.X.At(value), area.Top, frame.X.At(value), area.Bottom, "rf");
        else svg.Line(area.Left, frame.Y.At(value), area.Right, frame.Y.At(value), "rf");
    }

    public override string Describe() => $"{Named(vertical ? "vertical line" : "horizontal line", name)} at {Compact.Number(value)}";

    private bool Visible(Frame frame) => (vertical ? frame.X : frame.Y).Fraction(value) is >= -1e-9 and <= 1 + 1e-9;
}
