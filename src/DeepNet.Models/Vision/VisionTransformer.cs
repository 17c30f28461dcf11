using System.Globalization;
using System.Text.Json.Nodes;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="VisionTransformer"/>.</summary>
/// <param name="ImageSize">The height and width of the images.</param>
/// <param name="PatchSize">The height and width of a patch, which divides those of the images.</param>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Heads">The number of heads of each attention.</param>
/// <param name="FeedForward">The width inside the feed-forward part.</param>
public sealed record VisionTransformerConfig(int ImageSize, int PatchSize, int Dimension, int Layers, int Heads, int FeedForward)
{
    /// <summary>Gets ViT-S/16 for ImageNet: 22,050,664 parameters.</summary>
    public static VisionTransformerConfig Small16 { get; } = new(224, 16, 384, 12, 6, 1536);

    /// <summary>Gets ViT-B/16 for ImageNet: 86,567,656 parameters.</summary>
    public static VisionTransformerConfig Base16 { get; } = new(224, 16, 768, 12, 12, 3072);

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Gets the number of channels of the images.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Gets the probability of 0 after each part, while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets the number that is added to variances.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Reads a config.json, or that of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks something.</exception>
    /// <exception cref="NotSupportedException">It asks for what this model does not compute.</exception>
    public static VisionTransformerConfig Load(string path)
    {
        var file = ConfigFile.Load(path, "vit");
        file.Require("hidden_act", "gelu", "gelu");
        if (!file.Flag("qkv_bias", true)) throw new NotSupportedException($"[config] {path} asks for attentions without biases.");
        return new(file.Count("image_size", 224), file.Count("patch_size", 16), file.Count("hidden_size"), file.Count("num_hidden_layers"),
            file.Count("num_attention_heads"), file.Count("intermediate_size"))
        {
            Classes = file.Part("id2label")?.Length ?? file.Count("num_labels", 2),
            Channels = file.Count("num_channels", 3),
            Dropout = file.Number("hidden_dropout_prob", 0),
            NormEpsilon = file.Number("layer_norm_eps", 1e-12),
        };
    }

    internal JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("ViTForImageClassification"),
        ["model_type"] = "vit",
        ["image_size"] = ImageSize, ["patch_size"] = PatchSize, ["num_channels"] = Channels, ["hidden_size"] = Dimension,
        ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads, ["intermediate_size"] = FeedForward, ["hidden_act"] = "gelu",
        ["qkv_bias"] = true, ["layer_norm_eps"] = NormEpsilon, ["hidden_dropout_prob"] = Dropout,
        ["attention_probs_dropout_prob"] = Dropout,
        ["id2label"] = new JsonObject(Enumerable.Range(0, Classes).Select(
            i => KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture), (JsonNode?)$"LABEL_{i}"))),
    };
}

/// <summary>
/// A vision transformer (Dosovitskiy et al. 2020): an image is cut into patches, each becomes a vector, and all of them attend to each
/// other. A vector that belongs to no patch collects what the head gets. Names are Hugging Face's.
/// </summary>
public sealed class VisionTransformer : Layer, IPretrained
{
    [StateName("vit.embeddings.cls_token")]
    private readonly Parameter summary;
    [StateName("vit.embeddings.position_embeddings")]
    private readonly Parameter places;
    [StateName("vit.embeddings.patch_embeddings.projection")]
    private readonly Conv2d patches;
    private readonly Dropout dropout;
    [StateName("vit.encoder.layer")]
    private readonly Block[] blocks;
    [StateName("vit.layernorm")]
    private readonly LayerNorm norm;

