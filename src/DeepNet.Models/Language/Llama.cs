using System.Text.Json.Nodes;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a decoder of Llama's kind.</summary>
/// <param name="VocabularySize">The number of tokens.</param>
/// <param name="ContextLength">The largest number of steps.</param>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Heads">The number of heads of queries.</param>
/// <param name="KeyValueHeads">The number of heads of keys and values, each shared by as many of the queries.</param>
/// <param name="FeedForward">The width inside the feed-forward part.</param>
public sealed record LlamaConfig(
    int VocabularySize, int ContextLength, int Dimension, int Layers, int Heads, int KeyValueHeads, int FeedForward)
{
    /// <summary>Gets the model of the project llama2.c that tells stories for children: 15,191,712 parameters.</summary>
    public static LlamaConfig Stories15M { get; } = new(32000, 256, 288, 6, 6, 6, 768) { IsTied = true };

    /// <summary>Gets SmolLM2 135M: 134,515,008 parameters.</summary>
    public static LlamaConfig SmolLm135M { get; } = new(49152, 8192, 576, 30, 9, 3, 1536) { RotaryBase = 100_000, IsTied = true };

    /// <summary>Gets the number of features of a head; the dimension over the number of heads unless it is set.</summary>
    public int HeadWidth { get => field > 0 ? field : Dimension / Heads; init; }

    /// <summary>Gets the base of the rotary positions' frequencies.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Gets how frequencies are changed for longer contexts; null for no change.</summary>
    public LlamaScaling? Scaling { get; init; }

    /// <summary>Gets the number that is added to mean squares.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Gets a value indicating whether the vectors of the tokens give the logits, too.</summary>
    public bool IsTied { get; init; }

    /// <summary>Reads a config.json, or that of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks something.</exception>
    /// <exception cref="NotSupportedException">It asks for what this model does not compute.</exception>
    public static LlamaConfig Load(string path)
    {
        var file = ConfigFile.Load(path, "llama");
        file.Require("hidden_act", "silu", "silu");
        if (file.Flag("attention_bias", false) || file.Flag("mlp_bias", false))
            throw new NotSupportedException($"[config] {path} asks for biases, which this model has none of.");
        int heads = file.Count("num_attention_heads"), dimension = file.Count("hidden_size");
        var scaling = file.Part("rope_parameters") ?? file.Part("rope_scaling");
        return new(file.Count("vocab_size"), file.Count("max_position_embeddings", 2048), dimension, file.Count("num_hidden_layers"),
            heads, file.Count("num_key_value_heads", heads), file.Count("intermediate_size"))
        {
            HeadWidth = file.Count("head_dim", dimension / heads),
            RotaryBase = scaling?.Number("rope_theta", 0) is > 0 and var theta ? theta : file.Number("rope_theta", 10000),
            Scaling = scaling is null ? null : LlamaScaling.Read(scaling),
            NormEpsilon = file.Number("rms_norm_eps", 1e-6),
            IsTied = file.Flag("tie_word_embeddings", false),
        };
    }

    internal JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["vocab_size"] = VocabularySize, ["max_position_embeddings"] = ContextLength, ["hidden_size"] = Dimension,
        ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads, ["num_key_value_heads"] = KeyValueHeads,
        ["head_dim"] = HeadWidth, ["intermediate_size"] = FeedForward, ["hidden_act"] = "silu", ["rms_norm_eps"] = NormEpsilon,
        ["rope_theta"] = RotaryBase, ["rope_scaling"] = Scaling?.ToJson(), ["tie_word_embeddings"] = IsTied,
    };
}

/// <summary>Specifies how the frequencies of rotary positions are changed for contexts longer than those of training.</summary>
/// <param name="Factor">By what low frequencies are divided.</param>
/// <param name="LowFactor">Waves longer than the context of training over this are divided; null to divide all.</param>
/// <param name="HighFactor">Waves shorter than the context of training over this are left alone.</param>
/// <param name="TrainedSteps">The context of training.</param>
public sealed record LlamaScaling(double Factor, double? LowFactor = null, double HighFactor = 4, int TrainedSteps = 8192)
{
    internal RotaryScaling ToRotary()
        => LowFactor is { } low ? RotaryScaling.ByWavelength(Factor, low, HighFactor, TrainedSteps) : RotaryScaling.Linear(Factor);

    internal static LlamaScaling? Read(ConfigFile file)
    {
        string type = file.Text("rope_type", file.Text("type", "default"));
        if (type == "default") return null;
        file.Require(type == file.Text("rope_type", "") ? "rope_type" : "type", "default", "default", "linear", "llama3");
        return type == "linear" ? new(file.Number("factor", 1))
            : new(file.Number("factor", 8), file.Number("low_freq_factor", 1), file.Number("high_freq_factor", 4),
                file.Count("original_max_position_embeddings", 8192));
    }

    internal JsonObject ToJson() => LowFactor is null ? new() { ["rope_type"] = "linear", ["factor"] = Factor } : new()
    {
        ["rope_type"] = "llama3", ["factor"] = Factor, ["low_freq_factor"] = LowFactor, ["high_freq_factor"] = HighFactor,
        ["original_max_position_embeddings"] = TrainedSteps,
    };
}

