using System.Buffers;
using System.Text;
using DeepNet.Data.Text;
using Microsoft.ML.Tokenizers;

namespace DeepNet.Data;

/// <summary>
/// A tokenizer of Microsoft.ML.Tokenizers (BPE, WordPiece, SentencePiece, tiktoken), given or made of the files of a Hugging Face folder.
/// </summary>
/// <example><code>
/// var model = Bert.FromPretrained(folder);
/// var tokenizer = PretrainedTokenizer.Load(folder);
/// var (tokens, mask) = tokenizer.EncodeBatch(["A sentence.", "Another one."]);
/// var vectors = model.Encode(tokens, mask);
/// </code></example>
public sealed class PretrainedTokenizer : ITokenizer
{
    private readonly Tokenizer inner;
    private readonly int[] before, after;
    private readonly Dictionary<string, int> added;
    private readonly SearchValues<string>? addedTexts;
    private readonly int longest;
    private readonly HashSet<int> addedNumbers, silent;
    private readonly bool decomposes;

    /// <summary>Wraps a tokenizer.</summary>
    /// <param name="inner">The tokenizer.</param>
    /// <param name="vocabularySize">The number of tokens, special ones included.</param>
    /// <param name="special">The numbers of special tokens; none if left out.</param>
    /// <param name="addBegin">True to put the first special token before each text.</param>
    /// <param name="addEnd">True to put the last special token behind each text.</param>
    public PretrainedTokenizer(
        Tokenizer inner, int vocabularySize, SpecialTokens? special = null, bool addBegin = false, bool addEnd = false)
        : this(new TokenizerParts(inner, vocabularySize, special ?? new())
        {
            Before = addBegin && special?.Begin is { } begin ? [begin] : [],
            After = addEnd && special?.End is { } end ? [end] : [],
        })
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
    }

    internal PretrainedTokenizer(TokenizerParts parts)
    {
        (inner, before, after, added, decomposes) = (parts.Inner, parts.Before, parts.After, parts.Added, parts.Decomposes);
        (VocabularySize, Special) = (parts.Size, parts.Special);
        addedNumbers = [.. added.Values];
        silent = [.. parts.Silent];
        string[] texts = [.. added.Keys];
        longest = texts.Length > 0 ? texts.Max(text => text.Length) : 0;
        addedTexts = texts.Length > 0 ? SearchValues.Create(texts, StringComparison.Ordinal) : null;
    }

    /// <summary>
    /// Makes the tokenizer of a folder from <c>tokenizer.model</c> (SentencePiece), <c>tokenizer.json</c> (BPE of bytes and WordPiece),
    /// <c>vocab.json</c> with <c>merges.txt</c> (GPT-2's BPE), or <c>vocab.txt</c> (BERT's WordPiece): the first of them that is there.
    /// </summary>
    /// <exception cref="FileNotFoundException">The folder has none of them.</exception>
    /// <exception cref="NotSupportedException">The tokenizer does something that is not supported; the message names it.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static PretrainedTokenizer Load(string folder) => new(TokenizerFolder.Load(folder));

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>();
        if (addSpecial) tokens.AddRange(before);
        for (int at = 0; at < text.Length;)
        {
            int found = addedTexts is null ? -1 : text.AsSpan(at).IndexOfAny(addedTexts);
            int end = found < 0 ? text.Length : at + found;
            if (end > at) tokens.AddRange(EncodePlain(text[at..end]));
            at = end;
            if (found >= 0) at += AddedAt(text, at, tokens);
        }
        if (addSpecial) tokens.AddRange(after);
        return [.. tokens];
    }

    /// <inheritdoc/>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        var plain = new List<int>();
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), $"[tokenizer] there is no token {token}: there are {VocabularySize}, from 0.");
            if (silent.Contains(token) || addedNumbers.Count == 0 && Special.IsSilent(token)) continue;
            if (!addedNumbers.Contains(token) || token == Special.Unknown) plain.Add(token);
            else
            {
                Flush();
                text.Append(added.First(pair => pair.Value == token).Key);
            }
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            if (plain.Count > 0) text.Append(inner.Decode(plain));
            plain.Clear();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"PretrainedTokenizer({inner.GetType().Name}, {VocabularySize} tokens)";

    private IReadOnlyList<int> EncodePlain(string text)
    {
        // Accents are told from their letters by Unicode's tables, which a program can be built without: tokens would be others, silently.
        char accented = text.FirstOrDefault(c => c >= 'À' && char.IsLetter(c));
        if (decomposes && accented != default && "é".Normalize(NormalizationForm.FormD).Length == 1)
            throw new InvalidOperationException(
                $"[tokenizer] '{accented}' needs Unicode's normalisation, which this program is built without. Set "
                    + "InvariantGlobalization to false, and install ICU where it is missing.");
        return inner switch
        {
            BertTokenizer bert => bert.EncodeToIds(text, addSpecialTokens: false),
            SentencePieceTokenizer pieces => pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false),
            _ => inner.EncodeToIds(text),
        };
    }

    private int AddedAt(string text, int at, List<int> tokens)
    {
        for (int length = Math.Min(longest, text.Length - at); ; length--)
            if (added.TryGetValue(text.Substring(at, length), out int token))
            {
                tokens.Add(token);
                return length;
            }
    }
}
