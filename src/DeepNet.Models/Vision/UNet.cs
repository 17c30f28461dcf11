using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="UNet"/>.</summary>
/// <param name="Channels">The number of channels of the images.</param>
/// <param name="Classes">The number of classes of each pixel; 1 for a mask.</param>
public sealed record UNetConfig(int Channels, int Classes)
{
    /// <summary>Gets the network that finds a mask in pictures of three colours: 31,037,633 parameters.</summary>
    public static UNetConfig Mask { get; } = new(3, 1);

    /// <summary>Gets the number of channels at full size; each level below has twice as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Gets the number of times that the size is halved.</summary>
    public int Depth { get; init; } = 4;
}

/// <summary>
/// A U-Net (Ronneberger et al. 2015) for segmentation: on the way down it sees ever more of the image and on the way up it gets the details
/// back from the level beside it: (N, C, H, W) → (N, classes, H, W) of logits. Names are those of the implementation that most weights are
/// published for, <c>Pytorch-UNet</c>.
/// </summary>
public sealed class UNet : Layer
{
    [StateName("inc")]
    private readonly DoubleConv first;
    [StateName("")]
    private readonly OrderedDictionary<string, DoubleConv> down = [];
    [StateName("")]
    private readonly OrderedDictionary<string, Up> up = [];
    [StateName("outc.conv")]
    private readonly Conv2d last;
    private readonly MaxPool2d pool = new(2);

    /// <summary>Makes the network.</summary>
    public UNet(UNetConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        int width = config.Width;
        first = new DoubleConv(config.Channels, width, generator);
        for (int level = 1; level <= config.Depth; level++, width *= 2)
            down.Add($"down{level}.maxpool_conv.1", new DoubleConv(width, 2 * width, generator));
        for (int level = 1; level <= config.Depth; level++, width /= 2)
            up.Add($"up{level}", new Up(width, generator));
        last = new Conv2d(width, config.Classes, 1, generator: generator);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        var past = new Stack<Tensor>();
        x = first.Forward(x);
        foreach (var level in down.Values)
        {
            past.Push(x);
            x = level.Forward(pool.Forward(x));
        }
        foreach (var level in up.Values) x = level.Forward(x, past.Pop());
        return last.Forward(x);
    }

    private sealed class DoubleConv(int inputs, int outputs, Generator? generator) : Layer
    {
        [StateName("double_conv.0")]
        private readonly Conv2d conv1 = new(inputs, outputs, 3, padding: 1, bias: false, generator: generator);
        [StateName("double_conv.1")]
        private readonly BatchNorm2d norm1 = new(outputs);
        [StateName("double_conv.3")]
        private readonly Conv2d conv2 = new(outputs, outputs, 3, padding: 1, bias: false, generator: generator);
        [StateName("double_conv.4")]
        private readonly BatchNorm2d norm2 = new(outputs);
        private readonly Relu relu = new();

        protected override Tensor Compute(Tensor x) => Conv2dNorm.Apply(conv2, norm2, Conv2dNorm.Apply(conv1, norm1, x, relu), relu);
    }

    private sealed class Up(int width, Generator? generator) : Layer
    {
        private readonly ConvTranspose2d up = new(width, width / 2, 2, 2, generator: generator);
        private readonly DoubleConv conv = new(width, width / 2, generator);

        protected override Tensor Compute(Tensor x) => up.Forward(x);

        public Tensor Forward(Tensor x, Tensor beside) => Locate(x, () => Compute(x, beside));

        // An odd size lost a row or column on the way down.
        private Tensor Compute(Tensor x, Tensor beside)
        {
            x = up.Forward(x);
            int rows = beside.Shape[2] - x.Shape[2], columns = beside.Shape[3] - x.Shape[3];
            if (rows > 0 || columns > 0) x = x.Pad([(rows / 2, rows - rows / 2), (columns / 2, columns - columns / 2)]);
            return conv.Forward(Tensor.Cat([beside, x], 1));
        }
    }
}
