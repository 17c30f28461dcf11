namespace DeepNet.Data;

/// <summary>Specifies the tokens of a <see cref="CharacterVocabulary"/> or <see cref="WordVocabulary"/>.</summary>
public sealed record VocabularyOptions
{
    /// <summary>Gets the number of times that a token must occur to be taken. The default is 1.</summary>
    public int MinCount { get; init; } = 1;

    /// <summary>Gets the largest number of tokens, special ones included: the most frequent are taken. The default is no limit.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>Gets a value indicating whether there is a token for padding, which then has the number 0.</summary>
    public bool HasPadding { get; init; }

    /// <summary>
    /// Gets a value indicating whether there is a token for what is not in the vocabulary; without it, unknown text is an error. Words
    /// always have one, and so has a vocabulary that leaves out rare tokens.
    /// </summary>
    public bool HasUnknown { get; init; }

    /// <summary>Gets a value indicating whether there are tokens for the beginning and the end of a text.</summary>
    public bool HasBoundaries { get; init; }

    /// <summary>Gets a value indicating whether letters become small before anything else.</summary>
    public bool Lowercase { get; init; }
}
