using System.Numerics;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a convolutional GAN.</summary>
/// <param name="ImageSize">The height and width of the pictures: 8, 16, 32….</param>
public sealed record DcganConfig(int ImageSize)
{
    /// <summary>Gets the nets of the paper: 3,576,704 parameters of the generator and 2,765,568 of the discriminator.</summary>
    public static DcganConfig Size64 { get; } = new(64);

    /// <summary>Gets the number of random numbers that a picture is made of.</summary>
    public int Latent { get; init; } = 100;

    /// <summary>Gets the number of channels of the layer next to the picture; each further one has twice as many.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Gets the number of channels of the pictures.</summary>
    public int Channels { get; init; } = 3;

    // From 4×4 to the picture.
    internal int Doublings
    {
        get
        {
            if (ImageSize < 8 || !BitOperations.IsPow2(ImageSize))
                throw new ArgumentException($"[dcgan] pictures of {ImageSize}: the size must be 8 or more, and a power of 2.");
            return BitOperations.Log2((uint)ImageSize) - 2;
        }
    }
}

/// <summary>
/// The generator of a convolutional GAN (Radford et al. 2015): random numbers (N, latent) become a picture (N, C, H, W) of values in
/// [−1, 1], doubled in size layer by layer. Names are those of PyTorch's example <c>dcgan</c>.
/// </summary>
/// <example><code>
/// var fake = generator.Forward(Tensor.Randn(new Shape(64, 100)));
/// Dcgan.DiscriminatorLoss(discriminator.Forward(real), discriminator.Forward(fake.Detach())).Backward();      // a step of one
/// Dcgan.GeneratorLoss(discriminator.Forward(fake)).Backward();                                                // and of the other
/// </code></example>
public sealed class DcganGenerator : Layer
{
    private readonly Sequential main = [];

    /// <summary>Makes the net; weights begin as normal numbers of standard deviation 0.02.</summary>
    public DcganGenerator(DcganConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        int width = config.Width << (config.Doublings - 1);
        AddStage(new ConvTranspose2d(config.Latent, width, 4, bias: false, generator: generator), width);
        for (; width > config.Width; width /= 2)
            AddStage(new ConvTranspose2d(width, width / 2, 4, 2, 1, bias: false, generator: generator), width / 2);
        main.Add(new ConvTranspose2d(width, config.Channels, 4, 2, 1, bias: false, generator: generator));
        main.Add(new Tanh());
        Dcgan.Initialise(this, generator);

        void AddStage(Module conv, int channels)
        {
            main.Add(conv);
            main.Add(new BatchNorm2d(channels));
            main.Add(new Relu());
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => main.Forward(x.Reshape(x.Shape[0], -1, 1, 1));
}

/// <summary>
/// The discriminator of a convolutional GAN: pictures (N, C, H, W) → (N,), the logit that each is a real one.
/// </summary>
public sealed class DcganDiscriminator : Layer
{
    private readonly Sequential main = [];

    /// <summary>Makes the net; weights begin as normal numbers of standard deviation 0.02.</summary>
    public DcganDiscriminator(DcganConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        int width = config.Width;
        main.Add(new Conv2d(config.Channels, width, 4, 2, 1, bias: false, generator: generator));
        main.Add(new LeakyRelu(0.2));
        for (int i = 1; i < config.Doublings; i++, width *= 2)
        {
            main.Add(new Conv2d(width, 2 * width, 4, 2, 1, bias: false, generator: generator));
            main.Add(new BatchNorm2d(2 * width));
            main.Add(new LeakyRelu(0.2));
        }
        main.Add(new Conv2d(width, 1, 4, bias: false, generator: generator));
        Dcgan.Initialise(this, generator);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => main.Forward(x).Reshape(-1);
}

/// <summary>The losses of a GAN.</summary>
public static class Dcgan
{
    /// <summary>Computes the cross-entropy of telling real pictures from made ones.</summary>
    /// <param name="real">The logits of real pictures.</param>
    /// <param name="fake">Those of made ones, through which no gradient should go on to the generator: detach them.</param>
    public static Tensor DiscriminatorLoss(Tensor real, Tensor fake)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(fake);
        return Loss.BceWithLogits(real, Tensor.OnesLike(real)) + Loss.BceWithLogits(fake, Tensor.ZerosLike(fake));
    }

    /// <summary>
    /// Computes the cross-entropy of taking made pictures for real. Its gradient does not vanish where the discriminator is sure, as that
    /// of the discriminator's own loss with the other sign would.
    /// </summary>
    /// <param name="fake">The logits of made pictures.</param>
    public static Tensor GeneratorLoss(Tensor fake)
    {
        ArgumentNullException.ThrowIfNull(fake);
        return Loss.BceWithLogits(fake, Tensor.OnesLike(fake));
    }

    internal static void Initialise(Module net, Generator? generator)
    {
        foreach (var (_, parameter) in net.NamedParameters())
            if (parameter.Shape.Rank == 4) Init.Normal(parameter, 0, 0.02, generator);
        foreach (var (_, module) in net.Modules())
            if (module is BatchNorm2d norm) Init.Normal(norm.Weight!, 1, 0.02, generator);
    }
}
