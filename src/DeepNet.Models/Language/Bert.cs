using System.Text.Json.Nodes;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies an encoder of BERT's kind.</summary>
/// <param name="VocabularySize">The number of tokens.</param>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Heads">The number of heads of each attention.</param>
/// <param name="FeedForward">The width inside the feed-forward part.</param>
public sealed record BertConfig(int VocabularySize, int Dimension, int Layers, int Heads, int FeedForward)
{
    /// <summary>Gets BERT base, uncased: 109,482,240 parameters.</summary>
    public static BertConfig Base { get; } = new(30522, 768, 12, 12, 3072);

    /// <summary>Gets MiniLM of 6 layers, the encoder of sentences: 22,713,216 parameters.</summary>
    public static BertConfig MiniLmL6 { get; } = new(30522, 384, 6, 12, 1536);

    /// <summary>Gets MiniLM of 12 layers: 33,360,000 parameters.</summary>
    public static BertConfig MiniLmL12 { get; } = MiniLmL6 with { Layers = 12 };

    /// <summary>Gets the largest number of steps.</summary>
    public int ContextLength { get; init; } = 512;

    /// <summary>Gets the number of kinds of segments.</summary>
    public int SegmentKinds { get; init; } = 2;

    /// <summary>Gets the probability of 0 after each part, while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Gets the number that is added to variances.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Reads a config.json, or that of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks something.</exception>
    /// <exception cref="NotSupportedException">It asks for what this model does not compute.</exception>
    public static BertConfig Load(string path)
    {
        var file = ConfigFile.Load(path, "bert");
        file.Require("hidden_act", "gelu", "gelu");
        file.Require("position_embedding_type", "absolute", "absolute");
        return new(file.Count("vocab_size"), file.Count("hidden_size"), file.Count("num_hidden_layers"), file.Count("num_attention_heads"),
            file.Count("intermediate_size"))
        {
            ContextLength = file.Count("max_position_embeddings", 512),
            SegmentKinds = file.Count("type_vocab_size", 2),
            Dropout = file.Number("hidden_dropout_prob", 0.1),
            NormEpsilon = file.Number("layer_norm_eps", 1e-12),
        };
    }

    internal JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("BertModel"),
        ["model_type"] = "bert",
        ["vocab_size"] = VocabularySize, ["hidden_size"] = Dimension, ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads,
        ["intermediate_size"] = FeedForward, ["max_position_embeddings"] = ContextLength, ["type_vocab_size"] = SegmentKinds,
        ["hidden_act"] = "gelu", ["hidden_dropout_prob"] = Dropout, ["attention_probs_dropout_prob"] = Dropout,
        ["layer_norm_eps"] = NormEpsilon,
    };
}

/// <summary>Specifies how the vectors of the steps of a sequence become one.</summary>
public enum Pooling
{
    /// <summary>The mean of all steps but padding, as sentence encoders such as MiniLM have it.</summary>
    Mean,

    /// <summary>The first step.</summary>
    First,

    /// <summary>A layer with tanh of the first step, which BERT was trained with.</summary>
    Pooler,
}

/// <summary>
/// BERT (Devlin et al. 2018): an encoder in which each step sees all others. With a mean over steps and MiniLM's weights, sentences of one
/// meaning get vectors near each other. Names are Hugging Face's.
/// </summary>
/// <example><code>
/// var model = Bert.FromPretrained("all-MiniLM-L6-v2");
/// model.Eval();
/// var vectors = model.Encode(tokens, tokens.NotEqual(0));         // (batch, 384), of length 1
/// var alike = vectors.MatMul(vectors.T);
/// </code></example>
public sealed class Bert : Layer, IPretrained
{
    [StateName("embeddings.word_embeddings")]
    private readonly Embedding tokens;
    [StateName("embeddings.position_embeddings")]
    private readonly Embedding places;
    [StateName("embeddings.token_type_embeddings")]
    private readonly Embedding segments;
    [StateName("embeddings.LayerNorm")]
    private readonly LayerNorm norm;
    private readonly Dropout dropout;
    [StateName("encoder.layer")]
    private readonly Block[] blocks;
    [StateName("pooler.dense")]
    private readonly Linear pooler;

