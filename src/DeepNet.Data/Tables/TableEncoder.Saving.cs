using System.Text.Json;
using DeepNet.Data.Tables;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data;

// A model is of no use without the scales and categories it was trained on: they are saved beside it, as JSON that people can read.
public sealed partial class TableEncoder
{
    private const string Format = "DeepNet CSV encoder";
    private const int Version = 1;

    /// <summary>
    /// Writes what was learnt to a JSON file, to be kept beside the model: the file's old content stays until the new one is whole.
    /// </summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("missing", encoding.Missing.ToString());
            json.WriteString("categories", encoding.Categories.ToString());
            json.WriteBoolean("standardize", encoding.Standardize);
            json.WriteBoolean("standardizeTarget", encoding.StandardizeTarget);
            json.WriteBoolean("unknownIsError", encoding.UnknownIsError);
            json.WriteStartArray("features");
            foreach (var feature in features) feature.Write(json);
            json.WriteEndArray();
            if (target is not null)
            {
                json.WritePropertyName("target");
                target.Write(json);
            }
            json.WriteEndObject();
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote: it encodes as the one that was saved, to the last bit.</summary>
    /// <exception cref="DataFormatException">The file is none of these, or damaged; the message says where.</exception>
    public static TableEncoder Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        using (var reader = DataFile.At(path).Read()) bytes = reader.ReadToEnd();
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format) throw new FormatException("its format is not that of an encoder");
            int version = root.GetProperty("version").GetInt32();
            if (version != Version) throw new FormatException($"it has version {version}, and this library reads version {Version}");
            bool hasTarget = root.TryGetProperty("target", out var target);
            var encoding = new TableEncoding
            {
                Target = hasTarget ? target.GetProperty("name").GetString() : null,
                Missing = Parse<MissingRule>(root.GetProperty("missing")),
                Categories = Parse<CategoryCode>(root.GetProperty("categories")),
                Standardize = root.GetProperty("standardize").GetBoolean(),
                StandardizeTarget = root.GetProperty("standardizeTarget").GetBoolean(),
                UnknownIsError = root.GetProperty("unknownIsError").GetBoolean(),
            };
            Feature[] features = [.. root.GetProperty("features").EnumerateArray().Select(json => new Feature(json, encoding))];
            return new TableEncoder(encoding, features, hasTarget ? new Feature(target, encoding) : null);
        }
        catch (JsonException e)
        {
            throw DataFormatException.AtLine(
                path, (int)(e.LineNumber ?? 0) + 1, $"is not JSON, so not what TableEncoder.Save wrote: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw DataFormatException.AtLine(path, 1, $"is not what TableEncoder.Save wrote: {e.Message}", e);
        }
    }

    private static T Parse<T>(JsonElement json) where T : struct, Enum
        => Enum.TryParse(json.GetString(), out T value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{json.GetString()}' is no {typeof(T).Name}");
}
