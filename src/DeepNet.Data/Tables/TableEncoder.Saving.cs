using System.Text.Json;
using DeepNet.Data.Tables;
using DeepNet.Data.Files;

namespace DeepNet.Data;

// A model is of no use without the scales and categories it was trained on: they are saved beside it, as JSON that people can read.
public sealed partial class TableEncoder
{
    private static readonly SavedJson File = new("DeepNet CSV encoder", 1, "an encoder", "TableEncoder.Save");

    /// <summary>
    /// Writes what was learnt to a JSON file, to be kept beside the model: the file's old content stays until the new one is whole.
    /// </summary>
    public void Save(string path) => File.Write(path, json =>
    {
        json.WriteString("missing", encoding.Missing.ToString());
        json.WriteString("categories", encoding.Categories.ToString());
        json.WriteBoolean("standardize", encoding.Standardize);
        json.WriteBoolean("standardizeTarget", encoding.StandardizeTarget);
        json.WriteBoolean("unknownIsError", encoding.UnknownIsError);
        json.WriteStartArray("features");
        foreach (var feature in features) feature.Write(json);
        json.WriteEndArray();
        if (target is null) return;
        json.WritePropertyName("target");
        target.Write(json);
    });

    /// <summary>Reads what <see cref="Save"/> wrote: it encodes as the one that was saved, to the last bit.</summary>
    /// <exception cref="DataFormatException">The file is none of these, or damaged; the message says where.</exception>
    public static TableEncoder Load(string path) => File.Read(path, root =>
    {
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
    });

    private static T Parse<T>(JsonElement json) where T : struct, Enum
        => Enum.TryParse(json.GetString(), out T value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{json.GetString()}' is no {typeof(T).Name}");
}
