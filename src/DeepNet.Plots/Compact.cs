using System.Globalization;

namespace DeepNet.Plots;

/// <summary>Numbers as people read them on a chart: few digits, k and M for the large, a true minus sign.</summary>
internal static class Compact
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly (double Unit, string Suffix)[] Units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>A number by itself, with so many significant digits: 0.00123, 45.6, 12.3k, 1.2e−7.</summary>
    public static string Number(double value, int digits = 3)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "−∞";
        if (value == 0) return "0";
        double magnitude = Math.Abs(value);
        if (value == Math.Round(value) && magnitude < 1e4) return Minus(value.ToString("0", CultureInfo.InvariantCulture));
        if (magnitude is < 1e-4 or >= 1e15) return Scientific(value, digits - 1);
        double unit = 1;
        string suffix = "";
        // What rounds up to the next unit belongs to it: 999.96k is 1M.
        double rounded = RoundTo(magnitude, digits);
        if (rounded >= 1e4)
            foreach (var (u, s) in Units)
                if (rounded >= u)
                {
                    (unit, suffix) = (u, s);
                    break;
                }
        int whole = (int)Math.Floor(Math.Log10(rounded / unit)) + 1;
        return Minus((value / unit).ToString("0." + new string('#', Math.Clamp(digits - whole, 0, 12)), CultureInfo.InvariantCulture))
            + suffix;
    }

    /// <summary>A tick of a linear axis: as many digits as its step needs, the same unit on the whole axis.</summary>
    public static string Tick(double value, double step, double largest)
    {
        if (Math.Abs(value) < step * 1e-9) return "0";
        if (largest is < 1e-4 or >= 1e15 || step < 1e-7)
            return Scientific(value, Math.Clamp((int)(Exponent(Math.Abs(value)) - Exponent(step)), 0, 15));
        double unit = 1;
        string suffix = "";
        if (largest >= 1e4)
            foreach (var (u, s) in Units)
                if (largest >= u && step >= u * 0.009)
                {
                    (unit, suffix) = (u, s);
                    break;
                }
        int decimals = Math.Clamp(-(int)Exponent(step / unit), 0, 12);
        return Minus((value / unit).ToString("F" + decimals, CultureInfo.InvariantCulture)) + suffix;
    }

    /// <summary>10ᵏ.</summary>
    public static string Power(int exponent)
    {
        var text = new System.Text.StringBuilder("10");
        if (exponent < 0) text.Append('⁻');
        foreach (char c in Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)) text.Append(Superscripts[c - '0']);
        return text.ToString();
    }

    /// <summary>The exponent of ten, right for exact powers too.</summary>
    public static double Exponent(double value) => Math.Floor(Math.Log10(value) + 1e-9);

    private static double RoundTo(double value, int digits)
    {
        double scale = Math.Pow(10, digits - 1 - Exponent(value));
        return double.IsInfinity(scale) ? value : Math.Round(value * scale) / scale;
    }

    private static string Scientific(double value, int decimals)
        => Minus(value.ToString("0." + new string('#', decimals) + "e-0", CultureInfo.InvariantCulture));

    private static string Minus(string text) => text.Replace('-', '−');
}
