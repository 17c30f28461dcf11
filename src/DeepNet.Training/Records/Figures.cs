using System.Globalization;
using DeepNet.IO;

namespace DeepNet.Training;

/// <summary>Figures as text: short, and alike everywhere.</summary>
internal static class Figures
{
    /// <summary>All figures in a line: <c>loss 0.3421  accuracy 0.9012</c>.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, double>> values)
        => string.Join("  ", values.Select(v => $"{Printable.Line(v.Key)} {Text(v.Value)}"));

    /// <summary>A figure with four digits after the point, or four that count.</summary>
    public static string Text(double value)
    {
        double size = Math.Abs(value);
        string format = size is 0 or (>= 0.001 and < 1000) ? "0.0000" : size is >= 1000 and < 1e7 ? "0.0" : "0.000e+0";
        return double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A time: <c>0.31 s</c>, <c>12.4 s</c>, <c>3:05 min</c>, <c>2:10 h</c>.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 9.995 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        < 99.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)}:{(int)seconds % 60:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)}:{(int)seconds / 60 % 60:00} h"),
    };
}
