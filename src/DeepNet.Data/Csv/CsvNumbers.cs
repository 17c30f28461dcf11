using System.Buffers;
using System.Globalization;

namespace DeepNet.Data.Csv;

/// <summary>The notation of numbers in a table: a point or another mark before the fraction.</summary>
internal sealed class CsvNumbers
{
    private const int ThousandsDigits = 3;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789"),
        NumberSigns = SearchValues.Create("0123456789.,'’ \u00a0\u202f+-");

    private readonly NumberFormatInfo format;

    public CsvNumbers(char decimalMark)
    {
        DecimalMark = decimalMark;
        format = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        format.NumberDecimalSeparator = decimalMark.ToString();
        // Thousands are not read; the two must only differ.
        format.NumberGroupSeparator = decimalMark == ',' ? "." : ",";
    }

    public char DecimalMark { get; }

    /// <summary>
    /// The decimal mark of some cells: a comma if there is a number that only a decimal comma explains, as 1,5, and none that only a
    /// decimal point explains. 1,234 says nothing: the comma may separate thousands.
    /// </summary>
    public static char Detect(IEnumerable<List<string>> columns)
    {
        var (point, comma) = (new CsvNumbers('.'), new CsvNumbers(','));
        bool hasComma = false;
        foreach (var column in columns)
            foreach (string cell in column)
                if (cell.Contains('.', StringComparison.Ordinal) && point.TryRead(cell.Trim(), out _)) return '.';
                else
                    hasComma |= cell.Contains(',', StringComparison.Ordinal) && comma.TryRead(cell.Trim(), out _)
                        && !MayBeThousands(cell.Trim());
        return hasComma ? ',' : '.';
    }

    public bool TryRead(string text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, format, out number) && float.IsFinite((float)number)) return true;
        number = double.NaN;
        return false;
    }

    /// <summary>
    /// True for what a person would call a number, although it is not written as <see cref="TryRead"/> reads it: 1,5 or 1.234,50 or 12 %.
    /// </summary>
    public static bool LooksLikeOne(string text)
    {
        var bare = text.AsSpan().Trim("$€£¥% \u00a0");
        return bare.ContainsAny(Digits) && !bare.ContainsAnyExcept(NumberSigns) && bare.LastIndexOfAny('+', '-') <= 0;
    }

    private static bool MayBeThousands(string text)
    {
        string[] groups = text.TrimStart('+', '-').Split(',');
        return groups.Length > 1 && groups[0].Length is > 0 and <= ThousandsDigits && groups[0][0] != '0'
            && groups.Skip(1).All(group => group.Length == ThousandsDigits && !group.AsSpan().ContainsAnyExcept(Digits));
    }
}
