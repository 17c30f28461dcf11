using System.Globalization;

namespace DeepNet.Printing;

/// <summary>
/// Fractions as NumPy aligns them: points under each other, just enough digits, blanks in place of trailing zeros; scientific
/// notation for all if the magnitudes are too far apart, too large or too small.
/// </summary>
internal sealed class FloatFormat : ElementFormat
{
    private const double LargestPlain = 1e8, SmallestPlain = 1e-4, WidestPlain = 1000;

    private readonly NumberFormatInfo culture;
    private readonly bool isScientific;
    private readonly int precision, wholeWidth, fractionWidth, exponentDigits;

    public FloatFormat(IReadOnlyList<Element> elements, int precision, NumberFormatInfo culture)
    {
        this.culture = culture;
        this.precision = precision;
        isScientific = IsScientific(elements);
        bool anyFinite = false;
        int special = 0;
        foreach (var element in elements)
        {
            if (!double.IsFinite(element.Real))
            {
                special = Math.Max(special, Special(element.Real).Length);
                continue;
            }
            anyFinite = true;
            var text = Split(element);
            wholeWidth = Math.Max(wholeWidth, text.Whole.Length);
            fractionWidth = Math.Max(fractionWidth, text.Fraction.Length);
            exponentDigits = Math.Max(exponentDigits, ExponentText(text.Exponent).Length);
        }
        if (!anyFinite) Tail = -1;
        else Tail = isScientific ? fractionWidth + exponentDigits + 2 : fractionWidth;
        wholeWidth = Math.Max(wholeWidth, special - Tail - 1);
    }

    /// <summary>Characters behind the point.</summary>
    private int Tail { get; }

    public override string Write(in Element element)
    {
        if (!double.IsFinite(element.Real)) return Special(element.Real).PadLeft(wholeWidth + Tail + 1);
        var text = Split(element);
        string whole = text.Whole.PadLeft(wholeWidth), point = culture.NumberDecimalSeparator;
        if (!isScientific) return whole + point + text.Fraction.PadRight(fractionWidth);
        return whole + point + text.Fraction.PadRight(fractionWidth, '0')
            + (text.Exponent < 0 ? "e-" : "e+") + ExponentText(text.Exponent).PadLeft(exponentDigits, '0');
    }

    /// <summary>A single number, as Python writes it: all digits that identify it, and <c>.0</c> where there is no fraction.</summary>
    public static string Single(in Element element, NumberFormatInfo culture)
    {
        double x = element.Real, magnitude = Math.Abs(x);
        if (!double.IsFinite(x)) return Special(x);
        const int all = 20;
        if (magnitude == 0 || magnitude is >= SmallestPlain and < 1e16)
        {
            var plain = Decimal.Positional(x, element.DType, all);
            return plain.Whole + culture.NumberDecimalSeparator + (plain.Fraction.Length == 0 ? "0" : plain.Fraction);
        }
        var text = Decimal.Scientific(x, element.DType, all);
        string fraction = text.Fraction.Length == 0 ? "" : culture.NumberDecimalSeparator + text.Fraction;
        return text.Whole + fraction + (text.Exponent < 0 ? "e-" : "e+") + ExponentText(text.Exponent);
    }

    private Decimal Split(in Element element)
        => isScientific
            ? Decimal.Scientific(element.Real, element.DType, precision)
            : Decimal.Positional(element.Real, element.DType, precision);

    private static string ExponentText(int exponent) => Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Special(double x) => double.IsNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";

    private static bool IsScientific(IReadOnlyList<Element> elements)
    {
        double largest = 0, smallest = double.PositiveInfinity;
        foreach (var element in elements)
        {
            double magnitude = Math.Abs(element.Real);
            if (!double.IsFinite(magnitude) || magnitude == 0) continue;
            largest = Math.Max(largest, magnitude);
            smallest = Math.Min(smallest, magnitude);
        }
        return largest > 0 && (largest >= LargestPlain || smallest < SmallestPlain || largest / smallest > WidestPlain);
    }
}
