using DeepNet.Data;
using DeepNet.Models;

namespace DeepNet.Samples.Characters;

/// <summary>A model of characters that goes on from a text.</summary>
internal sealed class Writer(LanguageModel model, CharacterVocabulary vocabulary, GenerationOptions options)
{
    /// <summary>The prompt and what the model makes of it.</summary>
    /// <exception cref="ArgumentException">The prompt has a character that the model does not know.</exception>
    public string GoOn(string prompt)
        => prompt + vocabulary.Decode(model.Generate(vocabulary.Encode(prompt), options));
}
