namespace DeepNet.Plots;

/// <summary>A colour in sRGB.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>Gets the relative luminance, from 0 to 1.</summary>
    public double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    /// <summary>As CSS writes it: <c>#rrggbb</c>.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";

    /// <summary>Lighter (factor above 1) or darker (below 1).</summary>
    internal Rgb Shade(double factor)
        => new((byte)Math.Clamp(R * factor, 0, 255), (byte)Math.Clamp(G * factor, 0, 255), (byte)Math.Clamp(B * factor, 0, 255));

    private static double Linear(byte value)
    {
        double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }
}