    /// <summary>Makes the network; matrices begin as normal numbers of standard deviation 0.02.</summary>
    public VisionTransformer(VisionTransformerConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Heads.Check("vision_transformer", config.Dimension, "features", config.Heads);
        Config = config;
        int side = config.ImageSize / config.PatchSize;
        if (side * config.PatchSize != config.ImageSize)
            throw new ArgumentException(
                $"[vision_transformer] images of {config.ImageSize} are not made of patches of {config.PatchSize}.");
        summary = new Parameter(Tensor.Zeros(1, 1, config.Dimension));
        places = new Parameter(Init.Normal(Tensor.Empty(new Shape(1, side * side + 1, config.Dimension)), 0, 0.02, generator));
        patches = new Conv2d(config.Channels, config.Dimension, config.PatchSize, config.PatchSize, generator: generator);
        dropout = new Dropout(config.Dropout, generator);
        blocks = [.. Enumerable.Range(0, config.Layers).Select(_ => new Block(config, generator))];
        norm = new LayerNorm(config.Dimension, config.NormEpsilon);
        Head = new Linear(config.Dimension, config.Classes, generator: generator);
        foreach (var (_, module) in Modules())
        {
            if (module is not Linear linear) continue;
            Init.Normal(linear.Weight, 0, 0.02, generator);
            Init.Zeros(linear.Bias!);
        }
    }

    /// <summary>Makes the network that a folder holds: its config.json and its weights.</summary>
    public static VisionTransformer FromPretrained(string folder)
    {
        var model = new VisionTransformer(VisionTransformerConfig.Load(folder));
        model.LoadPretrained(folder);
        return model;
    }

    /// <summary>Gets what was asked for.</summary>
    public VisionTransformerConfig Config { get; }

    /// <summary>Gets or sets what makes logits of the features.</summary>
    [field: StateName("classifier")]
    public Module Head { get; set; }

    /// <inheritdoc/>
    public WeightTable Weights { get; } = new() { Prefixes = ["vit."], Ignored = ["*pooler.dense.*"] };

    JsonObject? IPretrained.Configuration => Config.ToJson();

    /// <summary>Computes what the head gets: (N, C, H, W) → (N, dimension).</summary>
    public Tensor Extract(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 4 || x.Shape[2] != Config.ImageSize || x.Shape[3] != Config.ImageSize)
            throw new ArgumentException(
                $"[vision_transformer] expects (N, {Config.Channels}, {Config.ImageSize}, {Config.ImageSize}), got {x.Shape}.");
        x = patches.Forward(x).Flatten(2).Transpose(1, 2);
        x = Tensor.Cat([summary.Value.Expand(x.Shape[0], 1, Config.Dimension), x], 1) + places;
        x = dropout.Forward(x);
        foreach (var block in blocks) x = block.Forward(x);
        return norm.Forward(x.Select(1, 0));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Head.Forward(Extract(x));

    private sealed class Block(VisionTransformerConfig config, Generator? generator) : Layer
    {
        [StateName("layernorm_before")]
        private readonly LayerNorm norm1 = new(config.Dimension, config.NormEpsilon);
        [StateName("attention.attention.query")]
        private readonly Linear query = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.attention.key")]
        private readonly Linear key = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.attention.value")]
        private readonly Linear value = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("attention.output.dense")]
        private readonly Linear project = new(config.Dimension, config.Dimension, generator: generator);
        [StateName("layernorm_after")]
        private readonly LayerNorm norm2 = new(config.Dimension, config.NormEpsilon);
        [StateName("intermediate.dense")]
        private readonly Linear widen = new(config.Dimension, config.FeedForward, generator: generator, activation: new Gelu());
        [StateName("output.dense")]
        private readonly Linear narrow = new(config.FeedForward, config.Dimension, generator: generator);
        private readonly Dropout dropout = new(config.Dropout, generator);

        protected override Tensor Compute(Tensor x)
        {
            x = x + dropout.Forward(Attend(norm1.Forward(x)));
            return x + dropout.Forward(narrow.Forward(widen.Forward(norm2.Forward(x))));
        }

        private Tensor Attend(Tensor x)
            => project.Forward(Heads.Join(Attention.ScaledDotProduct(
                Heads.Split(query.Forward(x), config.Heads), Heads.Split(key.Forward(x), config.Heads),
                Heads.Split(value.Forward(x), config.Heads), dropout: IsTraining ? config.Dropout : 0, generator: generator)));
    }
}
