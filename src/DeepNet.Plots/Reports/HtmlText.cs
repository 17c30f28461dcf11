using System.Text;
using System.Text.RegularExpressions;

namespace DeepNet.Plots;

/// <summary>Text for a page: everything escaped, then a little markup: <c>`code`</c>, <c>*emphasis*</c>, <c>**strong**</c>.</summary>
internal static partial class HtmlText
{
    public static string Escape(string text) => Svg.Escape(text);

    /// <summary>
    /// Escaped, with the markup made into elements. Marks that do not come in pairs stay as they are, and nothing inside code is markup.
    /// </summary>
    public static string Format(string text)
    {
        var html = new StringBuilder();
        string[] parts = Escape(text).Split('`');
        // Behind an odd number of marks the last one opens nothing.
        int last = parts.Length % 2 == 0 ? parts.Length - 1 : parts.Length;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i == last) html.Append('`').Append(Emphasise(parts[i]));
            else if (i % 2 == 1) html.Append("<code>").Append(parts[i]).Append("</code>");
            else html.Append(Emphasise(parts[i]));
        }
        return html.ToString();
    }

    /// <summary>A name that can stand in an address: lower letters, digits, hyphens.</summary>
    public static string Anchor(string text)
    {
        string name = NotPlain().Replace(text.ToLowerInvariant(), "-").Trim('-');
        return name.Length > 0 ? name : "section";
    }

    private static string Emphasise(string text) => Emphasis().Replace(Strong().Replace(text, "<strong>$1</strong>"), "<em>$1</em>");

    [GeneratedRegex(@"\*\*(?=\S)([^*]+?)(?<=\S)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])")]
    private static partial Regex Emphasis();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
