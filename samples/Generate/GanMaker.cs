using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Generate;

/// <summary>A forger and a detective, both told which digit a picture is to show.</summary>
internal sealed class GanMaker : Maker
{
    private const int Noise = 32, Width = 32;

    private readonly DcganGenerator generator;
    private readonly DcganDiscriminator discriminator;
    private readonly Adam forging, detecting;
    private readonly Generator chance;

    public GanMaker(int? steps, ulong seed) : base("gan", steps ?? 3000, ["generator", "discriminator"])
    {
        chance = new Generator(seed);
        var config = new DcganConfig(Pictures.Side) { Channels = 1, Width = Width, Latent = Noise + Pictures.Classes };
        generator = new DcganGenerator(config, chance);
        // The digit comes as ten more channels, one of which is 1 everywhere.
        discriminator = new DcganDiscriminator(config with { Channels = 1 + Pictures.Classes }, chance);
        var options = new AdamOptions { LearningRate = 5e-4, Beta1 = 0.5 };
        (forging, detecting) = (new Adam(generator.Parameters(), options), new Adam(discriminator.Parameters(), options));
    }

    public override string Summary => "A generator makes pictures of random numbers and the digit; a discriminator, told the digit too, "
        + "learns to tell them from real ones, and the generator to be taken for real. No loss says how good the pictures are.";

    public override IEnumerable<Module> Models => [generator, discriminator];

    public override double[] Learn(Pictures batch)
    {
        var digits = batch.Y.OneHot(Pictures.Classes);
        var fake = Forge(digits, chance);
        detecting.ZeroGrad();
        var detective = Dcgan.DiscriminatorLoss(Judge(2 * batch.X - 1, digits), Judge(fake.Detach(), digits));
        detective.Backward();
        detecting.Step();
        forging.ZeroGrad();
        var forger = Dcgan.GeneratorLoss(Judge(fake, digits));
        forger.Backward();
        forging.Step();
        return [forger.Item(), detective.Item()];
    }

    public override Tensor Make(Tensor labels, Generator chance)
    {
        using var off = Autograd.NoGrad();
        generator.Eval();
        var made = Forge(labels.OneHot(Pictures.Classes), chance);
        generator.Train();
        return (made + 1) / 2;
    }

    private Tensor Forge(Tensor digits, Generator chance)
        => generator.Forward(Tensor.Cat([Tensor.Randn(new Shape(digits.Shape[0], Noise), generator: chance), digits], 1));

    private Tensor Judge(Tensor pictures, Tensor digits)
    {
        var planes = digits.Unflatten(1, -1, 1, 1).Expand(digits.Shape[0], Pictures.Classes, Pictures.Side, Pictures.Side);
        return discriminator.Forward(Tensor.Cat([pictures, planes], 1));
    }
}
