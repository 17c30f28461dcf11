using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeepNet.Fuzz.Mutation;

/// <summary>Damage to JSON that mostly stays JSON: other numbers, other names, parts doubled, moved or left out.</summary>
public static partial class JsonMutation
{
    private const int MostAtOnce = 3, MostNesting = 200;

    private static readonly string[] Values = ["null", "true", "{}", "[]", "\"\"", "\"NaN\"", "\"Infinity\"", "1e400", "-0", "1.5",
        "0.1e-320", "\"F64\"", "\"\\ud800\"", "[[[[[[[[[["];

    public static string Mutate(string json, Chance chance)
    {
        if (chance.OneIn(8)) return Encoding.UTF8.GetString(ByteMutation.Mutate(Encoding.UTF8.GetBytes(json), chance));
        var tokens = Token().Matches(json).Select(m => m.Value).ToList();
        for (int times = chance.Next(1, MostAtOnce + 1); times > 0 && tokens.Count > 0; times--) Once(tokens, chance);
        return string.Concat(tokens);
    }

    public static string Quote(string text)
    {
        string valid = text.Replace("\ud800", "", StringComparison.Ordinal);
        return $"\"{JsonEncodedText.Encode(valid, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }

    private static void Once(List<string> tokens, Chance chance)
    {
        int at = chance.Next(tokens.Count);
        switch (chance.Next(7))
        {
            case 0 or 1:
                Replace(tokens, at, t => char.IsAsciiDigit(t[^1]), chance.Odd().ToString(CultureInfo.InvariantCulture));
                break;
            case 2:
                Replace(tokens, at, t => t[0] == '"', Quote(Names.Any(chance)));
                break;
            case 3:
                Replace(tokens, at, t => t[0] == '"' || char.IsAsciiDigit(t[^1]), chance.Pick(Values));
                break;
            case 4:
                tokens.InsertRange(chance.Next(tokens.Count), Part(tokens, at));
                break;
            case 5:
                tokens.RemoveRange(at, Part(tokens, at).Count);
                break;
            default:
                Replace(tokens, at, t => t[0] == '"' || char.IsAsciiDigit(t[^1]), new string('[', chance.Next(1, MostNesting)));
                break;
        }
    }

    // The next token of a kind from a place on.
    private static void Replace(List<string> tokens, int from, Predicate<string> kind, string by)
    {
        int at = tokens.FindIndex(from, kind);
        if (at >= 0) tokens[at] = by;
    }

    /// <summary>A property, a value or an element with the comma behind it.</summary>
    private static List<string> Part(List<string> tokens, int at)
    {
        int depth = 0, end = at;
        for (; end < tokens.Count; end++)
        {
            if (tokens[end] is "{" or "[") depth++;
            if (tokens[end] is "}" or "]" && --depth < 0) break;
            if (tokens[end] == "," && depth == 0)
            {
                end++;
                break;
            }
        }
        return tokens.GetRange(at, Math.Max(1, end - at));
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z]+|\s+|.
        """, RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
