using Microsoft.ML.Tokenizers;

namespace DeepNet.Data.Text;

/// <summary>All that a tokenizer of files consists of.</summary>
/// <param name="Inner">Cuts plain text.</param>
/// <param name="Size">The number of tokens.</param>
/// <param name="Special">The numbers of special tokens.</param>
internal sealed record TokenizerParts(Tokenizer Inner, int Size, SpecialTokens Special)
{
    /// <summary>Gets the tokens before a text.</summary>
    public int[] Before { get; init; } = [];

    /// <summary>Gets the tokens behind a text.</summary>
    public int[] After { get; init; } = [];

    /// <summary>Gets the tokens that are found in text before it is cut.</summary>
    public Dictionary<string, int> Added { get; init; } = [];

    /// <summary>Gets the tokens that decoding leaves out.</summary>
    public IEnumerable<int> Silent { get; init; } = [];

    /// <summary>Gets a value indicating whether accents are taken from letters, for which Unicode's tables are needed.</summary>
    public bool Decomposes { get; init; }
}
