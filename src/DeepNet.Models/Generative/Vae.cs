using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="Vae"/>.</summary>
/// <param name="Inputs">The number of values of a sample, each between 0 and 1.</param>
/// <param name="Hidden">The width of the layers inside.</param>
/// <param name="Latent">The number of values of its code.</param>
public sealed record VaeConfig(int Inputs, int Hidden, int Latent)
{
    /// <summary>Gets the network for digits of 28×28 pixels: 652,824 parameters.</summary>
    public static VaeConfig Digits { get; } = new(784, 400, 20);
}

/// <summary>
/// A variational autoencoder (Kingma and Welling 2013): an encoder says where the code of a sample probably lies, a decoder makes a sample
/// of a code, and codes are kept near a normal distribution, so that samples can be made of random codes. Names are those of PyTorch's
/// example <c>vae</c>.
/// </summary>
/// <example><code>
/// (-vae.Elbo(images)).Backward();
/// var made = vae.Sample(16);                      // (16, 784)
/// </code></example>
public sealed class Vae : Layer
{
    private readonly Linear fc1, fc21, fc22, fc3, fc4;
    private readonly Generator? generator;

    /// <summary>Makes the network.</summary>
    public Vae(VaeConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        (Config, this.generator) = (config, generator);
        fc1 = new Linear(config.Inputs, config.Hidden, generator: generator, activation: new Relu());
        fc21 = new Linear(config.Hidden, config.Latent, generator: generator);
        fc22 = new Linear(config.Hidden, config.Latent, generator: generator);
        fc3 = new Linear(config.Latent, config.Hidden, generator: generator, activation: new Relu());
        fc4 = new Linear(config.Hidden, config.Inputs, generator: generator);
    }

    /// <summary>Gets what was asked for.</summary>
    public VaeConfig Config { get; }

    /// <summary>Computes mean and logarithm of the variance of the codes of samples (N, …): (N, latent) each.</summary>
    public (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var hidden = fc1.Forward(x.Reshape(x.Shape[0], -1));
        return (fc21.Forward(hidden), fc22.Forward(hidden));
    }

    /// <summary>Computes samples of codes: (N, latent) → (N, inputs).</summary>
    public Tensor Decode(Tensor codes) => Logits(codes).Sigmoid();

    /// <summary>Computes the samples again from their codes: drawn ones while training, else their means.</summary>
    protected override Tensor Compute(Tensor x)
    {
        var (mean, logVariance) = Encode(x);
        return Decode(IsTraining ? Draw(mean, logVariance) : mean);
    }

    /// <summary>
    /// Computes the evidence lower bound, the mean over samples of how well one is made again from a code, less how far its code's
    /// distribution is from the normal one. Training maximises it.
    /// </summary>
    public Tensor Elbo(Tensor x)
    {
        var (mean, logVariance) = Encode(x);
        var logits = Logits(Draw(mean, logVariance));
        var wrong = Loss.BceWithLogits(logits, x.Reshape(logits.Shape.Axes), reduction: Reduction.Sum) / x.Shape[0];
        return -wrong - KlDivergence(mean, logVariance).Mean();
    }

    /// <summary>Computes the divergence of a normal distribution from the standard one, for each code: (N, latent) → (N,).</summary>
    public static Tensor KlDivergence(Tensor mean, Tensor logVariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(logVariance);
        return 0.5 * (mean.Square() + logVariance.Exp() - 1 - logVariance).Sum(-1);
    }

    /// <summary>Makes samples of random codes: (count, inputs).</summary>
    public Tensor Sample(int count, Generator? generator = null)
    {
        using var off = Autograd.NoGrad();
        return Decode(Tensor.Randn(new Shape(count, Config.Latent), DType.Float32, fc3.Weight.Value.Device, generator ?? this.generator));
    }

    private Tensor Logits(Tensor codes) => fc4.Forward(fc3.Forward(codes));

    // The random part does not depend on the weights, so that gradients go through mean and variance.
    private Tensor Draw(Tensor mean, Tensor logVariance)
        => mean + (0.5 * logVariance).Exp() * Tensor.Randn(mean.Shape, mean.DType, mean.Device, generator);
}
