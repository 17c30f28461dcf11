using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DeepNet.Data;

/// <summary>Reads JSONL, a JSON value on each line, one by one. Empty lines are passed over.</summary>
/// <example><code>
/// foreach (var line in JsonLines.Read("reviews.jsonl.gz")) Console.WriteLine(line.GetProperty("text").GetString());
/// </code></example>
public static class JsonLines
{
    /// <summary>Reads values of any form.</summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <param name="limits">The limits of what it may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">A line is no JSON, or exceeds a limit; the message names it.</exception>
    public static IEnumerable<JsonElement> Read(string path, DataLimits? limits = null)
        => Read(path, limits, text =>
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        });

    /// <summary>Reads values of one type.</summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <param name="type">How the type is written, from a <c>JsonSerializerContext</c>.</param>
    /// <param name="limits">The limits of what it may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">A line is no JSON or of another type, or exceeds a limit; the message names it.</exception>
    public static IEnumerable<T> Read<T>(string path, JsonTypeInfo<T> type, DataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Read(path, limits, text => JsonSerializer.Deserialize(text, type) ?? throw new JsonException("the value is null"));
    }

    private static IEnumerable<T> Read<T>(string path, DataLimits? limits, Func<string, T> parse)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Values();

        IEnumerable<T> Values()
        {
            foreach (var (number, text) in TextFile.Lines(path, limits ?? DataLimits.Default))
                if (!string.IsNullOrWhiteSpace(text)) yield return Parse(number, text);
        }

        T Parse(int number, string text)
        {
            try
            {
                return parse(text);
            }
            catch (JsonException e)
            {
                throw DataFormatException.AtLine(path, number, $"the line cannot be read as JSON: {e.Message}", e);
            }
        }
    }
}
