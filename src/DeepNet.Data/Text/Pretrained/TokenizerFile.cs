using System.Text;
using System.Text.Json;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data.Text;

/// <summary>Reads the files of a tokenizer, which anybody may have made.</summary>
internal static class TokenizerFile
{
    private const int MostBytes = 200_000_000;

    public static byte[] Bytes(string folder, string name)
    {
        using var reader = DataFile.At(Path.Combine(folder, name)).Read();
        return reader.ReadToEnd(MostBytes);
    }

    /// <summary>The object of a JSON file; null if the folder does not have it.</summary>
    public static JsonElement? ReadIf(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        try
        {
            using var document = JsonDocument.Parse(Bytes(folder, name));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
                : throw DataFormatException.AtLine(path, 1, "is no JSON object.");
        }
        catch (JsonException e)
        {
            throw DataFormatException.AtLine(path, (int)(e.LineNumber ?? 0) + 1, $"is not JSON: {e.Message}", e);
        }
    }

    /// <summary>Runs what reads a file, and names the file in what goes wrong.</summary>
    public static T Read<T>(string folder, string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not NotSupportedException && (ByteReader.IsDamage(e) || e is JsonException))
        {
            throw DataFormatException.AtLine(Path.Combine(folder, name), 1, $"is no tokenizer that can be read: {e.Message}", e);
        }
    }

    /// <summary>The numbers of tokens, as an object of JSON has them.</summary>
    public static Dictionary<string, int> Vocabulary(JsonElement json)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in json.EnumerateObject())
            if (!numbers.TryAdd(token.Name, Number(token.Value)))
                throw new FormatException($"the token '{Printable.Line(token.Name)}' is there twice");
        return numbers.Count > 0 ? numbers : throw new FormatException("the vocabulary is empty");
    }

    /// <summary>A token's number: bounded, for tables are as long as the largest of them.</summary>
    public static int Number(JsonElement json)
        => json.GetInt32() is >= 0 and < 10_000_000 and var number ? number : throw new FormatException($"{json} is no number of a token");

    /// <summary>The lines of a text file, without their ends.</summary>
    public static string[] Lines(string folder, string name)
        => Encoding.UTF8.GetString(Bytes(folder, name)).TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
}
