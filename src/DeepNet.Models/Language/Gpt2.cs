using System.Text.Json.Nodes;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a GPT-2.</summary>
/// <param name="VocabularySize">The number of tokens.</param>
/// <param name="ContextLength">The largest number of steps.</param>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Heads">The number of heads of each attention.</param>
public sealed record Gpt2Config(int VocabularySize, int ContextLength, int Dimension, int Layers, int Heads)
{
    /// <summary>Gets the smallest of the published models: 124,439,808 parameters.</summary>
    public static Gpt2Config Small { get; } = new(50257, 1024, 768, 12, 12);

    /// <summary>Gets the next larger one: 354,823,168 parameters.</summary>
    public static Gpt2Config Medium { get; } = new(50257, 1024, 1024, 24, 16);

    /// <summary>Gets the width of the feed-forward part; four times the dimension unless it is set.</summary>
    public int FeedForward { get => field > 0 ? field : 4 * Dimension; init; }

    /// <summary>Gets the probability of 0 after embeddings, attentions and feed-forward parts, while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Gets the number that is added to variances.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Reads a config.json, or that of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks something.</exception>
    /// <exception cref="NotSupportedException">It asks for what this model does not compute.</exception>
    public static Gpt2Config Load(string path)
    {
        var file = ConfigFile.Load(path, "gpt2");
        file.Require("activation_function", "gelu_new", "gelu_new", "gelu_pytorch_tanh");
        int dimension = file.Count("n_embd", 768);
        return new(file.Count("vocab_size", 50257), file.Count("n_positions", 1024), dimension, file.Count("n_layer", 12),
            file.Count("n_head", 12))
        {
            FeedForward = file.Count("n_inner", 4 * dimension),
            Dropout = file.Number("resid_pdrop", 0.1),
            NormEpsilon = file.Number("layer_norm_epsilon", 1e-5),
        };
    }

    internal JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"),
        ["model_type"] = "gpt2",
        ["vocab_size"] = VocabularySize, ["n_positions"] = ContextLength, ["n_embd"] = Dimension, ["n_layer"] = Layers, ["n_head"] = Heads,
        ["n_inner"] = FeedForward, ["activation_function"] = "gelu_new", ["layer_norm_epsilon"] = NormEpsilon,
        ["attn_pdrop"] = Dropout, ["embd_pdrop"] = Dropout, ["resid_pdrop"] = Dropout, ["tie_word_embeddings"] = true,
    };
}

/// <summary>
/// GPT-2 (Radford et al. 2019): a stack of layers in which each step looks at those before it and then thinks for itself. The vectors of
/// the tokens also give the logits. Names are Hugging Face's.
/// </summary>
public sealed class Gpt2 : TransformerLanguageModel, IPretrained
{
    [StateName("transformer.wte")]
    private readonly Embedding tokens;
    [StateName("transformer.wpe")]
    private readonly Embedding places;
    private readonly Dropout dropout;
    [StateName("transformer.h")]
    private readonly Block[] blocks;
    [StateName("transformer.ln_f")]
    private readonly LayerNorm norm;

