using System.Text.Json;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data;

// A language model is of no use without the numbers of its tokens: they are saved beside it, as JSON that people can read.
public abstract partial class Vocabulary
{
    private const string Format = "DeepNet vocabulary";
    private const int Version = 1;

    /// <summary>Writes the tokens to a JSON file, to be kept beside the model: its old content stays until the new one is whole.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("kind", GetType().Name);
            json.WriteBoolean("lowercase", lowercase);
            json.WriteStartArray("tokens");
            foreach (string token in tokens) json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private protected static T Load<T>(string path, Func<List<string>, bool, T> make) where T : Vocabulary
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        using (var reader = DataFile.At(path).Read()) bytes = reader.ReadToEnd();
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format) throw new FormatException("its format is not that of a vocabulary");
            int version = root.GetProperty("version").GetInt32();
            if (version != Version) throw new FormatException($"it has version {version}, and this library reads version {Version}");
            string? kind = root.GetProperty("kind").GetString();
            if (kind != typeof(T).Name) throw new FormatException($"it is a {kind}, and not a {typeof(T).Name}");
            var tokens = root.GetProperty("tokens").EnumerateArray()
                .Select(token => token.GetString() ?? throw new FormatException("a token is null")).ToList();
            return make(tokens, root.GetProperty("lowercase").GetBoolean());
        }
        catch (JsonException e)
        {
            throw DataFormatException.AtLine(
                path, (int)(e.LineNumber ?? 0) + 1, $"is not JSON, so not what Vocabulary.Save wrote: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw DataFormatException.AtLine(path, 1, $"is not what Vocabulary.Save wrote: {e.Message}", e);
        }
    }
}
