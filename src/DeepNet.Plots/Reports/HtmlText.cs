using System.Text;
using System.Text.RegularExpressions;

namespace DeepNet.Plots;

/// <summary>
/// Text for a page: everything escaped, then a little markup: <c>`code`</c>, <c>*emphasis*</c>, <c>**strong**</c>, and where they are
/// wanted formulas between dollars.
/// </summary>
internal static partial class HtmlText
{
    // Stands for a formula while the words around it are marked up; no text can hold it, since control characters are dropped.
    private const char Formula = '\u0001';

    public static string Escape(string text) => Svg.Escape(text);

    /// <summary>
    /// Escaped, with the markup made into elements. Marks that do not come in pairs stay as they are, and nothing inside code is markup.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="formulas">Sets what stands between dollars as a formula; <c>\$</c> is a dollar.</param>
    public static string Format(string text, bool formulas = false)
    {
        var html = new StringBuilder();
        string[] parts = text.Split('`');
        // Behind an odd number of marks the last one opens nothing.
        int last = parts.Length % 2 == 0 ? parts.Length - 1 : parts.Length;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i == last) html.Append('`');
            if (i % 2 == 1 && i != last) html.Append("<code>").Append(Escape(parts[i])).Append("</code>");
            else html.Append(formulas ? WithFormulas(parts[i]) : Emphasise(Escape(parts[i])));
        }
        return html.ToString();
    }

    /// <summary>A name that can stand in an address: lower letters, digits, hyphens.</summary>
    public static string Anchor(string text)
    {
        string name = NotPlain().Replace(text.ToLowerInvariant(), "-").Trim('-');
        return name.Length > 0 ? name : "section";
    }

    private static string WithFormulas(string text)
    {
        var words = new StringBuilder();
        var formulas = new Queue<string>();
        int done = 0;
        foreach (Match match in Dollars().Matches(text))
        {
            words.Append(Escape(text[done..match.Index]));
            done = match.Index + match.Length;
            if (match.Value == @"\$")
            {
                words.Append('$');
                continue;
            }
            words.Append(Formula);
            formulas.Enqueue(MathMl.Of(match.Groups[1].Value));
        }
        string html = Emphasise(words.Append(Escape(text[done..])).ToString());
        if (formulas.Count == 0) return html;
        var whole = new StringBuilder();
        foreach (char c in html) _ = c == Formula ? whole.Append(formulas.Dequeue()) : whole.Append(c);
        return whole.ToString();
    }

    private static string Emphasise(string text) => Emphasis().Replace(Strong().Replace(text, "<strong>$1</strong>"), "<em>$1</em>");

    // Prices are no formulas: inside the dollars there is no space at the ends, and no digit behind.
    [GeneratedRegex(@"\\\$|\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)", RegexOptions.Singleline)]
    private static partial Regex Dollars();

    [GeneratedRegex(@"\*\*(?=\S)([^*]+?)(?<=\S)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])")]
    private static partial Regex Emphasis();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
