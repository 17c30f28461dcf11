namespace DeepNet.Plots;

/// <summary>
/// Estimates the width of text. Nobody measures fonts while an SVG is written, so this errs on the wide side of common sans-serif ones.
/// </summary>
internal static class Lettering
{
    public const double TickSize = 12, LabelSize = 13, TitleSize = 15;

    // Titles are set in bold letters, which are wider.
    public const double TitleMeasure = TitleSize * 1.16;

    public static double Width(string text, double size)
    {
        double width = 0;
        foreach (char c in text)
            width += c switch
            {
                'i' or 'l' or 'j' or '.' or ',' or ':' or ';' or '|' or '\'' or '!' or '·' => 0.31,
                'f' or 't' or 'r' or ' ' or '(' or ')' or '[' or ']' or '/' or '⁻' or (>= '⁰' and <= '⁹') or '¹' or '²' or '³' => 0.40,
                'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.92,
                >= 'A' and <= 'Z' => 0.70,
                >= '0' and <= '9' => 0.62,
                >= '⺀' => 1.0,
                _ => 0.60,
            };
        return width * size;
    }

    /// <summary>Cut short with an ellipsis, so that it fits.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Width(text, size) <= width) return text;
        int length = text.Length;
        while (length > 1 && Width(text[..length], size) + size > width) length--;
        if (char.IsHighSurrogate(text[length - 1])) length--;
        return text[..length].TrimEnd() + "…";
    }

    /// <summary>Broken between words into lines that fit, at most so many.</summary>
    public static List<string> Wrap(string text, double size, double width, int most)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && lines.Count < most - 1 && Width(longer, size) > width)
            {
                lines.Add(line);
                line = word;
            }
            else line = longer;
        }
        if (line.Length > 0) lines.Add(Fit(line, size, width));
        return lines;
    }
}
