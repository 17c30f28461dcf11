using System.Text.Json;
using DeepNet.IO;

namespace DeepNet.Models;

/// <summary>The files that hold the weights of a model, safetensors or PyTorch's: one, or the shards that an index lists.</summary>
internal static class WeightFiles
{
    public const string Whole = "model.safetensors";
    private const long MostIndexBytes = 100_000_000;

    // As a folder is searched; where there are both, safetensors.
    private static readonly string[] Names =
        [Whole, "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];
    private static readonly string[] TorchEndings = [".bin", ".pt", ".pth"];

    /// <summary>Reads all tensors of a file, of an index and its shards, or of a folder that has either.</summary>
    /// <exception cref="FileNotFoundException">There are no weights in a format that is read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the index lists what is not there.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        string file = Find(path);
        return file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? LoadShards(file) : new(LoadOne(file));
    }

    private static IReadOnlyDictionary<string, Tensor> LoadOne(string file)
        => TorchEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) ? TorchFile.Load(file) : SafeTensors.Load(file);

    private static string Find(string path)
    {
        if (!Directory.Exists(path)) return path;
        foreach (string name in Names)
            if (File.Exists(Path.Combine(path, name))) return Path.Combine(path, name);
        foreach (string ending in TorchEndings.Prepend(".safetensors"))
        {
            string[] others = Directory.GetFiles(path, $"*{ending}");
            if (others.Length == 1) return others[0];
            if (others.Length > 1)
                throw new FileNotFoundException($"[load_pretrained] {path} has {others.Length} files *{ending}: give the name of one.");
        }
        throw new FileNotFoundException(
            $"[load_pretrained] {path} has none of {string.Join(", ", Names)}, and no other .safetensors, .bin, .pt or .pth file.");
    }

    private static Dictionary<string, Tensor> LoadShards(string index)
    {
        var places = Places(index);
        string folder = Path.GetDirectoryName(Path.GetFullPath(index))!;
        var all = new Dictionary<string, Tensor>();
        try
        {
            foreach (string shard in places.Values.Distinct().Order(StringComparer.Ordinal))
            {
                if (!File.Exists(Path.Combine(folder, shard))) throw Damage(index, $"lists {shard}, which is not beside it");
                // What is not listed is not disposed of: it may share the memory of what is.
                foreach (var (name, tensor) in LoadOne(Path.Combine(folder, shard)))
                    if (places.GetValueOrDefault(name) == shard) all.Add(name, tensor);
            }
            foreach (var (name, shard) in places)
                if (!all.ContainsKey(name)) throw Damage(index, $"says that '{name}' is in {shard}, where it is not");
            return all;
        }
        catch
        {
            foreach (var tensor in all.Values) tensor.Dispose();
            throw;
        }
    }

    // The name of the shard of each tensor.
    private static Dictionary<string, string> Places(string index)
    {
        using var json = JsonFile.Read(index, MostIndexBytes);
        return JsonFile.Take(index, () => Places(index, json));
    }

    private static Dictionary<string, string> Places(string index, JsonDocument json)
    {
        if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map)
            || map.ValueKind != JsonValueKind.Object)
            throw Damage(index, "has no weight_map");
        var places = new Dictionary<string, string>();
        foreach (var entry in map.EnumerateObject())
        {
            string? shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            // A name from a file must not lead out of the folder.
            if (shard is null || shard.Length == 0 || shard is "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
                throw Damage(index, $"has '{entry.Name}' in '{shard}', which is no name of a file beside it");
            if (!places.TryAdd(entry.Name, shard)) throw Damage(index, $"lists '{entry.Name}' twice");
        }
        return places;
    }

    private static InvalidDataException Damage(string file, string what) => new($"[load_pretrained] {file} {Printable.Line(what)}.");
}
