using DeepNet.Nn;

namespace DeepNet.Models.Tests.Vision;

public class MobileNetV2Tests
{
    private static readonly MobileNetV2Config small = new([new(1, 8, 1, 1), new(6, 12, 2, 2)])
    {
        FirstChannels = 8, LastChannels = 16, Classes = 3,
    };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new MobileNetV2(small);
        Golden.Check("mobilenet_v2", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns()
    {
        var model = new MobileNetV2(small with { Dropout = 0 }, new Generator(1));
        var (x, y) = (Tensor.Randn(new Shape(6, 3, 12, 12), generator: new Generator(2)), Tensor.From<long>(0, 1, 2, 0, 1, 2));
        Learning.ReachesAll(model, Loss.CrossEntropy(model.Forward(x), y));
        Learning.Lowers(model, () => Loss.CrossEntropy(model.Forward(x), y));
    }

    [Fact]
    public void Goes_through_a_file()
        => Learning.RoundTrips(new MobileNetV2(small, new(1)), new MobileNetV2(small, new(2)), m => m.Forward(Tensor.Ones(1, 3, 12, 12)));
}
