using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Programs on images.</summary>
public class VisionPrograms
{
    /// <summary>Makes discs at random places; images and masks, (n, 1, size, size).</summary>
    private static (Tensor Images, Tensor Masks) Discs(int n, int size, double radius, Generator random)
    {
        var at = Tensor.Arange(size).To(DType.Float32);
        var centre = Tensor.Uniform([n, 2, 1, 1], radius, size - radius, generator: random);
        var distance = (at.Reshape(1, size, 1) - centre[.., 0]).Square() + (at.Reshape(1, 1, size) - centre[.., 1]).Square();
        var masks = (distance < radius * radius).To(DType.Float32).Unsqueeze(1);
        return (masks + Tensor.Normal(masks.Shape, 0, 0.4, generator: random), masks);
    }

    private sealed class UNet(Generator random) : Module
    {
        private readonly Conv2d down = new(1, 8, 3, padding: 1, generator: random, activation: new Relu());
        private readonly Conv2d bottom = new(8, 16, 3, padding: 1, generator: random, activation: new Relu());
        private readonly Conv2d up = new(24, 8, 3, padding: 1, generator: random, activation: new Relu());
        private readonly Conv2d head = new(8, 1, 1, generator: random);

        public override Tensor Forward(Tensor x)
        {
            var fine = down.Forward(x);
            var coarse = bottom.Forward(fine.MaxPool2d(2)).Interpolate(2, InterpolationMode.Linear);
            return head.Forward(up.Forward(Tensor.Cat([fine, coarse], axis: 1)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_small_unet_outlines_discs_in_noise(int seed)
    {
        var random = new Generator((ulong)seed);
        var model = new UNet(random);
        var (images, masks) = Discs(32, 16, 4, random);
        Loop.Fit(new Adam(model.Parameters(), 1e-2), 60, () =>
        {
            var logits = model.Forward(images);
            return Loss.BceWithLogits(logits, masks) + Loss.Dice(logits.Sigmoid(), masks);
        });
        var (unseen, truth) = Discs(32, 16, 4, random);
        var found = model.Forward(unseen) > 0;
        var overlap = (found & truth > 0).Sum().Item<double>() / (found | truth > 0).Sum().Item<double>();
        Assert.InRange(overlap, 0.85, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_spatial_transformer_learns_to_centre_what_it_sees(int seed)
    {
        var random = new Generator((ulong)seed);
        var (_, masks) = Discs(64, 16, 3, random);
        var wanted = (Tensor.Linspace(-7.5, 7.5, 16).Square().Unsqueeze(1) + Tensor.Linspace(-7.5, 7.5, 16).Square() < 9).To(DType.Float32);
        var eye = Loop.Mlp(random, () => new Relu(), 256, 32, 2);
        Tensor Centred()
        {
            var shift = eye.Forward(masks.Flatten(1)).Unsqueeze(2);
            var theta = Tensor.Cat([Tensor.Eye(2).Expand(64, 2, 2), shift], axis: 2);
            return masks.GridSample(Tensor.AffineGrid(theta, 16, 16));
        }
        float before = Loss.Mse(masks, wanted.Expand(masks.Shape)).Item();
        Loop.Fit(new Adam(eye.Parameters(), 3e-3), 150, () => Loss.Mse(Centred(), wanted.Expand(masks.Shape)));
        Assert.InRange(Loss.Mse(Centred(), wanted.Expand(masks.Shape)).Item() / before, 0, 0.3f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_image_takes_the_style_of_another_by_gram_matrices(int seed)
    {
        var random = new Generator((ulong)seed);
        var features = new Conv2d(1, 16, 5, padding: 2, generator: random, activation: new Relu());
        features.Freeze();
        var style = (Tensor.Arange(24).To(DType.Float32) * 1.5).Sin().Expand(1, 1, 24, 24);     // vertical stripes
        var image = new Parameter(Tensor.Normal([1, 1, 24, 24], 0, 0.1, generator: random));
        Tensor Gram(Tensor x)
        {
            var flat = features.Forward(x).Flatten(2);
            return flat.MatMul(flat.Transpose()) / flat.Shape[2];
        }
        var wanted = Gram(style);
        float before = Loss.Mse(Gram(image), wanted).Item();
        Loop.Fit(new Adam([image], 0.05), 150, () => Loss.Mse(Gram(image), wanted));
        Assert.InRange(Loss.Mse(Gram(image), wanted).Item() / before, 0, 0.03f);
    }
}
