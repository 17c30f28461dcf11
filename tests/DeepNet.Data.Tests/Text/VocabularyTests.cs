namespace DeepNet.Data.Tests.Text;

public sealed class VocabularyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Characters_are_numbered_by_code_point_and_never_cut_in_two()
    {
        var vocabulary = CharacterVocabulary.Fit("b😀a\nb");
        Assert.Equal(["\n", "a", "b", "😀"], vocabulary.Tokens);
        Assert.Equal([2, 3, 1, 0, 2], vocabulary.Encode("b😀a\nb"));
        Assert.Equal("😀b", vocabulary.Decode(3, 2));
        Assert.Equal(4, vocabulary.VocabularySize);
    }

    [Fact]
    public void Special_characters_come_first_and_enclose_a_text()
    {
        var vocabulary = CharacterVocabulary.Fit("ab", new() { HasPadding = true, HasUnknown = true, HasBoundaries = true });
        Assert.Equal(["<pad>", "<unk>", "<bos>", "<eos>", "a", "b"], vocabulary.Tokens);
        Assert.Equal([2, 5, 1, 4, 3], vocabulary.Encode("b?a"));
        Assert.Equal([5, 1, 4], vocabulary.Encode("b?a", addSpecial: false));
        Assert.Equal("b<unk>a", vocabulary.Decode(2, 5, 1, 4, 3, 0, 0));
    }

    [Fact]
    public void An_unknown_character_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ArgumentException>(() => CharacterVocabulary.Fit("ab").Encode("aXb"));
        Assert.StartsWith("[vocabulary] 'X' at character 1 is not among the 2 tokens.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => CharacterVocabulary.Fit("a\ud83d"));
        Assert.Contains("half of a surrogate pair at character 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterVocabulary.Fit("ab").Decode(2));
    }

    [Fact]
    public void Words_are_counted_and_rare_ones_are_unknown()
    {
        var vocabulary = WordVocabulary.Fit(
            ["The cat's hat, the hat.", "The end"], new() { MinCount = 2, Lowercase = true, HasPadding = true });
        Assert.Equal(["<pad>", "<unk>", "the", "hat"], vocabulary.Tokens);
        Assert.Equal([2, 1, 3, 1], vocabulary.Encode("THE dog's hat!"));
        Assert.Equal("the hat <unk>", vocabulary.Decode(2, 0, 3, 1));
    }

    [Fact]
    public void Words_have_their_accents_and_apostrophes_and_marks_stand_alone()
    {
        var vocabulary = WordVocabulary.Fit(["don't 'stop' naïve e\u0301t <pad> x_1 \t😀."]);
        string[] expected = ["<unk>", "don't", "'", "stop", "naïve", "e\u0301t", "<", "pad", ">", "x_1", "😀", "."];
        Assert.Equal(expected.Order(StringComparer.Ordinal), vocabulary.Tokens.Order(StringComparer.Ordinal));
        Assert.Equal("' stop '", vocabulary.Decode(vocabulary.Encode("'stop'")));
    }

    [Fact]
    public void The_largest_size_keeps_the_most_frequent()
    {
        var vocabulary = WordVocabulary.Fit(["c b b a a a d"], new() { MaxSize = 3 });
        Assert.Equal(["<unk>", "a", "b"], vocabulary.Tokens);
        Assert.Throws<ArgumentException>(() => WordVocabulary.Fit(["a"], new() { MaxSize = 2, HasBoundaries = true }));
    }

    [Fact]
    public void What_was_saved_encodes_the_same()
    {
        string path = folder.File("vocabulary.json");
        var words = WordVocabulary.Fit(["Das Mädchen \"sprach\" \\ ."], new() { Lowercase = true, HasBoundaries = true });
        words.Save(path);
        var loaded = WordVocabulary.Load(path);
        Assert.Equal(words.Tokens, loaded.Tokens);
        Assert.Equal(words.Encode("DAS Mädchen ?"), loaded.Encode("DAS Mädchen ?"));
        var error = Assert.Throws<DataFormatException>(() => CharacterVocabulary.Load(path));
        Assert.Contains("it is a WordVocabulary, and not a CharacterVocabulary", error.Message, StringComparison.Ordinal);
        CharacterVocabulary.Fit("a😀\n\"").Save(path);
        Assert.Equal([3, 2, 1, 0], CharacterVocabulary.Load(path).Encode("😀a\"\n"));
    }

    [Fact]
    public void A_damaged_file_is_an_error_that_names_it()
    {
        string path = folder.File("vocabulary.json");
        CharacterVocabulary.Fit("hello").Save(path);
        string whole = File.ReadAllText(path);
        for (int cut = 0; cut < whole.Length - 1; cut++)
        {
            File.WriteAllText(path, whole[..cut]);
            Assert.Contains("vocabulary.json", Assert.Throws<DataFormatException>(() => CharacterVocabulary.Load(path)).Message,
                StringComparison.Ordinal);
        }
        string[] changes = ["\"e\" \"h\"", "\"e\" 3", "\"e\" null", "1, 2,", "\"tokens\" \"t\""];
        foreach (string[] change in changes.Select(change => change.Split(' ')))
        {
            File.WriteAllText(path, whole.Replace(change[0], change[1], StringComparison.Ordinal));
            Assert.Throws<DataFormatException>(() => CharacterVocabulary.Load(path));
        }
    }
}
