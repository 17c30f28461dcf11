using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models;

public static partial class Pretrained
{
    private static readonly OrderedDictionary<string, Func<string, Module>> families = new()
    {
        ["bert"] = Bert.FromPretrained, ["gpt2"] = Gpt2.FromPretrained, ["llama"] = Llama.FromPretrained,
        ["resnet"] = ResNet.FromPretrained, ["vit"] = VisionTransformer.FromPretrained,
    };

    /// <summary>
    /// Makes the model that a folder of Hugging Face holds: its <c>config.json</c> says which family it is of, and its weights lie in
    /// <c>model.safetensors</c> or in the shards of <c>model.safetensors.index.json</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="NotSupportedException">The family is not among those that are known, which the message lists.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    /// <exception cref="ArgumentException">The weights do not fit the configuration; the message lists what.</exception>
    /// <example><code>
    /// var model = Pretrained.Load&lt;LanguageModel&gt;("smollm");               // whichever family it is of
    /// var tokenizer = PretrainedTokenizer.Load("smollm");                    // of DeepNet.Data
    /// Console.WriteLine(tokenizer.Decode(model.Generate(tokenizer.Encode("Once upon a time"))));
    /// </code></example>
    public static Module Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string family = ConfigFile.FamilyOf(folder);
        return families.TryGetValue(family, out var load) ? load(folder) : throw new NotSupportedException(
            $"[load_pretrained] {folder} holds a model of the family '{Printable.Line(family)}'; known are "
                + $"{string.Join(", ", families.Keys)}.");
    }

    /// <summary>Makes the model that a folder of Hugging Face holds, as one of a kind, such as <see cref="LanguageModel"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ArgumentException">It holds a model of another kind.</exception>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    public static T Load<T>(string folder) where T : Module
        => Load(folder) is var model && model is T wanted ? wanted : throw new ArgumentException(
            $"[load_pretrained] {folder} holds a {model.GetType().Name}, which is no {typeof(T).Name}.", nameof(folder));
}
