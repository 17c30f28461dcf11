namespace DeepNet.Models;

/// <summary>A transformer in which each step sees those before it.</summary>
public abstract class TransformerLanguageModel : LanguageModel
{
    /// <summary>Gets the number of layers.</summary>
    public abstract int Layers { get; }

    /// <summary>Computes the logits of the tokens that follow.</summary>
    /// <param name="tokens">(batch, steps).</param>
    /// <param name="state">The keys and values of earlier steps, to which those of these are appended; or none.</param>
    /// <param name="lastOnly">True for the logits behind the last step alone.</param>
    /// <returns>(batch, steps, vocabulary), or (batch, 1, vocabulary).</returns>
    protected abstract Tensor Logits(Tensor tokens, TransformerState? state, bool lastOnly);

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] > ContextLength)
            throw new ArgumentException(
                $"[language_model] expects (batch, up to {ContextLength} steps) of tokens, got {x.Shape}.");
        return Logits(x, null, lastOnly: false);
    }

    /// <inheritdoc/>
    public sealed override IDecoding Decode(int capacity) => new Decoding(this, new TransformerState(Layers, capacity));

    private sealed class Decoding(TransformerLanguageModel model, TransformerState state) : IDecoding
    {
        private Device Device => model.Tokens.Weight.Value.Device;

        public Tensor Start(IReadOnlyList<IReadOnlyList<int>> sequences) => Read(state.Restart(sequences, Device));

        public Tensor Next(IReadOnlyList<int> tokens)
        {
            long[,] step = new long[tokens.Count, 1];
            for (int i = 0; i < tokens.Count; i++) step[i, 0] = tokens[i];
            return Read(Tensor.From(step, Device));
        }

        private Tensor Read(Tensor tokens)
        {
            var logits = model.Logits(tokens, state, lastOnly: true);
            state.Advance(tokens.Shape[1]);
            return logits.Select(1, 0);
        }
    }
}
