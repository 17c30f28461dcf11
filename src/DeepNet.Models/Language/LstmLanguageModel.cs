using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies an LSTM language model.</summary>
/// <param name="VocabularySize">The number of tokens.</param>
/// <param name="Dimension">The length of the tokens' vectors.</param>
/// <param name="Hidden">The length of the state of a layer.</param>
/// <param name="Layers">The number of layers.</param>
public sealed record LstmLanguageConfig(int VocabularySize, int Dimension, int Hidden, int Layers)
{
    /// <summary>Gets the model of medium size of Zaremba et al. (2014) for Penn Treebank: 19,780,400 parameters.</summary>
    public static LstmLanguageConfig Medium { get; } = new(10_000, 650, 650, 2) { Dropout = 0.5 };

    /// <summary>Gets the probability of 0 between layers, while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets a value indicating whether the vectors of the tokens give the logits, too; their length is then the state's.</summary>
    public bool IsTied { get; init; }
}

/// <summary>
/// A language model of stacked LSTM cells, whose state is all that it knows of the steps before. Names are those of PyTorch's example
/// <c>word_language_model</c>.
/// </summary>
public sealed class LstmLanguageModel : LanguageModel, IPretrained
{
    private readonly Embedding encoder;
    private readonly Dropout drop;
    private readonly Lstm rnn;
    private readonly Linear? decoder;
    [StateName("decoder.bias")]
    private readonly Parameter? tiedBias;

    /// <summary>Makes the model. Vectors of tokens begin uniform within ±0.1.</summary>
    public LstmLanguageModel(LstmLanguageConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.IsTied && config.Dimension != config.Hidden)
            throw new ArgumentException(
                $"[lstm_language_model] vectors of {config.Dimension} cannot be tied to a state of {config.Hidden}.");
        Config = config;
        encoder = new Embedding(config.VocabularySize, config.Dimension, generator: generator);
        drop = new Dropout(config.Dropout, generator);
        rnn = new Lstm(config.Dimension, config.Hidden, config.Layers, batchFirst: true, dropout: config.Dropout, generator: generator);
        Init.Uniform(encoder.Weight, -0.1, 0.1, generator);
        if (config.IsTied) tiedBias = new Parameter(Tensor.Zeros(config.VocabularySize));
        else
        {
            decoder = new Linear(config.Hidden, config.VocabularySize, generator: generator);
            Init.Uniform(decoder.Weight, -0.1, 0.1, generator);
            Init.Zeros(decoder.Bias!);
        }
    }

    /// <summary>Gets what was asked for.</summary>
    public LstmLanguageConfig Config { get; }

    /// <inheritdoc/>
    public override Embedding Tokens => encoder;

    /// <summary>Gets what files of tied models have: the vectors of the tokens twice.</summary>
    public WeightTable Weights { get; } = new() { Ignored = ["decoder.weight"] };

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Compute(x, null, null).Logits;

    /// <summary>Computes the logits of the tokens that follow, going on from a state.</summary>
    /// <param name="tokens">(batch, steps).</param>
    /// <param name="state">The state after earlier steps, as truncated training passes it on; null to begin.</param>
    /// <param name="lengths">The number of steps of each sequence, where they differ.</param>
    public (Tensor Logits, LstmState State) Forward(Tensor tokens, LstmState? state, IReadOnlyList<int>? lengths = null)
        => Locate(tokens, () => Compute(tokens, state, lengths));

    private (Tensor Logits, LstmState State) Compute(Tensor tokens, LstmState? state, IReadOnlyList<int>? lengths)
    {
        var (output, last) = rnn.Forward(drop.Forward(encoder.Forward(tokens)), state, lengths);
        return (Head(drop.Forward(output)), last);
    }

    private Tensor Head(Tensor x) => decoder is null ? x.Affine(encoder.Weight, tiedBias!.Value, transposed: true) : decoder.Forward(x);

    /// <inheritdoc/>
    public override IDecoding Decode(int capacity) => new Decoding(this);

    private sealed class Decoding(LstmLanguageModel model) : IDecoding
    {
        private LstmState? state;

        public Tensor Start(IReadOnlyList<IReadOnlyList<int>> sequences)
        {
            int steps = sequences.Max(s => s.Count);
            long[,] tokens = new long[sequences.Count, steps];
            for (int i = 0; i < sequences.Count; i++)
                for (int t = 0; t < sequences[i].Count; t++) tokens[i, t] = sequences[i][t];
            state = null;
            return Read(tokens, sequences.All(s => s.Count == steps) ? null : [.. sequences.Select(s => s.Count)]);
        }

        public Tensor Next(IReadOnlyList<int> tokens)
        {
            long[,] step = new long[tokens.Count, 1];
            for (int i = 0; i < tokens.Count; i++) step[i, 0] = tokens[i];
            return Read(step, null);
        }

        // What the last cell puts out is its state, after the last step of each sequence.
        private Tensor Read(long[,] tokens, int[]? lengths)
        {
            var x = model.encoder.Forward(Tensor.From(tokens, model.encoder.Weight.Value.Device));
            var (_, last) = model.rnn.Forward(x, state, lengths);
            state = new(Memory.Keep(last.Hidden), Memory.Keep(last.Cell));
            return model.Head(last.Hidden.Select(0, model.rnn.Layers - 1));
        }
    }
}