    /// <summary>Makes the model. Weights begin as normal numbers of standard deviation 0.02.</summary>
    public Bert(BertConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Heads.Check("bert", config.Dimension, "features", config.Heads);
        Config = config;
        tokens = new Embedding(config.VocabularySize, config.Dimension, generator: generator);
        places = new Embedding(config.ContextLength, config.Dimension, generator: generator);
        segments = new Embedding(config.SegmentKinds, config.Dimension, generator: generator);
        norm = new LayerNorm(config.Dimension, config.NormEpsilon);
        dropout = new Dropout(config.Dropout, generator);
        blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new Block(config, generator))];
        pooler = new Linear(config.Dimension, config.Dimension, generator: generator, activation: new Tanh());
        foreach (var (name, parameter) in NamedParameters())
        {
            if (parameter.Shape.Rank == 2) Init.Normal(parameter, 0, 0.02, generator);
            else if (name.EndsWith(".bias", StringComparison.Ordinal)) Init.Zeros(parameter);
        }
    }

    /// <summary>Makes the model that a folder holds: its config.json and its weights.</summary>
    public static Bert FromPretrained(string folder)
    {
        var model = new Bert(BertConfig.Load(folder));
        model.LoadPretrained(folder);
        return model;
    }

    /// <summary>Gets what was asked for.</summary>
    public BertConfig Config { get; }

    /// <summary>
    /// Gets what files have: longer names in models with a task, older names of norms, and the heads that BERT was trained with.
    /// </summary>
    public WeightTable Weights { get; } = new()
    {
        Prefixes = ["bert."],
        Renamed = [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")],
        Ignored = ["*embeddings.position_ids", "cls.*"],
        Optional = ["pooler.*"],
    };

    JsonObject? IPretrained.Configuration => Config.ToJson();

    /// <summary>(batch, steps) of tokens, none of them padding → (batch, steps, dimension).</summary>
    protected override Tensor Compute(Tensor x) => Compute(x, null, null);

    /// <summary>Computes the vectors of all steps.</summary>
    /// <param name="tokens">(batch, steps).</param>
    /// <param name="attends">(batch, steps), bool: false for padding; or null if there is none.</param>
    /// <param name="segments">(batch, steps), the kind of segment of each token; null for 0.</param>
    /// <returns>(batch, steps, dimension).</returns>
    public Tensor Forward(Tensor tokens, Tensor? attends, Tensor? segments = null)
        => Locate(tokens, () => Compute(tokens, attends, segments));

    private Tensor Compute(Tensor tokens, Tensor? attends, Tensor? segments)
    {
        if (tokens.Rank != 2 || tokens.Shape[1] > Config.ContextLength)
            throw new ArgumentException($"[bert] expects (batch, up to {Config.ContextLength} steps) of tokens, got {tokens.Shape}.");
        var x = this.tokens.Forward(tokens) + places.Forward(Tensor.Arange(0, tokens.Shape[1], 1, DType.Int64, tokens.Device))
            + this.segments.Forward(segments ?? Tensor.ZerosLike(tokens));
        x = dropout.Forward(norm.Forward(x));
        var mask = attends is null ? null : AttentionMask.Attend(attends.Reshape(tokens.Shape[0], 1, 1, tokens.Shape[1]));
        foreach (var block in blocks) x = block.Forward(x, mask);
        return x;
    }

    /// <summary>Computes one vector for each sequence.</summary>
    /// <param name="tokens">(batch, steps).</param>
    /// <param name="attends">(batch, steps), bool: false for padding; or null if there is none.</param>
    /// <param name="pooling">How the vectors of the steps become one.</param>
    /// <param name="normalize">True for vectors of length 1, whose products are cosines.</param>
    /// <returns>(batch, dimension).</returns>
    public Tensor Encode(Tensor tokens, Tensor? attends = null, Pooling pooling = Pooling.Mean, bool normalize = true)
    {
        var y = Pool(Forward(tokens, attends), attends, pooling);
        return normalize ? y.Normalize() : y;
    }

    /// <summary>Computes one vector of those of all steps.</summary>
    /// <param name="x">(batch, steps, dimension).</param>
    /// <param name="attends">(batch, steps), bool: false for padding; or null if there is none.</param>
    /// <param name="pooling">How.</param>
    public Tensor Pool(Tensor x, Tensor? attends, Pooling pooling)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (pooling == Pooling.First) return x.Select(1, 0);
        if (pooling == Pooling.Pooler) return pooler.Forward(x.Select(1, 0));
        if (attends is null) return x.Mean(1);
        var counts = attends.To(x.DType).Unsqueeze(-1);
        return (x * counts).Sum(1) / counts.Sum(1).Maximum(1e-9);
    }

    private sealed class Block(BertConfig config, Generator? generator) : Layer
    {
        [StateName("attention.self.query")]
        private readonly Linear query = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.self.key")]
        private readonly Linear key = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.self.value")]
        private readonly Linear value = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.output.dense")]
        private readonly Linear project = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.output.LayerNorm")]
        private readonly LayerNorm norm1 = new(config.Dimension, config.NormEpsilon);
        [StateName("intermediate.dense")]
        private readonly Linear widen = new(config.Dimension, config.FeedForward, generator: generator, activation: new Gelu());
        [StateName("output.dense")]
        private readonly Linear narrow = new(config.FeedForward, config.Dimension, generator: generator);
        [StateName("output.LayerNorm")]
        private readonly LayerNorm norm2 = new(config.Dimension, config.NormEpsilon);
        private readonly Dropout dropout = new(config.Dropout, generator);

        protected override Tensor Compute(Tensor x) => Compute(x, null);

        public Tensor Forward(Tensor x, AttentionMask? mask) => Locate(x, () => Compute(x, mask));

        // Norms come after what they are for, as in the first transformer.
        private Tensor Compute(Tensor x, AttentionMask? mask)
        {
            x = norm1.Forward(x + dropout.Forward(Attend(x, mask)));
            return norm2.Forward(x + dropout.Forward(narrow.Forward(widen.Forward(x))));
        }

        private Tensor Attend(Tensor x, AttentionMask? mask)
            => project.Forward(Heads.Join(Attention.ScaledDotProduct(
                Heads.Split(query.Forward(x), config.Heads), Heads.Split(key.Forward(x), config.Heads),
                Heads.Split(value.Forward(x), config.Heads), mask, dropout: IsTraining ? config.Dropout : 0, generator: generator)));
    }
}