/// <summary>
/// A decoder of the kind of Llama (Touvron et al. 2023): as GPT-2 a stack of attentions and feed-forward parts, with root-mean-square
/// norms, rotary positions instead of learned ones, keys and values shared by several heads, gates in the feed-forward part, and no biases.
/// Names are Hugging Face's.
/// </summary>
public sealed class Llama : TransformerLanguageModel, IPretrained
{
    // An exported model has the positions that are prepared, and no others.
    private const int MostPrepared = 8192;

    [StateName("model.embed_tokens")]
    private readonly Embedding tokens;
    [StateName("model.layers")]
    private readonly Block[] blocks;
    [StateName("model.norm")]
    private readonly RmsNorm norm;
    [StateName("lm_head")]
    private readonly Linear? head;

    /// <summary>Makes the model. Weights begin as normal numbers of standard deviation 0.02.</summary>
    public Llama(LlamaConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Heads.Check("llama", config.Heads, "heads of queries", config.KeyValueHeads);
        Config = config;
        tokens = new Embedding(config.VocabularySize, config.Dimension, generator: generator);
        var rotary = new RotaryEmbedding(config.HeadWidth, config.RotaryBase, scaling: config.Scaling?.ToRotary(),
            prepared: Math.Min(config.ContextLength, MostPrepared));
        blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new Block(config, rotary, generator))];
        norm = new RmsNorm(config.Dimension, config.NormEpsilon);
        if (!config.IsTied) head = new Linear(config.Dimension, config.VocabularySize, bias: false, generator);
        foreach (var parameter in Parameters())
            if (parameter.Shape.Rank == 2) Init.Normal(parameter, 0, 0.02, generator);
    }

    /// <summary>Makes the model that a folder holds: its config.json and its weights.</summary>
    public static Llama FromPretrained(string folder)
    {
        var model = new Llama(LlamaConfig.Load(folder));
        model.LoadPretrained(folder);
        return model;
    }

    /// <summary>Gets what was asked for.</summary>
    public LlamaConfig Config { get; }

    /// <inheritdoc/>
    public override Embedding Tokens => tokens;

    /// <inheritdoc/>
    public override int ContextLength => Config.ContextLength;

    /// <inheritdoc/>
    public override int Layers => blocks.Length;

    /// <inheritdoc/>
    public WeightTable Weights { get; } = new()
    {
        Prefixes = ["model."],
        Ignored = ["*.rotary_emb.inv_freq", "lm_head.weight"],
    };

    JsonObject? IPretrained.Configuration => Config.ToJson();

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor tokens, TransformerState? state, bool lastOnly)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        int steps = tokens.Shape[1];
        var x = this.tokens.Forward(tokens);
        var mask = state?.Mask(steps);
        for (int i = 0; i < blocks.Length; i++) x = blocks[i].Forward(x, mask, state?[i]);
        if (lastOnly) x = x.Narrow(1, steps - 1, 1);
        x = norm.Forward(x);
        return head is null ? x.Affine(this.tokens.Weight, transposed: true) : head.Forward(x);
    }

    private sealed class Block(LlamaConfig config, RotaryEmbedding rotary, Generator? generator) : Layer
    {
        [StateName("input_layernorm")]
        private readonly RmsNorm norm1 = new(config.Dimension, config.NormEpsilon);
        [StateName("self_attn.q_proj")]
        private readonly Linear query = new(config.Dimension, config.Heads * config.HeadWidth, bias: false, generator);
        [StateName("self_attn.k_proj")]
        private readonly Linear key = new(config.Dimension, config.KeyValueHeads * config.HeadWidth, bias: false, generator);
        [StateName("self_attn.v_proj")]
        private readonly Linear value = new(config.Dimension, config.KeyValueHeads * config.HeadWidth, bias: false, generator);
        [StateName("self_attn.o_proj")]
        private readonly Linear project = new(config.Heads * config.HeadWidth, config.Dimension, bias: false, generator);
        [StateName("post_attention_layernorm")]
        private readonly RmsNorm norm2 = new(config.Dimension, config.NormEpsilon);
        [StateName("mlp")]
        private readonly GatedFeedForward feedForward = new(config.Dimension, config.FeedForward, generator: generator);
        protected override Tensor Compute(Tensor x) => Compute(x, null, null);

        public Tensor Forward(Tensor x, AttentionMask? mask, KeyValueCache? cache) => Locate(x, () => Compute(x, mask, cache));

        private Tensor Compute(Tensor x, AttentionMask? mask, KeyValueCache? cache)
        {
            x = x + Attend(norm1.Forward(x), mask, cache);
            return x + feedForward.Forward(norm2.Forward(x));
        }

        // Padding in front turns the queries and keys of a sequence by one angle more, which their products do not see.
        private Tensor Attend(Tensor x, AttentionMask? mask, KeyValueCache? cache)
        {
            int before = cache?.Length ?? 0;
            var queries = rotary.Forward(Heads.Split(query.Forward(x), config.Heads), before);
            var keys = rotary.Forward(Heads.Split(key.Forward(x), config.KeyValueHeads), before);
            var values = Heads.Split(value.Forward(x), config.KeyValueHeads);
            if (cache is not null) (keys, values) = cache.Append(keys, values);
            return project.Forward(Heads.Join(
                Attention.ScaledDotProduct(queries, keys, values, mask, isCausal: true, offset: before)));
        }
    }
}
