using System.Text;
using System.Text.RegularExpressions;

namespace DeepNet.Labs.Texts;

/// <summary>The texts of a lab in another language than English.</summary>
/// <remarks>
/// A file holds entries: the English text, then the other after <c>= </c>, then an empty line. Line ends within a text count as spaces.
/// Numbers and what else a run puts into a text stand as <c>{0}</c>, <c>{1}</c> in both:
/// <code>
/// the head alone reaches {0}, with rank 1 {1}
/// = 只训练输出层达到 {0}，秩为 1 时达到 {1}
/// </code>
/// A text of several paragraphs has an entry for each. What fills a place is translated as well if it is an entry.
/// </remarks>
internal sealed class Translation
{
    private readonly Dictionary<string, string> exact = [];
    private readonly List<(Regex Pattern, string Text, int Literal)> patterns = [];

    private Translation(IEnumerable<string> files)
    {
        foreach (string file in files)
            foreach (var (english, other) in Entries(file)) Add(english, other);
        patterns.Sort((a, b) => b.Literal.CompareTo(a.Literal));
    }

    /// <summary>Returns the Chinese texts of a lab and those that labs share.</summary>
    public static Translation Chinese(Lab lab) => new([Read($"zh.{lab.Name}.txt"), Read("zh.common.txt"), Read("zh.moving.txt")]);

    /// <summary>Returns the Chinese texts of the page around the labs.</summary>
    public static Translation ChinesePage() => new([Read("zh.page.txt"), Read("zh.common.txt")]);

    /// <summary>Returns the other language's form of an English text; null if there is none.</summary>
    public string? Of(string english)
    {
        string key = Joined(english);
        if (exact.TryGetValue(key, out string? text)) return text;
        foreach (var (pattern, form, _) in patterns)
            if (pattern.Match(key) is { Success: true } match)
                return Regex.Replace(form, @"\{(\d+)\}", place =>
                {
                    string part = match.Groups[$"p{place.Groups[1].Value}"].Value;
                    return Of(part) ?? part;
                });
        return null;
    }

    /// <summary>Returns whether a text needs a translation: it has a word of two letters or more.</summary>
    public static bool IsNeeded(string english) => Regex.IsMatch(english, "[A-Za-z]{2}");

    /// <summary>Returns the entries of a file in order.</summary>
    public static IEnumerable<(string English, string Other)> Entries(string file)
    {
        foreach (string block in Regex.Split(file.ReplaceLineEndings("\n").Trim(), @"\n\s*\n"))
        {
            string[] lines = [.. block.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#'))];
            if (lines.Length == 0) continue;
            int at = Array.FindIndex(lines, l => l.StartsWith("= ", StringComparison.Ordinal));
            if (at < 1) throw new FormatException($"an entry needs the English text, and then '= ' and the other one: {block}");
            yield return (string.Join(' ', lines[..at]), string.Concat([lines[at][2..], .. lines[(at + 1)..]]));
        }
    }

    private void Add(string english, string other)
    {
        if (!english.Contains("{0}", StringComparison.Ordinal))
        {
            exact.TryAdd(english, other);
            return;
        }
        var pattern = new StringBuilder("^");
        var named = new HashSet<string>();
        foreach (string part in Regex.Split(english, @"(\{\d+\})"))
            pattern.Append(
                part is not ['{', .. var number, '}'] ? Regex.Escape(part)
                : named.Add(number) ? $"(?<p{number}>.*?)" : $"\\k<p{number}>");
        patterns.Add((new(pattern.Append('$').ToString(), RegexOptions.Singleline), other, Regex.Replace(english, @"\{\d+\}", "").Length));
    }

    private static string Joined(string text) => Regex.Replace(text.Trim(), @"\s+", " ");

    private static string Read(string name)
    {
        using var stream = typeof(Translation).Assembly.GetManifestResourceStream(name);
        if (stream is null) return "";
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
