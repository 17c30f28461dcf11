using DeepNet.Optim;

namespace DeepNet.Models.Tests.Generative;

public class DcganTests
{
    private static readonly DcganConfig small = new(16) { Latent = 6, Width = 4 };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var generator = new DcganGenerator(small);
        Golden.Check("dcgan_generator", generator, x => [generator.Forward(x[0])]);
        var discriminator = new DcganDiscriminator(small);
        Golden.Check("dcgan_discriminator", discriminator, x => [discriminator.Forward(x[0])]);
    }

    [Fact]
    public void Each_net_learns_to_beat_the_other_one()
    {
        var (generator, discriminator) = (new DcganGenerator(small, new Generator(1)), new DcganDiscriminator(small, new Generator(2)));
        var noise = Tensor.Randn(new Shape(8, 6), generator: new Generator(3));
        var real = Tensor.Rand(new Shape(8, 3, 16, 16), generator: new Generator(4));
        Tensor Judge() => Dcgan.DiscriminatorLoss(discriminator.Forward(real), discriminator.Forward(generator.Forward(noise).Detach()));
        Tensor Deceive() => Dcgan.GeneratorLoss(discriminator.Forward(generator.Forward(noise)));
        Learning.ReachesAll(discriminator, Judge());
        Learning.Lowers(discriminator, Judge, share: 0.3);
        Learning.ReachesAll(generator, Deceive());
        discriminator.Freeze();
        Learning.Lowers(generator, Deceive, share: 0.5);
    }

    [Fact]
    public void Pictures_are_between_minus_one_and_one_and_of_the_size_asked_for()
    {
        var made = new DcganGenerator(new DcganConfig(32) { Latent = 6, Width = 2, Channels = 1 }).Forward(Tensor.Randn(3, 6));
        Assert.Equal(new Shape(3, 1, 32, 32), made.Shape);
        Assert.True(made.Abs().Max().Item<float>() <= 1);
        Assert.Contains("pictures of 28: the size must be 8 or more, and a power of 2",
            Assert.Throws<ArgumentException>(() => new DcganGenerator(new(28))).Message, StringComparison.Ordinal);
    }
}
