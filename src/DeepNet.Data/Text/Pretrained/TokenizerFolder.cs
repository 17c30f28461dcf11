using System.Text;
using DeepNet.IO;
using Microsoft.ML.Tokenizers;

namespace DeepNet.Data.Text;

/// <summary>Makes a tokenizer from the files of a folder.</summary>
internal static class TokenizerFolder
{
    private const string Pieces = "tokenizer.model", Whole = "tokenizer.json", Vocabulary = "vocab.json", Merges = "merges.txt",
        Words = "vocab.txt";

    public static TokenizerParts Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        var names = new SpecialNames(folder);
        if (Has(Pieces)) return TokenizerFile.Read(folder, Pieces, () => LoadPieces(folder, names));
        if (TokenizerFile.ReadIf(folder, Whole) is { } json)
            return TokenizerFile.Read(folder, Whole, () => TokenizerJson.Load(json, names));
        if (Has(Vocabulary) && Has(Merges)) return TokenizerFile.Read(folder, Vocabulary, () => LoadBytePairs(folder, names));
        if (Has(Words)) return TokenizerFile.Read(folder, Words, () => LoadWordPieces(folder, names));
        throw new FileNotFoundException(
            $"[tokenizer] {Path.GetFullPath(folder)} has neither {Pieces} nor {Whole}, {Vocabulary} with {Merges}, or {Words}.");
    }

    private static TokenizerParts LoadPieces(string folder, SpecialNames names)
    {
        // Others move the numbers of the file, or have pieces that it lacks.
        if (names.Class is { } kind && kind is not ("LlamaTokenizer" or "LlamaTokenizerFast"))
            throw new NotSupportedException(
                $"[tokenizer] {Pieces} of a {Printable.Line(kind)} is not read; that of a LlamaTokenizer is. Make the tokenizer with "
                    + "Microsoft.ML.Tokenizers, and give it to the constructor.");
        using var stream = new MemoryStream(TokenizerFile.Bytes(folder, Pieces));
        var inner = Create(() => LlamaTokenizer.Create(stream, addBeginOfSentence: false, addEndOfSentence: false));
        foreach (var (role, name) in new[]
            { ("unk_token", inner.UnknownToken), ("bos_token", inner.BeginningOfSentenceToken), ("eos_token", inner.EndOfSentenceToken) })
            names.Default(role, name);
        int? Find(string name) => inner.Vocabulary.TryGetValue(name, out int number) ? number : null;
        var (special, added) = (names.Numbers(Find), names.Added(Find));
        return new(inner, inner.Vocabulary.Values.Max() + 1, special)
        {
            Added = added, Silent = Silent(added.Values, special),
            Before = names.Flag("add_bos_token", true) && special.Begin is { } begin ? [begin] : [],
            After = names.Flag("add_eos_token", false) && special.End is { } end ? [end] : [],
        };
    }

    // The reader of protocol buffers calls damage a failure of input.
    private static SentencePieceTokenizer Create(Func<SentencePieceTokenizer> create)
    {
        try
        {
            return create();
        }
        catch (IOException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static TokenizerParts LoadBytePairs(string folder, SpecialNames names)
    {
        var numbers = TokenizerFile.Vocabulary(TokenizerFile.ReadIf(folder, Vocabulary)!.Value);
        var merges = TokenizerFile.Lines(folder, Merges)
            .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        foreach (string role in new[] { "bos_token", "eos_token", "unk_token" }) names.Default(role, "<|endoftext|>");
        int? Find(string name) => numbers.TryGetValue(name, out int number) ? number : null;
        var (special, added) = (names.Numbers(Find), names.Added(Find));
        return new(TokenizerJson.BytePairs(numbers, merges, new SplitStages([SplitStages.Words])), numbers.Values.Max() + 1, special)
        {
            Added = added, Silent = Silent(added.Values, special),
            Before = names.Flag("add_bos_token", false) && special.Begin is { } begin ? [begin] : [],
        };
    }

    private static TokenizerParts LoadWordPieces(string folder, SpecialNames names)
    {
        string[] lines = TokenizerFile.Lines(folder, Words);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
            if (!numbers.TryAdd(lines[i], i)) throw new FormatException($"line {i + 1} has the token '{Printable.Line(lines[i])}' again");
        bool lowercase = names.Flag("do_lower_case", true);
        return WordPieces(numbers, names, lowercase, names.Flag("strip_accents", lowercase), names.Flag("tokenize_chinese_chars", true));
    }

    /// <summary>BERT's tokenizer.</summary>
    public static TokenizerParts WordPieces(
        Dictionary<string, int> numbers, SpecialNames names, bool lowercase, bool stripsAccents, bool partsIdeographs)
    {
        foreach (var (role, name) in new[]
            { ("pad_token", "[PAD]"), ("unk_token", "[UNK]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"), ("mask_token", "[MASK]") })
            names.Default(role, name);
        int? Find(string name) => numbers.TryGetValue(name, out int number) ? number : null;
        var (special, added) = (names.Numbers(Find), names.Added(Find));
        string[] tokens = new string[numbers.Values.Max() + 1];
        foreach (var (token, number) in numbers) tokens[number] = token;
        for (int i = 0; i < tokens.Length; i++)
            if (tokens[i] is null) throw new FormatException($"no token has the number {i}");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var inner = BertTokenizer.Create(stream, new BertOptions
        {
            LowerCaseBeforeTokenization = lowercase, RemoveNonSpacingMarks = stripsAccents, IndividuallyTokenizeCjk = partsIdeographs,
            UnknownToken = names["unk_token"]!, PaddingToken = names["pad_token"]!, ClassificationToken = names["cls_token"]!,
            SeparatorToken = names["sep_token"]!, MaskingToken = names["mask_token"]!, SplitOnSpecialTokens = false,
        });
        return new(inner, tokens.Length, special)
        {
            Added = added, Silent = Silent(added.Values, special), Decomposes = stripsAccents,
            Before = special.Begin is { } begin ? [begin] : [], After = special.End is { } end ? [end] : [],
        };
    }

    /// <summary>The special tokens that decoding leaves out: all but an unknown one that is nothing else besides.</summary>
    public static IEnumerable<int> Silent(IEnumerable<int> added, SpecialTokens special)
        => added.Where(token => token != special.Unknown || special.IsSilent(token));
}
