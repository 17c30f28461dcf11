using System.Globalization;

namespace DeepNet.Printing;

/// <summary>A finite number in decimal: a sign, and digits before and after the point.</summary>
/// <param name="Whole">The digits before the point with the sign, at least one.</param>
/// <param name="Fraction">The digits behind it, without trailing zeros.</param>
/// <param name="Exponent">The power of ten, in scientific notation; 0 otherwise.</param>
internal readonly record struct Decimal(string Whole, string Fraction, int Exponent)
{
    /// <summary>
    /// The shortest digits that identify the number in its element type, but no more than a number of them behind the point.
    /// </summary>
    public static Decimal Positional(double x, DType dtype, int precision)
    {
        var (sign, digits, exponent) = Shortest(x, dtype);
        if (digits.Length - 1 - exponent > precision)
        {
            string text = x.ToString("F" + precision, CultureInfo.InvariantCulture);
            int point = text.IndexOf('.', StringComparison.Ordinal);
            return point < 0 ? new(text, "", 0) : new(text[..point], text[(point + 1)..].TrimEnd('0'), 0);
        }
        if (exponent < 0) return new(sign + "0", new string('0', -exponent - 1) + digits.TrimEnd('0'), 0);
        string whole = digits.Length > exponent + 1 ? digits[..(exponent + 1)] : digits.PadRight(exponent + 1, '0');
        return new(sign + whole, digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "", 0);
    }

    /// <summary>The same with one digit before the point and a power of ten.</summary>
    public static Decimal Scientific(double x, DType dtype, int precision)
    {
        var (sign, digits, exponent) = Shortest(x, dtype);
        if (digits.Length - 1 > precision) (sign, digits, exponent) = Parse(x.ToString("E" + precision, CultureInfo.InvariantCulture));
        return new(sign + digits[0], digits[1..].TrimEnd('0'), exponent);
    }

    private static (string Sign, string Digits, int Exponent) Shortest(double x, DType dtype) => Parse(dtype switch
    {
        DType.Float64 => x.ToString("R", CultureInfo.InvariantCulture),
        DType.Float16 => ((Half)x).ToString("R", CultureInfo.InvariantCulture),
        _ => ((float)x).ToString("R", CultureInfo.InvariantCulture),
    });

    /// <summary>Significant digits without leading or trailing zeros, at least one, and the power of ten of the first.</summary>
    private static (string Sign, string Digits, int Exponent) Parse(string text)
    {
        string sign = text[0] == '-' ? "-" : "";
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = text[sign.Length..(e < 0 ? text.Length : e)];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? mantissa : mantissa.Remove(point, 1);
        int exponent = (point < 0 ? mantissa.Length : point) - 1 + power;
        string trimmed = digits.TrimStart('0');
        exponent -= digits.Length - trimmed.Length;
        trimmed = trimmed.TrimEnd('0');
        return trimmed.Length == 0 ? (sign, "0", 0) : (sign, trimmed, exponent);
    }
}
