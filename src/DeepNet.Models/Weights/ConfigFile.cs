using System.Text.Json;
using DeepNet.IO;

namespace DeepNet.Models;

/// <summary>A config.json as Hugging Face writes it, or an object inside of one.</summary>
internal sealed class ConfigFile
{
    public const string Name = "config.json";
    private const long MostBytes = 10_000_000;
    private const int MostCount = 100_000_000;      // sizes can be multiplied by the small factors of models
    private const int MostListed = 100;
    private readonly string file;
    private readonly JsonElement values;

    private ConfigFile(string file, JsonElement values) => (this.file, this.values) = (file, values);

    /// <summary>Reads a file, or that of a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="family">The value that model_type must have.</param>
    public static ConfigFile Load(string path, string family)
    {
        var config = Load(path);
        config.Require("model_type", family, family);
        return config;
    }

    /// <summary>Gets the family of the model in a folder: model_type, or for timm's files the beginning of the architecture.</summary>
    public static string FamilyOf(string folder)
    {
        var config = Load(folder);
        return config.Find("model_type") is not null ? config.Text("model_type", "")
            : config.Text("architecture", "") is var architecture && architecture.StartsWith("resnet", StringComparison.Ordinal) ? "resnet"
            : architecture.Length > 0 ? architecture : throw config.Missing("model_type");
    }

    /// <summary>Reads a file, or that of a folder, whatever the family.</summary>
    public static ConfigFile Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        using var json = JsonFile.Read(file, MostBytes);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"[config] {file} is no JSON object.");
        return new(file, json.RootElement.Clone());
    }

    /// <summary>Gets a positive integer that a size may be.</summary>
    public int Count(string key, int? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? throw Missing(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is > 0 and <= MostCount ? count
            : throw Wrong(key, value, $"an integer from 1 to {MostCount:N0}");
    }

    /// <summary>Gets a number.</summary>
    public double Number(string key, double otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
            : throw Wrong(key, value, "a number");
    }

    /// <summary>Gets a value that is true or false.</summary>
    public bool Flag(string key, bool otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");
    }

    /// <summary>Gets text.</summary>
    public string Text(string key, string otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return value.ValueKind == JsonValueKind.String ? JsonFile.Take(file, () => value.GetString()!) : throw Wrong(key, value, "text");
    }

    /// <summary>Gets the object of a key; null if there is none.</summary>
    public ConfigFile? Part(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? new(file, value) : throw Wrong(key, value, "an object");
    }

    /// <summary>Gets the positive integers of a list; null if there is none.</summary>
    public int[]? Counts(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MostListed) throw Wrong(key, value, "a short list");
        return [.. value.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int count) && count is > 0 and <= MostCount ? count
                : throw Wrong(key, value, $"a list of integers from 1 to {MostCount:N0}"))];
    }

    /// <summary>Gets the number of keys.</summary>
    public int Length => values.EnumerateObject().Count();

    /// <summary>Throws unless a value is one of those that the model computes.</summary>
    public void Require(string key, string otherwise, params string[] known)
    {
        string value = Text(key, otherwise);
        if (!known.Contains(value))
            throw new NotSupportedException($"[config] {file} has {key} '{Printable.Line(value)}'; this model knows "
                + $"{string.Join(", ", known)}.");
    }

    // A key may be there without a value.
    private JsonElement? Find(string key)
        => JsonFile.Take<JsonElement?>(
            file, () => values.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null);

    private InvalidDataException Missing(string key) => new($"[config] {file} has no {key}.");

    private InvalidDataException Wrong(string key, JsonElement value, string wanted)
    {
        string text = value.GetRawText();
        return new($"[config] {file} has {key} {Printable.Line(text.Length > 40 ? text[..40] + "…" : text)}, which is not {wanted}.");
    }
}
