namespace DeepNet.Plots;

/// <summary>A rectangle in pixels; y grows downwards.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double CenterX => Left + Width / 2;

    public double CenterY => Top + Height / 2;

    public Box Shrink(double left, double top, double right, double bottom)
        => new(Left + left, Top + top, Math.Max(10, Width - left - right), Math.Max(10, Height - top - bottom));
}
