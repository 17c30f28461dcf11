using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a stage of a <see cref="MobileNetV2"/>.</summary>
/// <param name="Expansion">By what a block widens its input.</param>
/// <param name="Channels">The number of channels that it puts out.</param>
/// <param name="Blocks">The number of blocks.</param>
/// <param name="Stride">The stride of the first one.</param>
public readonly record struct MobileNetStage(int Expansion, int Channels, int Blocks, int Stride);

/// <summary>Specifies a <see cref="MobileNetV2"/>.</summary>
/// <param name="Stages">The stages.</param>
public sealed record MobileNetV2Config(IReadOnlyList<MobileNetStage> Stages)
{
    /// <summary>Gets the network for ImageNet: 3,504,872 parameters.</summary>
    public static MobileNetV2Config ImageNet { get; } = new(
    [
        new(1, 16, 1, 1), new(6, 24, 2, 2), new(6, 32, 3, 2), new(6, 64, 4, 2), new(6, 96, 3, 1), new(6, 160, 3, 2), new(6, 320, 1, 1),
    ]);

    /// <summary>Gets the number of channels of the first convolution.</summary>
    public int FirstChannels { get; init; } = 32;

    /// <summary>Gets the number of channels of the last convolution, which are the features of the head.</summary>
    public int LastChannels { get; init; } = 1280;

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Gets the number of channels of the images.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Gets the probability of 0 before the head, while training.</summary>
    public double Dropout { get; init; } = 0.2;
}

/// <summary>
/// MobileNetV2 (Sandler et al. 2018), for small devices: a block widens its input by a 1×1 convolution, filters each channel alone, and
/// narrows the result without an activation, which would lose what few channels hold. Names are torchvision's.
/// </summary>
public sealed class MobileNetV2 : Layer
{
    private readonly Sequential features = [];
    private readonly Dropout dropout;

    /// <summary>Makes the network; convolutions begin by He's initialisation.</summary>
    public MobileNetV2(MobileNetV2Config config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        int channels = config.FirstChannels;
        features.Add(new ConvNorm(config.Channels, channels, 3, 2, 1, generator));
        foreach (var (expansion, next, blocks, stride) in config.Stages)
            for (int i = 0; i < blocks; i++, channels = next)
                features.Add(new InvertedResidual(channels, next, expansion, i == 0 ? stride : 1, generator));
        features.Add(new ConvNorm(channels, config.LastChannels, 1, 1, 1, generator));
        dropout = new Dropout(config.Dropout, generator);
        Features = config.LastChannels;
        Head = new Linear(Features, config.Classes, generator: generator);
        foreach (var (_, module) in Modules())
        {
            if (module is Conv2d conv) Init.HeNormal(conv.Weight, fanOut: true, generator: generator);
            if (module is not Linear linear) continue;
            Init.Normal(linear.Weight, 0, 0.01, generator);
            Init.Zeros(linear.Bias!);
        }
    }

    /// <summary>Gets the number of features that the head gets.</summary>
    public int Features { get; }

    /// <summary>Gets or sets what makes logits of the features.</summary>
    [field: StateName("classifier.1")]
    public Module Head { get; set; }

    /// <summary>Computes what the head gets: (N, C, H, W) → (N, features).</summary>
    public Tensor Extract(Tensor x) => features.Forward(x).Mean([2, 3]);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Head.Forward(dropout.Forward(Extract(x)));

    private sealed class ConvNorm(int inputs, int outputs, int kernel, int stride, int groups, Generator? generator) : Layer
    {
        [StateName("0")]
        private readonly Conv2d conv =
            new(inputs, outputs, kernel, stride, padding: kernel / 2, groups: groups, bias: false, generator: generator);
        [StateName("1")]
        private readonly BatchNorm2d norm = new(outputs);
        private readonly Relu6 relu6 = new();

        protected override Tensor Compute(Tensor x) => Conv2dNorm.Apply(conv, norm, x, relu6);
    }

    private sealed class InvertedResidual : Layer
    {
        [StateName("conv")]
        private readonly Sequential parts = [];
        private readonly bool isResidual;

        public InvertedResidual(int inputs, int outputs, int expansion, int stride, Generator? generator)
        {
            int wide = inputs * expansion;
            if (expansion != 1) parts.Add(new ConvNorm(inputs, wide, 1, 1, 1, generator));
            parts.Add(new ConvNorm(wide, wide, 3, stride, wide, generator));
            parts.Add(new Conv2d(wide, outputs, 1, bias: false, generator: generator));
            parts.Add(new BatchNorm2d(outputs));
            isResidual = stride == 1 && inputs == outputs;
        }

        protected override Tensor Compute(Tensor x)
        {
            var y = x;
            int narrow = parts.Count - 2;
            for (int i = 0; i < narrow; i++) y = parts[i].Forward(y);
            return Conv2dNorm.Apply((Conv2d)parts[narrow], (BatchNorm2d)parts[narrow + 1], y, residual: isResidual ? x : null);
        }
    }
}
