namespace DeepNet.Data;

/// <summary>Turns text into numbers of tokens, and back. May be used by several threads at once.</summary>
public interface ITokenizer
{
    /// <summary>Gets the number of tokens, which a model needs for its embedding.</summary>
    int VocabularySize { get; }

    /// <summary>Gets the numbers of the tokens that are not text.</summary>
    SpecialTokens Special { get; }

    /// <summary>Turns text into the numbers of its tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecial">
    /// True to put <see cref="SpecialTokens.Begin"/> before and <see cref="SpecialTokens.End"/> behind, as far as models of this tokenizer
    /// are used to them.
    /// </param>
    int[] Encode(string text, bool addSpecial = true);

    /// <summary>Turns tokens into text. Special tokens are left out, except for the unknown one.</summary>
    string Decode(params ReadOnlySpan<int> tokens);
}
