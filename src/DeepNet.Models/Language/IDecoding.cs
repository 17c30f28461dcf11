namespace DeepNet.Models;

/// <summary>
/// The state that a language model keeps of the sequences that it has read, so that each further token is computed alone.
/// </summary>
public interface IDecoding
{
    /// <summary>Reads sequences from their beginning.</summary>
    /// <param name="sequences">The tokens of each sequence, one at least.</param>
    /// <returns>The logits of the tokens that follow, (batch, vocabulary).</returns>
    Tensor Start(IReadOnlyList<IReadOnlyList<int>> sequences);

    /// <summary>Reads one more token of each sequence.</summary>
    /// <returns>The logits of the tokens that follow, (batch, vocabulary).</returns>
    Tensor Next(IReadOnlyList<int> tokens);
}
