using System.Text.Json;

namespace DeepNet.Data.Text;

/// <summary>The special tokens that tokenizer_config.json and special_tokens_map.json name, by role such as "bos_token".</summary>
internal sealed class SpecialNames
{
    private static readonly string[] Roles = ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token", "bos_token", "eos_token"];

    private readonly Dictionary<string, string> names = [];
    private readonly JsonElement? config;

    public SpecialNames(string folder)
    {
        foreach (string file in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            if (TokenizerFile.ReadIf(folder, file) is not { } root) continue;
            foreach (string role in Roles)
                if (root.TryGetProperty(role, out var value) && TextOf(value) is { } name) names[role] = name;
            config = root;
        }
    }

    /// <summary>Gets the name of a role, or another one.</summary>
    public string? this[string role] => names.GetValueOrDefault(role);

    public void Default(string role, string name) => names.TryAdd(role, name);

    /// <summary>Gets a setting of tokenizer_config.json.</summary>
    public bool Flag(string key, bool otherwise)
        => config is { } root && root.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : otherwise;

    /// <summary>Gets the class that the tokenizer has in Python; null if it is not known.</summary>
    public string? Class => config is { } root && root.TryGetProperty("tokenizer_class", out var value) ? TextOf(value) : null;

    /// <summary>Gets the numbers of the roles.</summary>
    public SpecialTokens Numbers(Func<string, int?> find)
    {
        int? Of(params ReadOnlySpan<string> roles)
        {
            foreach (string role in roles)
                if (this[role] is { } name && find(name) is { } number) return number;
            return null;
        }
        return new()
        {
            Padding = Of("pad_token"), Unknown = Of("unk_token"), Begin = Of("cls_token", "bos_token"), End = Of("sep_token", "eos_token"),
            Mask = Of("mask_token"),
        };
    }

    /// <summary>Gets the special tokens that a vocabulary has.</summary>
    public Dictionary<string, int> Added(Func<string, int?> find)
        => names.Values.Distinct().Where(name => find(name) is not null).ToDictionary(name => name, name => find(name)!.Value);

    // A name, or an object about it.
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) => TextOf(content),
        _ => null,
    };
}
