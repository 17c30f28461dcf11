using System.Text.Json.Nodes;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a residual network.</summary>
/// <param name="Blocks">The number of blocks of each stage.</param>
public sealed record ResNetConfig(IReadOnlyList<int> Blocks)
{
    /// <summary>Gets the 18-layer network for ImageNet: 11,689,512 parameters.</summary>
    public static ResNetConfig ResNet18 { get; } = new([2, 2, 2, 2]);

    /// <summary>Gets the 34-layer network for ImageNet: 21,797,672 parameters.</summary>
    public static ResNetConfig ResNet34 { get; } = new([3, 4, 6, 3]);

    /// <summary>Gets the 50-layer network for ImageNet: 25,557,032 parameters.</summary>
    public static ResNetConfig ResNet50 { get; } = new([3, 4, 6, 3]) { IsBottleneck = true };

    /// <summary>Gets the 20-layer network for CIFAR-10: 272,474 parameters.</summary>
    public static ResNetConfig Cifar20 { get; } = new([3, 3, 3]) { Width = 16, IsForSmallImages = true, Classes = 10 };

    /// <summary>Gets the 56-layer network for CIFAR-10: 855,770 parameters.</summary>
    public static ResNetConfig Cifar56 { get; } = Cifar20 with { Blocks = [9, 9, 9] };

    /// <summary>Gets a value indicating whether a block is three convolutions, 1×1, 3×3 and 1×1 to four times the channels.</summary>
    public bool IsBottleneck { get; init; }

    /// <summary>Gets the number of channels of the first stage; each further stage has twice as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>
    /// Gets a value indicating whether the network begins with a 3×3 convolution at full size, as for CIFAR's 32×32 pixels, and not with
    /// one of 7×7 and a pooling that leave a quarter of each side.
    /// </summary>
    public bool IsForSmallImages { get; init; }

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Gets the number of channels of the images.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Reads a config.json of Transformers or of timm, or that of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks something.</exception>
    /// <exception cref="NotSupportedException">It asks for what this model does not compute.</exception>
    public static ResNetConfig Load(string path)
    {
        var file = ConfigFile.Load(path);
        if (file.Text("architecture", "") is { Length: > 0 } name)
        {
            file.Require("architecture", "", "resnet18", "resnet34", "resnet50");
            var known = name switch { "resnet18" => ResNet18, "resnet34" => ResNet34, _ => ResNet50 };
            return known with { Classes = file.Count("num_classes", 1000) };
        }
        file.Require("model_type", "resnet", "resnet");
        file.Require("hidden_act", "relu", "relu");
        file.Require("layer_type", "bottleneck", "bottleneck", "basic");
        foreach (string other in new[] { "downsample_in_first_stage", "downsample_in_bottleneck" })
            if (file.Flag(other, false)) throw new NotSupportedException($"[config] {path} asks for {other}.");
        bool isBottleneck = file.Text("layer_type", "bottleneck") == "bottleneck";
        int width = file.Count("embedding_size", 64);
        var config = new ResNetConfig(file.Counts("depths") ?? [3, 4, 6, 3])
        {
            IsBottleneck = isBottleneck, Width = width, Channels = file.Count("num_channels", 3),
            Classes = file.Part("id2label")?.Length ?? file.Count("num_labels", 2),
        };
        int[] sizes = file.Counts("hidden_sizes") ?? [256, 512, 1024, 2048];
        if (!sizes.Select(size => (long)size).SequenceEqual(config.Sizes()))
            throw new NotSupportedException(
                $"[config] {path} has hidden_sizes {string.Join(", ", sizes)}; this model knows {string.Join(", ", config.Sizes())}, "
                    + "twice as many at each stage.");
        return config;
    }

    // timm's form, whose names are torchvision's as the model's are; null for what it has no name for.
    internal JsonObject? ToJson()
    {
        var named = new[] { ("resnet18", ResNet18), ("resnet34", ResNet34), ("resnet50", ResNet50) };
        string? name = named.FirstOrDefault(pair => pair.Item2 with { Classes = Classes, Blocks = Blocks } == this
            && pair.Item2.Blocks.SequenceEqual(Blocks)).Item1;
        return name is null ? null : new() { ["architecture"] = name, ["num_classes"] = Classes };
    }

    // The channels that each stage gives on.
    private IEnumerable<long> Sizes() => Blocks.Select((_, stage) => (long)Width << (stage + (IsBottleneck ? 2 : 0)));
}

