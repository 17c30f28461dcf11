namespace DeepNet.Plots;

/// <summary>Maps numbers to the colours of one plot.</summary>
internal sealed class ColorScale(Axis axis, ColorMap map)
{
    public Axis Axis { get; } = axis;

    public ColorMap Map { get; } = map;

    /// <summary>Bounds between which the colour stays the same, if the plot shows bands.</summary>
    public double[]? Levels { get; init; }

    /// <summary>None for what is no number, or has no logarithm.</summary>
    public Rgb? At(double value)
    {
        double fraction = Fraction(value);
        return double.IsNaN(fraction) ? null : Map.At(fraction);
    }

    /// <summary>
    /// Returns the position of a number on the scale. A zero has no logarithm but is less than all: the floor of a valley is no hole.
    /// </summary>
    public double Fraction(double value)
        => double.IsPositiveInfinity(value) ? 1 : double.IsNegativeInfinity(value)
            || (value == 0 && Axis.Scale == AxisScale.Log) ? 0 : Axis.Fraction(value);

    /// <summary>The colour of band k: below level 0, between levels 0 and 1, and so on.</summary>
    public Rgb Band(int k)
    {
        double low = k == 0 ? 0 : Axis.Fraction(Levels![k - 1]), high = k == Levels!.Length ? 1 : Axis.Fraction(Levels[k]);
        // The outer bands reach the ends of the scale; inner ones take their middle.
        return Map.At(
            Levels.Length == 0 ? 0.5 : k == 0 ? Math.Max(0, high - Half()) : k == Levels.Length ? Math.Min(
                1, low + Half()) : (low + high) / 2);
    }

    private double Half() => Levels!.Length < 2 ? 0.3 : (Axis.Fraction(Levels[^1]) - Axis.Fraction(Levels[0])) / (Levels.Length - 1) / 2;
}
