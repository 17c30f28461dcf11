using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="DiffusionUNet"/>.</summary>
/// <param name="Channels">The number of channels of the pictures.</param>
/// <param name="Widths">The number of channels of each level, from full size down; each level halves the size.</param>
public sealed record DiffusionUNetConfig(int Channels, IReadOnlyList<int> Widths)
{
    /// <summary>Gets the network of the paper for CIFAR-10: 35,746,307 parameters.</summary>
    public static DiffusionUNetConfig Cifar10 { get; } = new(3, [128, 256, 256, 256]);

    /// <summary>Gets a small network for digits of 28×28 pixels and their ten classes: 1,114,081 parameters.</summary>
    public static DiffusionUNetConfig Digits { get; } = new(1, [32, 64, 64])
    {
        BlocksPerLevel = 1, AttentionLevels = [2], Groups = 8, Classes = 10,
    };

    /// <summary>Gets the number of blocks of each level on the way down; there is one more on the way up.</summary>
    public int BlocksPerLevel { get; init; } = 2;

    /// <summary>Gets the levels whose pixels attend to each other.</summary>
    public IReadOnlyList<int> AttentionLevels { get; init; } = [1];

    /// <summary>Gets the number of groups of channels that are normalised together; it divides all widths.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Gets the number of classes that a picture can be asked to belong to; 0 for none.</summary>
    public int Classes { get; init; }

    /// <summary>Gets the probability of 0 inside of blocks, while training.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets the number that is added to variances.</summary>
    public double NormEpsilon { get; init; } = 1e-6;
}

/// <summary>
/// The network of a diffusion model: a U-Net of residual blocks that are told the step, with attention among the pixels of small levels.
/// (N, C, H, W) of pictures and (N,) of their steps → the noise in them. Names are those of <c>UNet2DModel</c> of Hugging Face's diffusers.
/// </summary>
public sealed class DiffusionUNet : Layer, IPretrained
{
    [StateName("conv_in")]
    private readonly Conv2d first;
    [StateName("time_embedding.linear_1")]
    private readonly Linear time1;
    [StateName("time_embedding.linear_2")]
    private readonly Linear time2;
    [StateName("class_embedding")]
    private readonly Embedding? classes;
    [StateName("down_blocks")]
    private readonly Level[] down;
    [StateName("mid_block")]
    private readonly Level middle;
    [StateName("up_blocks")]
    private readonly Level[] up;
    [StateName("conv_norm_out")]
    private readonly GroupNorm norm;
    [StateName("conv_out")]
    private readonly Conv2d last;

    /// <summary>Makes the network.</summary>
    public DiffusionUNet(DiffusionUNetConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        int levels = config.Widths.Count, width = config.Widths[0], time = 4 * width;
        first = new Conv2d(config.Channels, width, 3, padding: 1, generator: generator);
        time1 = new Linear(width, time, generator: generator, activation: new Silu());
        time2 = new Linear(time, time, generator: generator);
        if (config.Classes > 0) classes = new Embedding(config.Classes, time, generator: generator);
        var past = new Stack<int>([width]);         // the channels of what goes straight to the way up
        down = new Level[levels];
        for (int at = 0; at < levels; at++)
        {
            int[] inputs = [width, .. Enumerable.Repeat(config.Widths[at], config.BlocksPerLevel - 1)];
            width = config.Widths[at];
            var resize = at == levels - 1 ? null : new Conv2d(width, width, 3, 2, generator: generator);
            down[at] = new Level(config, inputs, width, Attentions(at, inputs.Length), generator) { Downsampler = resize };
            for (int i = 0; i < inputs.Length + (resize is null ? 0 : 1); i++) past.Push(width);
        }
        middle = new Level(config, [width, width], width, 1, generator);
        up = new Level[levels];
        for (int at = levels - 1; at >= 0; at--)
        {
            int[] inputs = new int[config.BlocksPerLevel + 1];
            for (int i = 0; i < inputs.Length; i++, width = config.Widths[at]) inputs[i] = width + past.Pop();
            var resize = at == 0 ? null : new Conv2d(width, width, 3, padding: 1, generator: generator);
            up[levels - 1 - at] = new Level(config, inputs, width, Attentions(at, inputs.Length), generator) { Upsampler = resize };
        }
        norm = new GroupNorm(config.Groups, width, config.NormEpsilon);
        last = new Conv2d(width, config.Channels, 3, padding: 1, generator: generator);

        int Attentions(int level, int blocks) => config.AttentionLevels.Contains(level) ? blocks : 0;
    }

    /// <summary>Gets what was asked for.</summary>
    public DiffusionUNetConfig Config { get; }

    /// <summary>Gets the names that older files have for the parts of attentions.</summary>
    public WeightTable Weights { get; } = new()
    {
        Renamed = [(".query.", ".to_q."), (".key.", ".to_k."), (".value.", ".to_v."), (".proj_attn.", ".to_out.0.")],
    };

    /// <summary>Computes the noise in pictures of the first step.</summary>
    protected override Tensor Compute(Tensor x) => Compute(x, Tensor.Zeros(new Shape(x.Shape[0]), DType.Int64, x.Device), null);

    /// <summary>Computes the noise in pictures of given steps.</summary>
    public Tensor Forward(Tensor x, Tensor steps) => Forward(x, steps, null);