/// <summary>
/// The residual network of He et al. (2015). Each block adds what it computes to what came in, so that a block that learns nothing does no
/// harm and gradients have a straight way back. Names are torchvision's.
/// </summary>
/// <example><code>
/// var model = new ResNet(ResNetConfig.ResNet18);
/// model.LoadPretrained("resnet18.safetensors");
/// model.Eval();
/// var logits = model.Forward(images);                     // (N, 3, 224, 224) → (N, 1000)
/// model.Head = new Linear(model.Features, 10);            // for a task of one's own
/// </code></example>
public sealed class ResNet : Layer, IPretrained
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Relu relu = new();
    private readonly MaxPool2d? maxpool;
    [StateName("")]
    private readonly OrderedDictionary<string, Sequential> stages = [];

    /// <summary>Makes the network; convolutions begin by He's initialisation.</summary>
    public ResNet(ResNetConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        int width = config.Width;
        conv1 = config.IsForSmallImages
            ? new Conv2d(config.Channels, width, 3, padding: 1, bias: false, generator: generator)
            : new Conv2d(config.Channels, width, 7, 2, padding: 3, bias: false, generator: generator);
        bn1 = new BatchNorm2d(width);
        if (!config.IsForSmallImages) maxpool = new MaxPool2d(3, 2, 1);
        int channels = width;
        for (int stage = 0; stage < config.Blocks.Count; stage++, width *= 2)
        {
            var blocks = new Sequential();
            for (int i = 0; i < config.Blocks[stage]; i++)
            {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                blocks.Add(config.IsBottleneck ? new Bottleneck(channels, width, stride, generator)
                    : new BasicBlock(channels, width, stride, generator));
                channels = config.IsBottleneck ? Bottleneck.Expansion * width : width;
            }
            stages.Add($"layer{stage + 1}", blocks);
        }
        Features = channels;
        Head = new Linear(channels, config.Classes, generator: generator);
        foreach (var (_, module) in Modules())
            if (module is Conv2d conv) Init.HeNormal(conv.Weight, fanOut: true, generator: generator);
    }

    /// <summary>Makes the model that a folder holds, of Transformers or of timm: its config.json and its weights.</summary>
    public static ResNet FromPretrained(string folder)
    {
        var model = new ResNet(ResNetConfig.Load(folder));
        model.LoadPretrained(folder);
        return model;
    }

    /// <summary>Gets what was asked for.</summary>
    public ResNetConfig Config { get; }

    /// <summary>Gets the names that files of Transformers have; those of torchvision and timm are the model's own.</summary>
    public WeightTable Weights { get; } = new()
    {
        Renamed =
        [
            ("resnet.embedder.", "embedder."), ("resnet.encoder.", "encoder."),
            ("embedder.embedder.convolution.", "conv1."), ("embedder.embedder.normalization.", "bn1."),
            .. Enumerable.Range(0, 4).Select(stage => ($"encoder.stages.{stage}.layers.", $"layer{stage + 1}.")),
            (".shortcut.convolution.", ".downsample.0."), (".shortcut.normalization.", ".downsample.1."),
            .. Enumerable.Range(0, 3).Select(i => ($".layer.{i}.convolution.", $".conv{i + 1}.")),
            .. Enumerable.Range(0, 3).Select(i => ($".layer.{i}.normalization.", $".bn{i + 1}.")),
            ("classifier.1.", "fc."),
        ],
    };

    JsonObject? IPretrained.Configuration => Config.ToJson();

    /// <summary>Gets the number of features that the head gets.</summary>
    public int Features { get; }

    /// <summary>Gets or sets what makes logits of the features.</summary>
    [field: StateName("fc")]
    public Module Head { get; set; }

    /// <summary>Computes what the head gets: (N, C, H, W) → (N, features).</summary>
    public Tensor Extract(Tensor x)
    {
        x = Conv2dNorm.Apply(conv1, bn1, x, relu);
        if (maxpool is not null) x = maxpool.Forward(x);
        foreach (var stage in stages.Values) x = stage.Forward(x);
        return x.Mean([2, 3]);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Head.Forward(Extract(x));

    // What goes past a block, where it changes the size or the channels.
    private static Sequential? Shortcut(int inputs, int outputs, int stride, Generator? generator)
        => stride == 1 && inputs == outputs ? null : new Sequential(
            new Conv2d(inputs, outputs, 1, stride, bias: false, generator: generator), new BatchNorm2d(outputs));

    private static Tensor Past(Sequential? shortcut, Tensor x)
        => shortcut is null ? x : Conv2dNorm.Apply((Conv2d)shortcut[0], (BatchNorm2d)shortcut[1], x);

    private sealed class BasicBlock(int inputs, int width, int stride, Generator? generator) : Layer
    {
        private readonly Conv2d conv1 = new(inputs, width, 3, stride, padding: 1, bias: false, generator: generator);
        private readonly BatchNorm2d bn1 = new(width);
        private readonly Relu relu = new();
        private readonly Conv2d conv2 = new(width, width, 3, padding: 1, bias: false, generator: generator);
        private readonly BatchNorm2d bn2 = new(width);
        private readonly Sequential? downsample = Shortcut(inputs, width, stride, generator);

        protected override Tensor Compute(Tensor x)
        {
            var y = Conv2dNorm.Apply(conv1, bn1, x, relu);
            return Conv2dNorm.Apply(conv2, bn2, y, relu, Past(downsample, x));
        }
    }

    // The stride is in the 3×3 convolution, as torchvision has it; in the paper it is in the first one.
    private sealed class Bottleneck(int inputs, int width, int stride, Generator? generator) : Layer
    {
        public const int Expansion = 4;

        private readonly Conv2d conv1 = new(inputs, width, 1, bias: false, generator: generator);
        private readonly BatchNorm2d bn1 = new(width);
        private readonly Conv2d conv2 = new(width, width, 3, stride, padding: 1, bias: false, generator: generator);
        private readonly BatchNorm2d bn2 = new(width);
        private readonly Conv2d conv3 = new(width, Expansion * width, 1, bias: false, generator: generator);
        private readonly BatchNorm2d bn3 = new(Expansion * width);
        private readonly Relu relu = new();
        private readonly Sequential? downsample = Shortcut(inputs, Expansion * width, stride, generator);

        protected override Tensor Compute(Tensor x)
        {
            var y = Conv2dNorm.Apply(conv1, bn1, x, relu);
            y = Conv2dNorm.Apply(conv2, bn2, y, relu);
            return Conv2dNorm.Apply(conv3, bn3, y, relu, Past(downsample, x));
        }
    }
}
