namespace DeepNet.Labs.Kit;

/// <summary>Images of digits as figures.</summary>
internal static class Picture
{
    /// <summary>An image of 14×14 numbers, as black ink on white.</summary>
    public static Plot Draw(string name, Tensor image) => Draw(name, image, 0, 1, ColorMap.Grey);

    /// <summary>A change of an image, of at most some size in either direction.</summary>
    public static Plot DrawChange(string name, Tensor image, double size) => Draw(name, image, -size, size, ColorMap.Diverging);

    private static Plot Draw(string name, Tensor image, double low, double high, ColorMap map)
    {
        double[] axis = Fit.Grid(1, DigitImages.Side, DigitImages.Side);
        var upright = image.Reshape(1, 1, DigitImages.Side, DigitImages.Side).Flip(2);       // the first row of an image is on top
        return new Plot(name) { Width = 240, Height = 260, EqualAspect = true, ShowAxes = false, ZMin = low, ZMax = high, ColorMap = map }
            .HeatMap(axis, axis, Plane.Fold(upright, axis, axis));
    }
}
