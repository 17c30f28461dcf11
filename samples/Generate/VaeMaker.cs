using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Generate;

/// <summary>Writes pictures as short codes and reads them again; codes of a digit are drawn where those of real ones lie.</summary>
internal sealed class VaeMaker : Maker
{
    private const int Latent = 12, Hidden = 256;

    private readonly Vae vae;
    private readonly Adam optimizer;
    private readonly Schedule schedule;
    private readonly Pictures known;

    /// <param name="steps">The number of steps of training.</param>
    /// <param name="known">Pictures whose codes show where those of each digit lie.</param>
    /// <param name="seed">The source of first weights and noise.</param>
    public VaeMaker(int? steps, Pictures known, ulong seed) : base("vae", steps ?? 6000, ["−ELBO"])
    {
        this.known = known;
        vae = new Vae(new(Pictures.Pixels, Hidden, Latent), new Generator(seed));
        optimizer = new Adam(vae.Parameters(), 3e-3);
        schedule = new Schedule(optimizer, new OneCycle(Steps, rise: 0.1, lowMomentum: null));
    }

    public override string Summary => $"An encoder writes a picture as {Latent} uncertain numbers, a decoder reads them, and codes are "
        + "kept near a normal distribution. The network knows of no digits: a code for a seven is drawn from the normal distribution of "
        + "the "
        + "codes of real sevens. Pictures are blurred where the code leaves open how a line runs.";

    public override IEnumerable<Module> Models => [vae];

    public override double[] Learn(Pictures batch)
    {
        optimizer.ZeroGrad();
        var loss = -vae.Elbo(batch.X);
        loss.Backward();
        optimizer.Step();
        schedule.Step();
        return [loss.Item()];
    }

    public override Tensor Make(Tensor labels, Generator chance)
    {
        using var off = Autograd.NoGrad();
        var (means, logVariances) = vae.Encode(known.X);
        var codes = Tensor.Zeros(new Shape(labels.Shape[0], Latent));
        for (int digit = 0; digit < Pictures.Classes; digit++)
        {
            Tensor real = known.Y.Equal(digit).NonZero().Reshape(-1), asked = labels.Equal(digit).NonZero().Reshape(-1);
            if (asked.Count == 0 || real.Count == 0) continue;
            var at = means.IndexSelect(0, real);
            var mean = at.Mean(0);
            // That of the means of codes, and of the uncertainty of each.
            var covariance = (at - mean).Transpose(0, 1).MatMul(at - mean) / at.Shape[0]
                + Tensor.Eye(Latent) * logVariances.IndexSelect(0, real).Exp().Mean(0);
            var noise = Tensor.Randn(new Shape(asked.Shape[0], Latent), generator: chance);
            codes = codes.IndexAdd(0, asked, mean + noise.MatMul(Linalg.Cholesky(covariance).Transpose(0, 1)));
        }
        return vae.Decode(codes).Reshape(-1, 1, Pictures.Side, Pictures.Side);
    }
}