    /// <summary>Computes the noise in pictures of given steps and classes.</summary>
    /// <param name="x">(N, C, H, W); height and width can be halved as often as there are levels, less one.</param>
    /// <param name="steps">(N,) of integers.</param>
    /// <param name="labels">(N,) of integers, the class of each picture; only if there are classes.</param>
    public Tensor Forward(Tensor x, Tensor steps, Tensor? labels)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return Locate(x, () => Compute(x, steps, labels));
    }

    private Tensor Compute(Tensor x, Tensor steps, Tensor? labels)
    {
        int divisor = 1 << (down.Length - 1);
        if (x.Rank != 4 || x.Shape[2] % divisor != 0 || x.Shape[3] % divisor != 0)
            throw new ArgumentException(
                $"[diffusion_unet] expects (N, {Config.Channels}, H, W) with multiples of {divisor}, got {x.Shape}.");
        if (labels is null != classes is null)
            throw new ArgumentException($"[diffusion_unet] {(labels is null ? "labels are missing" : "there are no classes for labels")}.");
        var time = time2.Forward(time1.Forward(Waves(steps, Config.Widths[0])));
        if (classes is not null) time = time + classes.Forward(labels!);
        time = time.Silu();
        x = first.Forward(x);
        var past = new Stack<Tensor>([x]);
        foreach (var level in down)
        {
            for (int i = 0; i < level.Blocks; i++) past.Push(x = level.Block(i, x, time));
            if (level.Downsampler is not null) past.Push(x = level.Forward(x));
        }
        for (int i = 0; i < middle.Blocks; i++) x = middle.Block(i, x, time);
        foreach (var level in up)
        {
            for (int i = 0; i < level.Blocks; i++) x = level.Block(i, Tensor.Cat([x, past.Pop()], 1), time);
            x = level.Forward(x);
        }
        return last.Forward(norm.Forward(x).Silu());
    }

    // Sines and cosines of falling frequencies, by which a step is told.
    private static Tensor Waves(Tensor steps, int width)
    {
        int half = width / 2;
        var frequencies = Tensor.Logspace(0, -4, half, device: steps.Device);      // 1 … 1/10000
        var angles = steps.To(DType.Float32).Unsqueeze(1) * frequencies;
        return Tensor.Cat([angles.Sin(), angles.Cos()], 1);
    }

    /// <summary>The blocks of one size, each perhaps with an attention, and the convolution behind them that changes the size.</summary>
    private sealed class Level(DiffusionUNetConfig config, int[] inputs, int width, int attending, Generator? generator) : Layer
    {
        private readonly ResidualBlock[] resnets = [.. inputs.Select(channels => new ResidualBlock(config, channels, width, generator))];
        private readonly PixelAttention[] attentions =
            [.. Enumerable.Range(0, attending).Select(_ => new PixelAttention(config, width, generator))];

        public int Blocks => resnets.Length;

        [field: StateName("downsamplers.0.conv")]
        public Conv2d? Downsampler { get; init; }

        [field: StateName("upsamplers.0.conv")]
        public Conv2d? Upsampler { get; init; }

        public Tensor Block(int at, Tensor x, Tensor time)
        {
            x = resnets[at].Forward(x, time);
            return at < attentions.Length ? attentions[at].Forward(x) : x;
        }

        /// <summary>Changes the size.</summary>
        protected override Tensor Compute(Tensor x)
            => Downsampler is not null ? Downsampler.Forward(x.Pad([(0, 1), (0, 1)]))
            : Upsampler is not null ? Upsampler.Forward(x.Interpolate(2)) : x;
    }

    private sealed class ResidualBlock(DiffusionUNetConfig config, int inputs, int outputs, Generator? generator) : Layer
    {
        private readonly GroupNorm norm1 = new(config.Groups, inputs, config.NormEpsilon);
        private readonly Conv2d conv1 = new(inputs, outputs, 3, padding: 1, generator: generator);
        [StateName("time_emb_proj")]
        private readonly Linear time = new(4 * config.Widths[0], outputs, generator: generator);
        private readonly GroupNorm norm2 = new(config.Groups, outputs, config.NormEpsilon);
        private readonly Dropout dropout = new(config.Dropout, generator);
        private readonly Conv2d conv2 = new(outputs, outputs, 3, padding: 1, generator: generator);
        [StateName("conv_shortcut")]
        private readonly Conv2d? shortcut = inputs == outputs ? null : new(inputs, outputs, 1, generator: generator);

        protected override Tensor Compute(Tensor x) => Compute(x, null);

        public Tensor Forward(Tensor x, Tensor steps) => Locate(x, () => Compute(x, steps));

        private Tensor Compute(Tensor x, Tensor? steps)
        {
            var y = conv1.Forward(norm1.Forward(x).Silu());
            if (steps is not null) y = y + time.Forward(steps).Unflatten(1, -1, 1, 1);
            y = conv2.Forward(dropout.Forward(norm2.Forward(y).Silu()));
            return y + (shortcut is null ? x : shortcut.Forward(x));
        }
    }

    private sealed class PixelAttention(DiffusionUNetConfig config, int channels, Generator? generator) : Layer
    {
        [StateName("group_norm")]
        private readonly GroupNorm norm = new(config.Groups, channels, config.NormEpsilon);
        [StateName("to_q")]
        private readonly Linear query = new(channels, channels, generator: generator);
        [StateName("to_k")]
        private readonly Linear key = new(channels, channels, generator: generator);
        [StateName("to_v")]
        private readonly Linear value = new(channels, channels, generator: generator);
        [StateName("to_out.0")]
        private readonly Linear project = new(channels, channels, generator: generator);

        protected override Tensor Compute(Tensor x)
        {
            var pixels = norm.Forward(x).Flatten(2).Transpose(1, 2);            // (N, H·W, C)
            var y = Attention.ScaledDotProduct(query.Forward(pixels), key.Forward(pixels), value.Forward(pixels));
            return x + project.Forward(y).Transpose(1, 2).Reshape(x.Shape.Axes);
        }
    }
}
