namespace DeepNet.IO;

/// <summary>
/// Makes text from files safe to print. Names of tensors, columns and classes may hold escape sequences, which terminals obey, and marks of
/// writing direction, which show a name as another one.
/// </summary>
/// <remarks>All messages and tables of this library are made with it; use it for what your program prints of a file itself.</remarks>
public static class Printable
{
    private const char Replacement = '?';

    /// <summary>Replaces all control characters of a text, line breaks included, by question marks.</summary>
    /// <returns>The text itself if it has none.</returns>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Replaces the control characters of a text except line breaks and tabs by question marks.</summary>
    /// <returns>The text itself if it has none.</returns>
    public static string Text(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int i = 0; i < text.Length; i++)
            if (!IsHarmless(text, i, keepLines))
                return string.Create(text.Length, (text, keepLines), static (clean, source) =>
                {
                    for (int at = 0; at < clean.Length; at++)
                        clean[at] = IsHarmless(source.text, at, source.keepLines) ? source.text[at] : Replacement;
                });
        return text;
    }

    private static bool IsHarmless(string text, int at, bool keepLines)
    {
        char c = text[at];
        if (c is >= ' ' and < '\u007f') return true;
        if (keepLines && (c is '\n' or '\t' || c == '\r' && at + 1 < text.Length && text[at + 1] == '\n')) return true;
        if (char.IsHighSurrogate(c)) return at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        if (char.IsLowSurrogate(c)) return at > 0 && char.IsHighSurrogate(text[at - 1]);
        return !char.IsControl(c)
            && c is not ('\u061c' or '\u200e' or '\u200f' or '\u2028' or '\u2029'
                or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
    }
}