    /// <summary>Makes the model. Weights begin as normal numbers, those at the end of a block smaller the more blocks add up.</summary>
    public Gpt2(Gpt2Config config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Heads.Check("gpt2", config.Dimension, "features", config.Heads);
        Config = config;
        tokens = new Embedding(config.VocabularySize, config.Dimension, generator: generator);
        places = new Embedding(config.ContextLength, config.Dimension, generator: generator);
        dropout = new Dropout(config.Dropout, generator);
        blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new Block(config, generator))];
        norm = new LayerNorm(config.Dimension, config.NormEpsilon);
        foreach (var (name, parameter) in NamedParameters())
        {
            if (parameter.Shape.Rank == 2)
                Init.Normal(parameter, 0, name.EndsWith("c_proj.weight", StringComparison.Ordinal)
                    ? 0.02 / Math.Sqrt(2.0 * config.Layers) : 0.02, generator);
            else if (name.EndsWith(".bias", StringComparison.Ordinal)) Init.Zeros(parameter);
        }
    }

    /// <summary>Makes the model that a folder holds: its config.json and its weights.</summary>
    public static Gpt2 FromPretrained(string folder)
    {
        var model = new Gpt2(Gpt2Config.Load(folder));
        model.LoadPretrained(folder);
        return model;
    }

    /// <summary>Gets what was asked for.</summary>
    public Gpt2Config Config { get; }

    /// <inheritdoc/>
    public override Embedding Tokens => tokens;

    /// <inheritdoc/>
    public override int ContextLength => Config.ContextLength;

    /// <inheritdoc/>
    public override int Layers => blocks.Length;

    /// <summary>Gets what files have: matrices stored (in, out), masks among the weights, and perhaps a copy of the tied vectors.</summary>
    public WeightTable Weights { get; } = new()
    {
        Prefixes = ["transformer."],
        Transposed = ["*.attn.c_attn.weight", "*.attn.c_proj.weight", "*.mlp.c_fc.weight", "*.mlp.c_proj.weight"],
        Ignored = ["*.attn.bias", "*.attn.masked_bias", "lm_head.weight"],
    };

    JsonObject? IPretrained.Configuration => Config.ToJson();

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor tokens, TransformerState? state, bool lastOnly)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        int steps = tokens.Shape[1];
        var at = state?.Places(steps) ?? Tensor.Arange(0, steps, 1, DType.Int64, tokens.Device);
        var x = dropout.Forward(this.tokens.Forward(tokens) + places.Forward(at));
        var mask = state?.Mask(steps);
        for (int i = 0; i < blocks.Length; i++) x = blocks[i].Forward(x, mask, state?[i]);
        if (lastOnly) x = x.Narrow(1, steps - 1, 1);
        return norm.Forward(x).Affine(this.tokens.Weight, transposed: true);
    }

    private sealed class Block(Gpt2Config config, Generator? generator) : Layer
    {
        [StateName("ln_1")]
        private readonly LayerNorm norm1 = new(config.Dimension, config.NormEpsilon);
        [StateName("attn.c_attn")]
        private readonly Linear queriesKeysValues = new(config.Dimension, 3 * config.Dimension, generator: generator);
        [StateName("attn.c_proj")]
        private readonly Linear project = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("ln_2")]
        private readonly LayerNorm norm2 = new(config.Dimension, config.NormEpsilon);
        [StateName("mlp.c_fc")]
        private readonly Linear widen = new(config.Dimension, config.FeedForward, generator: generator, activation: new GeluTanh());
        [StateName("mlp.c_proj")]
        private readonly Linear narrow = new(config.FeedForward, config.Dimension, generator: generator);
        private readonly Dropout dropout = new(config.Dropout, generator);

        protected override Tensor Compute(Tensor x) => Compute(x, null, null);

        public Tensor Forward(Tensor x, AttentionMask? mask, KeyValueCache? cache) => Locate(x, () => Compute(x, mask, cache));

        private Tensor Compute(Tensor x, AttentionMask? mask, KeyValueCache? cache)
        {
            x = x + dropout.Forward(Attend(norm1.Forward(x), mask, cache));
            return x + dropout.Forward(narrow.Forward(widen.Forward(norm2.Forward(x))));
        }

        private Tensor Attend(Tensor x, AttentionMask? mask, KeyValueCache? cache)
        {
            var parts = queriesKeysValues.Forward(x).Split(config.Dimension, 2);
            var (queries, keys, values) =
                (Heads.Split(parts[0], config.Heads), Heads.Split(parts[1], config.Heads), Heads.Split(parts[2], config.Heads));
            int before = cache?.Length ?? 0;
            if (cache is not null) (keys, values) = cache.Append(keys, values);
            return project.Forward(Heads.Join(Attention.ScaledDotProduct(
                queries, keys, values, mask, isCausal: true, IsTraining ? config.Dropout : 0, generator: generator, offset: before)));
        }
    }
}
