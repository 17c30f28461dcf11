using System.IO.Compression;
using System.Text;
using System.Text.Json.Serialization;

namespace DeepNet.Data.Tests.Text;

public sealed partial class TextFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_lose_their_ends_and_the_byte_order_mark()
    {
        string path = folder.Write("text.txt", "\ufeffone\r\n\ntwo é\nthree");
        Assert.Equal(["one", "", "two é", "three"], TextFile.ReadLines(path));
        Assert.Equal("one\r\n\ntwo é\nthree", TextFile.Read(path));
        Assert.Empty(TextFile.ReadLines(folder.Write("empty.txt", "")));
    }

    [Fact]
    public void Long_lines_and_packed_files_are_read()
    {
        string[] lines = [new('a', 200_000), "", new('ü', 70_000), "b", new('c', 65_535)];
        using (var packed = new GZipStream(File.Create(folder.File("text.gz")), CompressionLevel.Fastest))
            packed.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal(lines, TextFile.ReadLines(folder.File("text.gz")));
        Assert.Equal(string.Join('\n', lines), TextFile.Read(folder.File("text.gz")));
        var error = Assert.Throws<DataFormatException>(
            () => TextFile.ReadLines(folder.File("text.gz"), new DataLimits { MaxLineBytes = 100_000 }).Count());
        Assert.Equal(1, error.Line);
        Assert.Throws<DataFormatException>(
            () => TextFile.ReadLines(folder.File("text.gz"), new DataLimits { MaxUnpackedBytes = 300_000 }).Count());
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_an_error_that_names_the_line()
    {
        string path = folder.Write("text.txt", [.. "one\ntwo\n"u8, 0xC3, 0x28, (byte)'\n']);
        Assert.Equal(3, Assert.Throws<DataFormatException>(() => TextFile.ReadLines(path).Count()).Line);
        Assert.Equal(3, Assert.Throws<DataFormatException>(() => TextFile.Read(path)).Line);
        path = folder.Write("wide.txt", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("hello")).ToArray());
        Assert.Contains("UTF-16", Assert.Throws<DataFormatException>(() => TextFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSONL_is_read_line_by_line()
    {
        string path = folder.Write("set.jsonl", "{\"text\": \"a\", \"stars\": 1}\n\n  \r\n{\"text\": \"ü\", \"stars\": 5}");
        Assert.Equal([("a", 1), ("ü", 5)], JsonLines.Read(path).Select(
            line => (line.GetProperty("text").GetString()!, line.GetProperty("stars").GetInt32())));
        Assert.Equal([new("a", 1), new("ü", 5)], JsonLines.Read(path, Context.Default.Review));
    }

    [Theory]
    [InlineData("{\"text\": \"a\", \"stars\": 1}\n\n{\"text\": \"b\", \"stars\": ", 3)]
    [InlineData("{\"text\": \"a\", \"stars\": 1}\n{\"text\": \"b\", \"stars\": \"two\"}", 2)]
    [InlineData("null", 1)]
    [InlineData("{} {}", 1)]
    public void A_line_that_is_wrong_is_named(string text, int line)
    {
        string path = folder.Write("set.jsonl", text);
        var error = Assert.Throws<DataFormatException>(() => JsonLines.Read(path, Context.Default.Review).Count());
        Assert.Equal(line, error.Line);
        Assert.Contains("set.jsonl", error.Message, StringComparison.Ordinal);
    }

    internal sealed record Review(string Text, int Stars);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Review))]
    internal sealed partial class Context : JsonSerializerContext;
}
