using System.Text;
using Microsoft.ML.Tokenizers;

namespace DeepNet.Data.Tests.Text;

public sealed class PretrainedTokenizerTests : IDisposable
{
    private const string Words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\ncafe\n,\nHello\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void BERT_words_come_from_vocab_txt()
    {
        folder.Write("vocab.txt", Words);
        var tokenizer = PretrainedTokenizer.Load(folder.Path);
        Assert.Equal([2, 5, 9, 6, 7, 1, 3], tokenizer.Encode("Hello, Worlds zz"));
        Assert.Equal([6, 4, 6], tokenizer.Encode("world [MASK] world", addSpecial: false));
        Assert.Equal("hello, worlds", tokenizer.Decode(2, 5, 9, 6, 7, 3, 0, 0));
        Assert.Equal(11, tokenizer.VocabularySize);
        Assert.Equal(new SpecialTokens { Padding = 0, Unknown = 1, Begin = 2, End = 3, Mask = 4 }, tokenizer.Special);
        var (tokens, mask) = tokenizer.EncodeBatch(["hello", "hello hello world"], length: 4);
        Assert.Equal([2, 5, 3, 0, 2, 5, 5, 3], tokens.ToArray<long>());
        Assert.Equal([true, true, true, false, true, true, true, true], mask.ToArray<bool>());

        folder.Write("tokenizer_config.json", """{"do_lower_case": false, "mask_token": {"content": "[MASK]"}}""");
        Assert.Equal([2, 10, 9, 1, 3], PretrainedTokenizer.Load(folder.Path).Encode("Hello, Worlds"));
    }

