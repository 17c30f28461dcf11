using System.Text.Json;
using DeepNet.IO;

namespace DeepNet.Models;

/// <summary>Reads JSON files that anybody may have written.</summary>
internal static class JsonFile
{
    /// <exception cref="InvalidDataException">The file is too long, or no JSON.</exception>
    public static JsonDocument Read(string path, long mostBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > mostBytes)
            throw new InvalidDataException($"[load_pretrained] {path} has {stream.Length:N0} bytes, more than the {mostBytes:N0} allowed.");
        try
        {
            return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"[load_pretrained] {path} is no JSON: {Printable.Line(e.Message)}", e);
        }
    }
}
