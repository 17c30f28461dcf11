using System.Text.Json;
using DeepNet.IO;

namespace DeepNet.Data.Files;

/// <summary>
/// A JSON file with the name and version of its format, which people can read: saved beside a model that is of no use without it.
/// </summary>
/// <param name="format">The name of the format.</param>
/// <param name="version">The version that is written, and the only one that is read.</param>
/// <param name="kind">What a file holds, with its article, for messages.</param>
/// <param name="writer">The method that writes it, for messages.</param>
internal sealed class SavedJson(string format, int version, string kind, string writer)
{
    /// <summary>Writes an object with some members; the file's old content stays until the new one is whole.</summary>
    public void Write(string path, Action<Utf8JsonWriter> members)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", format);
            json.WriteNumber("version", version);
            members(json);
            json.WriteEndObject();
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataFormatException">The file is none of these, or damaged; the message says where.</exception>
    public T Read<T>(string path, Func<JsonElement, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        using (var reader = DataFile.At(path).Read()) bytes = reader.ReadToEnd();
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != format) throw new FormatException($"its format is not that of {kind}");
            int found = root.GetProperty("version").GetInt32();
            if (found != version) throw new FormatException($"it has version {found}, and this library reads version {version}");
            return read(root);
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0) + 1;
            throw DataFormatException.AtLine(path, line, $"is not JSON, so not what {writer} wrote: {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw DataFormatException.AtLine(path, 1, $"is not what {writer} wrote: {e.Message}", e);
        }
    }
}
