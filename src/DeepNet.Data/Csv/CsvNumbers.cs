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
    private readonly char? groupMark;

    public CsvNumbers(char decimalMark, char? groupMark = null)
    {
        DecimalMark = decimalMark;
        this.groupMark = groupMark;
        format = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        format.NumberDecimalSeparator = decimalMark.ToString();
        // Thousands are taken out before; the two must only differ.
        format.NumberGroupSeparator = decimalMark == ',' ? "." : ",";
    }

    public char DecimalMark { get; }

    /// <summary>The marks that the options give, themselves or by a culture; null for those that they do not.</summary>
    public static (char? Decimal, char? Group) Given(CsvOptions options)
    {
        var culture = options.Culture?.NumberFormat;
        char? point = options.DecimalMark ?? Only(culture?.NumberDecimalSeparator),
            group = options.GroupMark ?? Only(culture?.NumberGroupSeparator);
        if (group is not null && IsGroup(group.Value, point ?? '.'))
            throw new ArgumentException($"[csv] '{group}' cannot be the mark before the fraction and between thousands.");
        return (point, group);

        static char? Only(string? mark) => mark is [var c] ? c : null;
    }

    /// <summary>
    /// The decimal mark of some cells: a comma if there is a number that only a decimal comma explains, as 1,5, and none that only a
    /// decimal point explains. 1,234 says nothing: the comma may separate thousands.
    /// </summary>
    public static char Detect(IEnumerable<List<string>> columns, out string why)
    {
        var (point, comma) = (new CsvNumbers('.'), new CsvNumbers(','));
        string? shown = null;
        foreach (var column in columns)
            foreach (string cell in column)
                if (cell.Contains('.', StringComparison.Ordinal) && point.TryRead(cell.Trim(), out _))
                {
                    why = $"as in {cell.Trim()}";
                    return '.';
                }
                else if (shown is null && cell.Contains(',', StringComparison.Ordinal) && comma.TryRead(cell.Trim(), out _)
                    && !MayBeThousands(cell.Trim()))
                {
                    shown = cell.Trim();
                }
        why = shown is null ? "no number has a fraction" : $"as in {shown}";
        return shown is null ? '.' : ',';
    }

    public bool TryRead(string text, out double number)
    {
        if (groupMark is { } mark && text.AsSpan().ContainsAnyInRange('0', '9') && !TryUngroup(ref text, mark))
        {
            number = double.NaN;
            return false;
        }
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

    // Takes the marks out; false where groups have not three digits each, which is another notation.
    private bool TryUngroup(ref string text, char mark)
    {
        int end = text.AsSpan().IndexOfAny(DecimalMark, 'e', 'E');
        var whole = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        int first = 0;
        while (first < whole.Length && !IsGroup(mark, whole[first])) first++;
        if (first == whole.Length) return true;
        var bare = new System.Text.StringBuilder().Append(whole[..first]);
        if (whole[..first].TrimStart("+-").Length is 0 or > ThousandsDigits) return false;
        for (int i = first; i < whole.Length; i += ThousandsDigits + 1)
        {
            if (!IsGroup(mark, whole[i]) || i + ThousandsDigits >= whole.Length) return false;
            var group = whole.Slice(i + 1, ThousandsDigits);
            if (group.ContainsAnyExcept(Digits)) return false;
            bare.Append(group);
        }
        text = bare.Append(text.AsSpan(whole.Length)).ToString();
        return true;
    }

    private static bool IsGroup(char mark, char c) => c == mark || IsSpace(c) && IsSpace(mark);

    private static bool IsSpace(char c) => c is ' ' or '\u00a0' or '\u202f';

    private static bool MayBeThousands(string text)
    {
        string[] groups = text.TrimStart('+', '-').Split(',');
        return groups.Length > 1 && groups[0].Length is > 0 and <= ThousandsDigits && groups[0][0] != '0'
            && groups.Skip(1).All(group => group.Length == ThousandsDigits && !group.AsSpan().ContainsAnyExcept(Digits));
    }
}
