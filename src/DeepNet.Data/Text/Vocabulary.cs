using System.Text;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>A list of tokens that were found in text, by number. Its kinds differ in how they cut text up.</summary>
public abstract partial class Vocabulary : ITokenizer
{
    internal const string Padding = "<pad>", Unknown = "<unk>", Begin = "<bos>", End = "<eos>";

    private static readonly string[] SpecialNames = [Padding, Unknown, Begin, End];

    private readonly string[] tokens;
    private readonly Dictionary<string, int> numbers;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly bool lowercase;

    private protected Vocabulary(IEnumerable<string> tokens, bool lowercase)
    {
        this.tokens = [.. tokens];
        this.lowercase = lowercase;
        numbers = new Dictionary<string, int>(this.tokens.Length, StringComparer.Ordinal);
        for (int i = 0; i < this.tokens.Length; i++)
            if (!numbers.TryAdd(this.tokens[i], i))
                throw new ArgumentException($"[vocabulary] the token '{Printable.Line(this.tokens[i])}' is there twice.", nameof(tokens));
        lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        Special = new() { Padding = Find(Padding), Unknown = Find(Unknown), Begin = Find(Begin), End = Find(End) };
    }

    /// <summary>Gets the tokens by their numbers.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <inheritdoc/>
    public int VocabularySize => tokens.Length;

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <summary>Gets the number of a token; null if there is none.</summary>
    public int? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return numbers.TryGetValue(token, out int number) ? number : null;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The text has a token that is not in a vocabulary without one for unknown text.</exception>
    public int[] Encode(string text, bool addSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<int>(text.Length);
        if (lowercase) text = text.ToLowerInvariant();
        foreach (var part in Cut(text))
        {
            var token = text.AsSpan(part);
            found.Add(lookup.TryGetValue(token, out int number) ? number : Special.Unknown ?? throw new ArgumentException(
                $"[vocabulary] '{Printable.Line(token.ToString())}' at character {part.Start.Value} is not among the "
                    + $"{VocabularySize} tokens. Fit the vocabulary to text that has it, or with {nameof(VocabularyOptions.HasUnknown)}.",
                nameof(text)));
        }
        return addSpecial ? Special.Enclose(found) : [.. found];
    }

    /// <inheritdoc/>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)this.tokens.Length)
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), $"[vocabulary] there is no token {token}: there are {VocabularySize}, from 0.");
            if (Special.IsSilent(token)) continue;
            if (text.Length > 0) text.Append(Joint);
            text.Append(this.tokens[token]);
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({VocabularySize} tokens)";

    /// <summary>Gets what stands between tokens in decoded text.</summary>
    private protected abstract string Joint { get; }

    /// <summary>Cuts text into tokens.</summary>
    private protected abstract IEnumerable<Range> Cut(string text);

    /// <summary>Counts the tokens of texts and takes those that the options ask for: special ones first, then the frequent ones.</summary>
    private protected static List<string> Count(
        IEnumerable<string> texts, VocabularyOptions options, bool hasUnknown, Func<string, IEnumerable<Range>> cut)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MinCount, 1);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
        {
            string cased = options.Lowercase ? text.ToLowerInvariant() : text;
            foreach (var part in cut(cased))
            {
                var token = cased.AsSpan(part);
                lookup[token] = lookup.TryGetValue(token, out int count) ? count + 1 : 1;
            }
        }
        hasUnknown |= options.HasUnknown || options.MinCount > 1 || options.MaxSize < int.MaxValue;
        bool[] isThere = [options.HasPadding, hasUnknown, options.HasBoundaries, options.HasBoundaries];
        var tokens = SpecialNames.Where((_, i) => isThere[i]).ToList();
        if (options.MaxSize < tokens.Count)
            throw new ArgumentException(
                $"[vocabulary] {nameof(options.MaxSize)} is {options.MaxSize}, and there are {tokens.Count} special tokens alone.");
        var frequent = counts.Where(entry => entry.Value >= options.MinCount)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal);
        tokens.AddRange(frequent.Take(options.MaxSize - tokens.Count).Select(entry => entry.Key));
        return tokens;
    }
}
