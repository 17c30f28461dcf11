using DeepNet.Nn;

namespace DeepNet.Models.Tests.Vision;

public class VisionTransformerTests
{
    private static readonly VisionTransformerConfig small = new(8, 4, 16, 2, 2, 24) { Classes = 3 };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new VisionTransformer(small);
        Golden.Check("vit", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns()
    {
        var model = new VisionTransformer(small, new Generator(1));
        var (x, y) = (Tensor.Randn(new Shape(6, 3, 8, 8), generator: new Generator(2)), Tensor.From<long>(0, 1, 2, 0, 1, 2));
        Learning.ReachesAll(model, Loss.CrossEntropy(model.Forward(x), y));
        Learning.Lowers(model, () => Loss.CrossEntropy(model.Forward(x), y));
    }

    [Fact]
    public void Folder_holds_configuration_and_weights()
    {
        using var folder = new TemporaryFolder();
        var model = new VisionTransformer(small with { NormEpsilon = 1e-6 }, new Generator(1));
        model.SavePretrained(folder.Path);
        var copy = VisionTransformer.FromPretrained(folder.Path);
        Assert.Equal(model.Config, copy.Config);
        var x = Tensor.Randn(new Shape(2, 3, 8, 8), generator: new Generator(2));
        Assert.True(model.Forward(x).ArrayEqual(copy.Forward(x)));
    }

    [Fact]
    public void Sizes_must_fit()
    {
        Assert.Contains("images of 9 are not made of patches of 4",
            Assert.Throws<ArgumentException>(() => new VisionTransformer(small with { ImageSize = 9 })).Message, StringComparison.Ordinal);
        var error = Assert.Throws<LayerException>(() => new VisionTransformer(small).Forward(Tensor.Zeros(1, 3, 8, 12)));
        Assert.Contains("expects (N, 3, 8, 8), got (1, 3, 8, 12)", error.Message, StringComparison.Ordinal);
    }
}
