using System.Text.Json;
using System.Text.RegularExpressions;
using DeepNet.IO;
using Microsoft.ML.Tokenizers;

namespace DeepNet.Data.Text;

/// <summary>Makes a tokenizer of a tokenizer.json, as far as its parts are known here; others are refused by name.</summary>
internal static class TokenizerJson
{
    public static TokenizerParts Load(JsonElement root, SpecialNames names)
    {
        var model = root.GetProperty("model");
        var numbers = TokenizerFile.Vocabulary(model.GetProperty("vocab"));
        string kind = Text(model, "type") ?? (model.TryGetProperty("merges", out _) ? "BPE" : "WordPiece");
        var (added, special) = (new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<int>());
        foreach (var token in Items(root, "added_tokens"))
        {
            int number = TokenizerFile.Number(token.GetProperty("id"));
            string? text = Text(token, "content");
            if (string.IsNullOrEmpty(text)) throw new FormatException("an added token has no text");
            added[text] = number;
            if (Flag(token, "special", false)) special.Add(number);
        }
        var parts = kind switch
        {
            "BPE" => LoadBytePairs(root, model, numbers),
            "WordPiece" => LoadWordPieces(root, model, numbers, names),
            _ => throw Unknown("model", kind),
        };
        int? Find(string name) => added.TryGetValue(name, out int number) || numbers.TryGetValue(name, out number) ? number : null;
        var (before, after) = Enclosing(root, Find);
        var found = names.Numbers(Find);
        return parts with
        {
            Size = Math.Max(numbers.Values.Max(), added.Values.DefaultIfEmpty().Max()) + 1,
            Special = found with { Begin = found.Begin ?? First(before), End = found.End ?? First(after) },
            Added = added,
            Silent = TokenizerFolder.Silent(special, found),
            Before = before,
            After = after,
        };
    }

    /// <summary>BPE over bytes, written as characters.</summary>
    public static BpeTokenizer BytePairs(Dictionary<string, int> numbers, IEnumerable<string> merges, PreTokenizer split)
        => BpeTokenizer.Create(new BpeOptions(numbers) { Merges = merges, ByteLevel = true, PreTokenizer = split });

    private static TokenizerParts LoadBytePairs(JsonElement root, JsonElement model, Dictionary<string, int> numbers)
    {
        if (Part(root, "normalizer") is { } normalizer) throw Unknown("normalizer", Text(normalizer, "type"));
        foreach (string option in new[] { "byte_fallback", "ignore_merges" })
            if (Flag(model, option, false)) throw Unknown("model", $"BPE with {option}");
        foreach (string option in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (Text(model, option) is { Length: > 0 }) throw Unknown("model", $"BPE with {option}");
        var merges = Items(model, "merges").Select(merge => merge.ValueKind == JsonValueKind.Array
            ? string.Join(' ', merge.EnumerateArray().Select(half => half.GetString())) : merge.GetString()!);
        var stages = new List<Regex>();
        bool isOfBytes = false;
        var split = Part(root, "pre_tokenizer");
        foreach (var stage in split is { } whole ? Sequence(whole, "pretokenizers") : [])
        {
            switch (Text(stage, "type"))
            {
                case "ByteLevel":
                    if (Flag(stage, "add_prefix_space", true)) throw Unknown("pre_tokenizer", "ByteLevel with add_prefix_space");
                    isOfBytes = true;
                    if (Flag(stage, "use_regex", true)) stages.Add(SplitStages.Words);
                    break;
                case "Digits":
                    stages.Add(SplitStages.Pattern(Flag(stage, "individual_digits", false) ? @"\p{N}" : @"\p{N}+"));
                    break;
                case "Split" when Text(stage, "behavior") == "Isolated" && !Flag(stage, "invert", false):
                    var pattern = stage.GetProperty("pattern");
                    stages.Add(SplitStages.Pattern(Text(pattern, "Regex") ?? Regex.Escape(Text(pattern, "String")!)));
                    break;
                case "Split":
                    throw Unknown("pre_tokenizer", $"Split with behavior {Text(stage, "behavior")}");
                case var other:
                    throw Unknown("pre_tokenizer", other);
            }
        }
        if (!isOfBytes) throw Unknown("pre_tokenizer", "none of ByteLevel");
        return new(BytePairs(numbers, merges, new SplitStages([.. stages])), 0, new());
    }

    private static TokenizerParts LoadWordPieces(JsonElement root, JsonElement model, Dictionary<string, int> numbers, SpecialNames names)
    {
        if (Text(model, "continuing_subword_prefix") is { } prefix and not "##") throw Unknown("model", $"WordPiece with prefix {prefix}");
        if (Part(root, "normalizer") is not { } normalizer || Text(normalizer, "type") != "BertNormalizer")
            throw Unknown("normalizer", Part(root, "normalizer") is { } other ? Text(other, "type") : "none");
        if (Part(root, "pre_tokenizer") is not { } split || Text(split, "type") != "BertPreTokenizer")
            throw Unknown("pre_tokenizer", Part(root, "pre_tokenizer") is { } another ? Text(another, "type") : "none");
        if (Text(model, "unk_token") is { } unknown) names.Default("unk_token", unknown);
        bool lowercase = Flag(normalizer, "lowercase", true);
        return TokenizerFolder.WordPieces(
            numbers, names, lowercase, Flag(normalizer, "strip_accents", lowercase), Flag(normalizer, "handle_chinese_chars", true));
    }

    /// <summary>The tokens before and behind a text, as the post-processor puts them.</summary>
    private static (int[] Before, int[] After) Enclosing(JsonElement root, Func<string, int?> find)
    {
        var (before, after) = (new List<int>(), new List<int>());
        var processor = Part(root, "post_processor");
        foreach (var step in processor is { } whole ? Sequence(whole, "processors") : [])
        {
            switch (Text(step, "type"))
            {
                case "ByteLevel":
                    break;                                                  // moves offsets alone
                case "BertProcessing" or "RobertaProcessing":
                    before.Add(TokenizerFile.Number(step.GetProperty("cls")[1]));
                    after.Add(TokenizerFile.Number(step.GetProperty("sep")[1]));
                    break;
                case "TemplateProcessing":
                    var list = before;
                    foreach (var item in step.GetProperty("single").EnumerateArray())
                    {
                        if (item.TryGetProperty("Sequence", out _)) list = after;
                        else
                        {
                            string? name = Text(item.GetProperty("SpecialToken"), "id");
                            list.Add(name is not null && find(name) is { } number ? number
                                : throw new FormatException($"the special token '{Printable.Line(name ?? "")}' has no number"));
                        }
                    }
                    break;
                case var other:
                    throw Unknown("post_processor", other);
            }
        }
        return ([.. before], [.. after]);
    }

    private static JsonElement[] Sequence(JsonElement whole, string key)
        => Text(whole, "type") == "Sequence" ? [.. whole.GetProperty(key).EnumerateArray()] : [whole];

    private static JsonElement[] Items(JsonElement json, string key)
        => json.TryGetProperty(key, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static JsonElement? Part(JsonElement json, string key)
        => json.TryGetProperty(key, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    private static string? Text(JsonElement json, string key)
        => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement json, string key, bool otherwise)
        => json.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : otherwise;

    private static int? First(int[] tokens) => tokens.Length > 0 ? tokens[0] : null;

    private static NotSupportedException Unknown(string part, string? name)
        => new($"[tokenizer] tokenizer.json has the {part} '{Printable.Line(name ?? "without a type")}', which is not supported. BPE over "
            + "bytes and BERT's WordPiece are; make others with Microsoft.ML.Tokenizers, and give them to the constructor.");
}
