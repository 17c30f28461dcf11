using DeepNet.Data.Files;

namespace DeepNet.Data;

// A language model is of no use without the numbers of its tokens: they are saved beside it, as JSON that people can read.
public abstract partial class Vocabulary
{
    private static readonly SavedJson File = new("DeepNet vocabulary", 1, "a vocabulary", "Vocabulary.Save");

    /// <summary>Writes the tokens to a JSON file, to be kept beside the model: its old content stays until the new one is whole.</summary>
    public void Save(string path) => File.Write(path, json =>
    {
        json.WriteString("kind", GetType().Name);
        json.WriteBoolean("lowercase", lowercase);
        json.WriteStartArray("tokens");
        foreach (string token in tokens) json.WriteStringValue(token);
        json.WriteEndArray();
    });

    private protected static T Load<T>(string path, Func<List<string>, bool, T> make) where T : Vocabulary => File.Read(path, root =>
    {
        string? kind = root.GetProperty("kind").GetString();
        if (kind != typeof(T).Name) throw new FormatException($"it is a {kind}, and not a {typeof(T).Name}");
        var tokens = root.GetProperty("tokens").EnumerateArray()
            .Select(token => token.GetString() ?? throw new FormatException("a token is null")).ToList();
        return make(tokens, root.GetProperty("lowercase").GetBoolean());
    });
}
