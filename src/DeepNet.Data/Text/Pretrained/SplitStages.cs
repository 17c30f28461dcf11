using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace DeepNet.Data.Text;

/// <summary>
/// Cuts text by patterns one after the other: what a pattern matches, and what lies between, goes to the next one in pieces.
/// </summary>
internal sealed class SplitStages(Regex[] stages) : PreTokenizer
{
    // A pattern of a file may take for ever on some texts.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Gets GPT-2's pattern: words with the space before them, numbers, marks, and spaces.</summary>
    public static Regex Words { get; } = Pattern(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, Patience);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cut(text, 0, text.Length, 0);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private IEnumerable<(int Offset, int Length)> Cut(string text, int from, int length, int stage)
    {
        if (length == 0) yield break;
        if (stage == stages.Length)
        {
            yield return (from, length);
            yield break;
        }
        // A piece stands alone: what follows it must not count for looking ahead.
        string piece = text.Substring(from, length);
        int at = 0;
        foreach (Match match in stages[stage].Matches(piece))
        {
            foreach (var part in Cut(text, from + at, match.Index - at, stage + 1)) yield return part;
            foreach (var part in Cut(text, from + match.Index, match.Length, stage + 1)) yield return part;
            at = match.Index + match.Length;
        }
        foreach (var part in Cut(text, from + at, length - at, stage + 1)) yield return part;
    }
}
