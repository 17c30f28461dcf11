using System.Text.Json;
using DeepNet.IO;

namespace DeepNet.Models;

/// <summary>Reads JSON files that anybody may have written.</summary>
internal static class JsonFile
{
    /// <exception cref="InvalidDataException">The file is too long, or no JSON.</exception>
    public static JsonDocument Read(string path, long mostBytes)
    {
        // Pipes and devices have no length, and opening one can block for ever.
        if (new FileInfo(path) is { Exists: true, Length: 0 }) throw new InvalidDataException($"[load_pretrained] {path} is empty.");
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

    /// <summary>
    /// Takes something out of a document. Only then does it show whether its text can be read: half of a surrogate pair cannot.
    /// </summary>
    /// <exception cref="InvalidDataException">It cannot.</exception>
    public static T Take<T>(string path, Func<T> take)
    {
        try
        {
            return take();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"[load_pretrained] {path} has text that is no Unicode.", e);
        }
    }
}