    [Fact]
    public void Accents_need_tables_that_these_tests_are_built_without()
    {
        folder.Write("vocab.txt", Words);
        var error = Assert.Throws<InvalidOperationException>(() => PretrainedTokenizer.Load(folder.Path).Encode("a café"));
        Assert.Contains("'é' needs Unicode's normalisation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BERT_words_come_from_tokenizer_json()
    {
        string[] words = Words.TrimEnd('\n').Split('\n');
        string vocabulary = string.Join(", ", words.Select((word, i) => $"\"{word}\": {i}"));
        folder.Write("tokenizer.json", $$$"""
            {"added_tokens": [{"id": 0, "content": "[PAD]", "special": true}, {"id": 2, "content": "[CLS]", "special": true},
              {"id": 3, "content": "[SEP]", "special": true}, {"id": 11, "content": "<user>", "special": false}],
             "normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null, "handle_chinese_chars": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "[CLS]"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "[SEP]"}}]},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": { {{{vocabulary}}} } } }
            """);
        var tokenizer = PretrainedTokenizer.Load(folder.Path);
        Assert.Equal([2, 5, 11, 6, 7, 3], tokenizer.Encode("HELLO<user>worlds"));
        Assert.Equal("hello<user>worlds", tokenizer.Decode(2, 5, 11, 6, 7, 3, 0));
        Assert.Equal(12, tokenizer.VocabularySize);
        Assert.Equal((2, 3), (tokenizer.Special.Begin, tokenizer.Special.End));
    }

    [Fact]
    public void GPT2_pairs_come_from_vocab_json_and_merges_txt()
    {
        folder.Write("vocab.json", BytePairs);
        folder.Write("merges.txt", "#version: 0.2\na b\nĠ ab\nÃ ©\n");
        var tokenizer = PretrainedTokenizer.Load(folder.Path);
        int ab = 256, spaceAb = 257, é = 258, end = 259;
        Assert.Equal([ab, spaceAb, Byte(' '), é, Byte(' '), Byte('\n'), Byte('1')], tokenizer.Encode("ab ab é \n1"));
        Assert.Equal([ab, end, ab], tokenizer.Encode("ab<|endoftext|>ab"));
        foreach (string text in new[] { "ab ab é \n1", "  two  spaces", "日本 😀", "I'll don't" })
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        Assert.Equal("abab", tokenizer.Decode(ab, end, ab));
        Assert.Equal((260, end, end), (tokenizer.VocabularySize, tokenizer.Special.Begin, tokenizer.Special.End));
    }

    [Fact]
    public void Pieces_before_pairs_come_from_tokenizer_json()
    {
        folder.Write("tokenizer.json", Json("""
            {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true},
             {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]}
            """, "\"1 2\", [\"a\", \"b\"], \"Ġ Ġ\"", "\"12\": 260, \"ab\": 256, \"ĠĠ\": 261"));
        var tokenizer = PretrainedTokenizer.Load(folder.Path);
        Assert.Equal([Byte('1'), Byte('2'), 256], tokenizer.Encode("12ab"));                       // digits never meet
        Assert.Equal([Byte('c'), 261, Byte('1')], tokenizer.Encode("c  1"));                       // spaces before a digit stay together
        Assert.Equal([Byte('c'), Byte(' '), Byte(' '), Byte('d')], tokenizer.Encode("c  d"));      // and part before a letter

        folder.Write("tokenizer.json", Json("""
            {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "\\p{N}{1,3}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\s+"},
             "behavior": "Isolated", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
            """, "\"1 2\", \"12 3\", \"123 4\"", "\"12\": 260, \"123\": 261, \"1234\": 262"));
        Assert.Equal([261, Byte('4')], PretrainedTokenizer.Load(folder.Path).Encode("1234"));
    }

    [Theory]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "the model 'Unigram'")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"BPE\", \"byte_fallback\": true", "BPE with byte_fallback")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"BPE\", \"ignore_merges\": true", "BPE with ignore_merges")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"Lowercase\"}", "the normalizer 'Lowercase'")]
    [InlineData("\"add_prefix_space\": false", "\"add_prefix_space\": true", "ByteLevel with add_prefix_space")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "{\"type\": \"Metaspace\"}", "the pre_tokenizer 'Metaspace'")]
    [InlineData("\"post_processor\": null", "\"post_processor\": {\"type\": \"Odd\"}", "the post_processor 'Odd'")]
    public void Unsupported_parts_are_refused_by_name(string old, string now, string expected)
    {
        string json = Json("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "", "\"x y\": 260");
        Assert.Contains(old, json, StringComparison.Ordinal);
        folder.Write("tokenizer.json", json.Replace(old, now, StringComparison.Ordinal));
        var error = Assert.Throws<NotSupportedException>(() => PretrainedTokenizer.Load(folder.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_errors_that_name_them()
    {
        string json = Json("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "\"a b\"", "\"ab\": 260");
        for (int cut = 0; cut < json.TrimEnd().Length - 1; cut += 37)
        {
            folder.Write("tokenizer.json", json[..cut]);
            Assert.Contains("tokenizer.json", Assert.Throws<DataFormatException>(() => PretrainedTokenizer.Load(folder.Path)).Message,
                StringComparison.Ordinal);
        }
        string[] wrong =
        [
            "{}", "[]", "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}", json.Replace("260", "-1", StringComparison.Ordinal),
            json.Replace("260", "1000000000", StringComparison.Ordinal), json.Replace("\"a b\"", "\"a q\"", StringComparison.Ordinal),
        ];
        foreach (string bad in wrong)
        {
            folder.Write("tokenizer.json", bad);
            Assert.Throws<DataFormatException>(() => PretrainedTokenizer.Load(folder.Path));
        }
        File.Delete(folder.File("tokenizer.json"));
        var none = Assert.Throws<FileNotFoundException>(() => PretrainedTokenizer.Load(folder.Path));
        Assert.Contains("neither tokenizer.model nor tokenizer.json, vocab.json with merges.txt", none.Message, StringComparison.Ordinal);
        folder.Write("vocab.txt", "a\nb\na\n");
        Assert.Throws<DataFormatException>(() => PretrainedTokenizer.Load(folder.Path));
    }

    [Fact]
    public void SentencePiece_comes_from_tokenizer_model()
    {
        (string, float, int)[] pieces =
        [
            ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁a", -1, 1), ("▁ab", -2, 1), ("▁", -3, 1), ("a", -4, 1), ("b", -5, 1),
            ("c", -6, 1),
        ];
        folder.Write("tokenizer.model", SentencePieceModel(pieces));
        var tokenizer = PretrainedTokenizer.Load(folder.Path);
        Assert.Equal([1, 4, 3, 8], tokenizer.Encode("ab ac"));
        Assert.Equal("ab ac", tokenizer.Decode(1, 4, 3, 8, 2));
        Assert.Equal((9, 0, 1, 2), (tokenizer.VocabularySize, tokenizer.Special.Unknown, tokenizer.Special.Begin, tokenizer.Special.End));
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false, "add_eos_token": true}""");
        Assert.Equal([4, 2], PretrainedTokenizer.Load(folder.Path).Encode("ab"));
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "XLMRobertaTokenizer"}""");
        var error = Assert.Throws<NotSupportedException>(() => PretrainedTokenizer.Load(folder.Path));
        Assert.Contains("XLMRobertaTokenizer", error.Message, StringComparison.Ordinal);
        File.Delete(folder.File("tokenizer_config.json"));
        folder.Write("tokenizer.model", "nonsense");
        Assert.Throws<DataFormatException>(() => PretrainedTokenizer.Load(folder.Path));
    }

    [Fact]
    public void Any_tokenizer_can_be_given()
    {
        // tiktoken's format: a token in base 64 and its number.
        var lines = Enumerable.Range(0, 256).Select(b => $"{Convert.ToBase64String([(byte)b])} {b}").Append("YWI= 256");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var inner = TiktokenTokenizer.Create(stream, null, null, new Dictionary<string, int> { ["<end>"] = 257 });
        var tokenizer = new PretrainedTokenizer(inner, 258, new() { End = 257 }, addEnd: true);
        Assert.Equal([256, 99, 257], tokenizer.Encode("abc"));
        Assert.Equal("abc", tokenizer.Decode(256, 99, 257));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode(258));
    }

    // GPT-2 writes bytes as characters that can be seen.
    private static readonly List<char> visible =
        [.. Enumerable.Range('!', 94).Concat(Enumerable.Range('¡', 12)).Concat(Enumerable.Range('®', 82)).Select(c => (char)c)];

    private static string BytePairs => "{" + string.Join(", ", Alphabet().Append("\"ab\": 256").Append("\"Ġab\": 257").Append("\"Ã©\": 258")
        .Append("\"<|endoftext|>\": 259")) + "}";

    private static string Json(string split, string merges, string tokens)
        => $$"""
            {"added_tokens": [], "normalizer": null, "post_processor": null, "pre_tokenizer": {{split.Trim()}},
             "model": {"type": "BPE", "vocab": { {{string.Join(", ", Alphabet().Append(tokens))}} }, "merges": [{{merges}}] } }
            """;

    private static IEnumerable<string> Alphabet()
        => Enumerable.Range(0, 256).Select(b => $"{(Shown((byte)b) is '"' or '\\' ? $"\"\\{(char)b}\"" : $"\"{Shown((byte)b)}\"")}: {b}");

    private static char Shown(byte b)
        => visible.Contains((char)b) ? (char)b : (char)(256 + Enumerable.Range(0, b).Count(i => !visible.Contains((char)i)));

    private static int Byte(char c) => c;

    /// <summary>A model file of BPE, as the protocol buffers of SentencePiece have it.</summary>
    private static byte[] SentencePieceModel((string Text, float Score, int Kind)[] pieces)
    {
        var model = new MemoryStream();
        foreach (var (text, score, kind) in pieces)
            model.Write(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(text)), 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)kind]));
        model.Write(Field(2, [0x18, 2, 0xC0, 2, 0, 0xC8, 2, 1, 0xD0, 2, 2]));                   // BPE; unk 0, bos 1, eos 2
        model.Write(Field(3, [0x18, 1, 0x20, 1, 0x28, 1]));
        return model.ToArray();
    }

    private static byte[] Field(int number, byte[] bytes) => [(byte)(number << 3 | 2), (byte)bytes.Length, .. bytes];
}
