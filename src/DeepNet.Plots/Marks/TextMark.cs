namespace DeepNet.Plots;

/// <summary>Words at a point.</summary>
internal sealed class TextMark(double x, double y, string text) : Mark
{
    public override int Layer => 8;

    public override void Measure(Span spanX, Span spanY)
    {
        spanX.Add(x);
        spanY.Add(y);
    }

    public override void Arrange(Frame frame)
    {
        double px = frame.X.At(x), py = frame.Y.At(y);
        if (!double.IsFinite(px + py)) return;
        frame.Write(text, [(px + 6, py - 6, "start"), (px - 6, py - 6, "end"), (px + 6, py + 15, "start"), (px - 6, py + 15, "end"),
            (px, py - 8, "middle"), (px, py + 18, "middle"), (px + 6, py - 22, "start"), (px + 6, py + 30, "start"),
                (px - 6, py - 22, "end"), (px - 6, py + 30, "end")]);
    }

    public override void Cover(Coverage coverage, Frame frame) => coverage.Point(frame.X.At(x), frame.Y.At(y));

    public override void Draw(Svg svg, Frame frame)
    {
        // The frame draws words last, over everything.
    }

    public override string Describe() => $"“{text}” at ({Compact.Number(x)}, {Compact.Number(y)})";
}
