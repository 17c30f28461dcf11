using System.Text;

namespace DeepNet.Data;

/// <summary>
/// Words as tokens: runs of letters, digits and apostrophes within, and each other mark that is no space by itself. Decoded text has
/// spaces between tokens. There is always a token for unknown words.
/// </summary>
/// <example><code>
/// var vocabulary = WordVocabulary.Fit(reviews, new() { MinCount = 5, Lowercase = true, HasPadding = true });
/// </code></example>
public sealed class WordVocabulary : Vocabulary
{
    /// <summary>A vocabulary of given words, and special tokens: &lt;pad&gt;, &lt;unk&gt;, &lt;bos&gt;, &lt;eos&gt;.</summary>
    /// <param name="tokens">The tokens in the order of their numbers.</param>
    /// <param name="lowercase">True to make letters small first.</param>
    public WordVocabulary(IEnumerable<string> tokens, bool lowercase = false) : base(tokens, lowercase)
    {
    }

    /// <summary>Takes the words of texts, the most frequent first.</summary>
    public static WordVocabulary Fit(IEnumerable<string> texts, VocabularyOptions? options = null)
    {
        options ??= new VocabularyOptions();
        return new(Count(texts, options, hasUnknown: true, CutWords), options.Lowercase);
    }

    /// <summary>Reads what <see cref="Vocabulary.Save"/> wrote.</summary>
    /// <exception cref="DataFormatException">The file is none of these, or damaged.</exception>
    public static WordVocabulary Load(string path) => Load(path, (tokens, lowercase) => new WordVocabulary(tokens, lowercase));

    private protected override string Joint => " ";

    private protected override IEnumerable<Range> Cut(string text) => CutWords(text);

    private static IEnumerable<Range> CutWords(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int from = at;
            while (at < text.Length && IsOfWord(text, at, out int length)) at += length;
            if (at == from)
            {
                Rune.TryGetRuneAt(text, at, out var mark);
                at += Math.Max(mark.Utf16SequenceLength, 1);
                if (Rune.IsWhiteSpace(mark)) continue;
            }
            yield return from..at;
        }
    }

    private static bool IsOfWord(string text, int at, out int length)
    {
        length = Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : 1;
        if (Rune.IsLetterOrDigit(rune) || rune.Value == '_') return true;
        // Accents that stand by themselves belong to their letter, an apostrophe to the letters around it.
        if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark) return true;
        return rune.Value is '\'' or '’' && at > 0 && char.IsLetter(text[at - 1]) && at + 1 < text.Length && char.IsLetter(text[at + 1]);
    }
}
