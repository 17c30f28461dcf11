using DeepNet.Nn;

namespace DeepNet.Models.Tests.Vision;

public class ResNetTests
{
    private static readonly ResNetConfig small = new([1, 2]) { Width = 4, IsForSmallImages = true, Classes = 3 };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new ResNet(small);
        Golden.Check("resnet_basic", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Bottlenecks_compute_what_the_reference_does()
    {
        var model = new ResNet(new([1, 1]) { Width = 4, IsBottleneck = true, Classes = 3 });
        Golden.Check("resnet_bottleneck", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns()
    {
        var model = new ResNet(small, new Generator(1));
        var (x, y) = (Tensor.Randn(new Shape(6, 3, 8, 8), generator: new Generator(2)), Tensor.From<long>(0, 1, 2, 0, 1, 2));
        Assert.Equal(new Shape(6, 3), model.Forward(x).Shape);
        Learning.ReachesAll(model, Loss.CrossEntropy(model.Forward(x), y));
        Learning.Lowers(model, () => Loss.CrossEntropy(model.Forward(x), y));
    }

    [Fact]
    public void Goes_through_a_file()
        => Learning.RoundTrips(new ResNet(small, new(1)), new ResNet(small, new(2)), m => m.Forward(Tensor.Ones(1, 3, 8, 8)));

    [Fact]
    public void Folding_norms_into_convolutions_changes_nothing()
    {
        var model = new ResNet(small, new Generator(1));
        var x = Tensor.Randn(new Shape(4, 3, 8, 8), generator: new Generator(2));
        using var off = Autograd.NoGrad();
        for (int i = 0; i < 3; i++) model.Forward(x);       // running statistics that are not those of the start
        model.Eval();
        var folded = model.Forward(x);
        var watched = model.Modules().Select(m => m.Module).OfType<BatchNorm2d>()
            .Select(norm => norm.RegisterForwardPreHook((_, _) => { })).ToList();
        Golden.Same(model.Forward(x), folded, "folded");
        Assert.NotEmpty(watched);
    }

    [Fact]
    public void Evaluation_sees_each_image_alone_and_training_does_not()
    {
        var model = new ResNet(small, new Generator(1));
        var x = Tensor.Randn(new Shape(4, 3, 8, 8), generator: new Generator(2));
        using var off = Autograd.NoGrad();
        Assert.True((model.Forward(x)[..1] - model.Forward(x[..2])[..1]).Abs().Max().Item<float>() > 1e-3);
        model.Eval();
        Golden.Same(model.Forward(x)[..1], model.Forward(x[..1]), "alone");
    }

    [Fact]
    public void Copies_are_independent()
    {
        var model = new ResNet(small, new Generator(1));
        var copy = Module.Clone(model);
        var x = Tensor.Ones(2, 3, 8, 8);
        model.Eval();
        copy.Eval();
        var before = model.Forward(x);
        Assert.True(before.ArrayEqual(copy.Forward(x)));
        Init.Zeros(((Linear)copy.Head).Weight);
        Assert.True(before.ArrayEqual(model.Forward(x)));
        Assert.False(before.ArrayEqual(copy.Forward(x)));
    }

    [Fact]
    public void Head_can_be_replaced()
    {
        var model = new ResNet(small) { Head = new Linear(8, 5) };
        Assert.Equal(8, model.Features);
        Assert.Equal(new Shape(2, 5), model.Forward(Tensor.Ones(2, 3, 8, 8)).Shape);
        Assert.Equal(new Shape(5, 8), model.State()["fc.weight"].Shape);
    }
}
