using DeepNet.Nn;

namespace DeepNet.Models.Tests.Vision;

public class UNetTests
{
    private static readonly UNetConfig small = new(3, 2) { Width = 2, Depth = 2 };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new UNet(small);
        Golden.Check("unet", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns_to_find_a_square()
    {
        var model = new UNet(small with { Width = 4 }, new Generator(1));
        var x = Tensor.Randn(new Shape(4, 3, 13, 16), generator: new Generator(2)) * 0.3;
        x[.., .., 3..8, 4..9] += 1;
        var y = Tensor.Zeros(new Shape(4, 13, 16), DType.Int64);
        y[.., 3..8, 4..9] += 1;
        Assert.Equal(new Shape(4, 2, 13, 16), model.Forward(x).Shape);
        Learning.ReachesAll(model, Loss.CrossEntropy(model.Forward(x), y));
        Learning.Lowers(model, () => Loss.CrossEntropy(model.Forward(x), y), share: 0.5);
    }

    [Fact]
    public void Goes_through_a_file()
        => Learning.RoundTrips(new UNet(small, new(1)), new UNet(small, new(2)), m => m.Forward(Tensor.Ones(1, 3, 8, 8)));
}
