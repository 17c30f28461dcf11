using System.Text;

namespace DeepNet.Data;

/// <summary>The characters of a text as tokens: Unicode's code points, so that no character is cut in two.</summary>
/// <example><code>
/// var vocabulary = CharacterVocabulary.Fit(text);
/// var windows = new TextWindows(vocabulary.Encode(text), length: 128);
/// </code></example>
public sealed class CharacterVocabulary : Vocabulary
{
    /// <summary>A vocabulary of given characters, and special tokens: &lt;pad&gt;, &lt;unk&gt;, &lt;bos&gt;, &lt;eos&gt;.</summary>
    /// <param name="tokens">The tokens in the order of their numbers.</param>
    /// <param name="lowercase">True to make letters small first.</param>
    public CharacterVocabulary(IEnumerable<string> tokens, bool lowercase = false) : base(tokens, lowercase)
    {
    }

    /// <summary>Takes the characters of a text, in the order of their code points.</summary>
    public static CharacterVocabulary Fit(string text, VocabularyOptions? options = null) => Fit([text], options);

    /// <summary>Takes the characters of several texts, in the order of their code points.</summary>
    public static CharacterVocabulary Fit(IEnumerable<string> texts, VocabularyOptions? options = null)
    {
        options ??= new VocabularyOptions();
        var tokens = Count(texts, options, hasUnknown: false, CutRunes);
        int special = tokens.TakeWhile(token => token.Length > 2).Count();
        return new(tokens.Take(special).Concat(tokens.Skip(special).OrderBy(token => char.ConvertToUtf32(token, 0))), options.Lowercase);
    }

    /// <summary>Reads what <see cref="Vocabulary.Save"/> wrote.</summary>
    /// <exception cref="DataFormatException">The file is none of these, or damaged.</exception>
    public static CharacterVocabulary Load(string path) => Load(path, (tokens, lowercase) => new CharacterVocabulary(tokens, lowercase));

    private protected override string Joint => "";

    private protected override IEnumerable<Range> Cut(string text) => CutRunes(text);

    private static IEnumerable<Range> CutRunes(string text)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            // Half of a surrogate pair is no character, and JSON could not keep it.
            length = Rune.TryGetRuneAt(text, at, out var rune) ? rune.Utf16SequenceLength : throw new ArgumentException(
                $"[vocabulary] the text has half of a surrogate pair at character {at}. Was it cut in the middle of a character?");
            yield return at..(at + length);
        }
    }
}
