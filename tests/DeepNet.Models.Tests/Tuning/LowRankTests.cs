using DeepNet.Nn;

namespace DeepNet.Models.Tests.Tuning;

public class LowRankTests
{
    private static Sequential Net(int rank)
    {
        var generator = new Generator(1);
        var net = new Sequential(("wide", new Linear(30, 20, generator: generator, activation: new Relu())), ("head", new Linear(20, 3, generator: generator)));
        var weight = Tensor.Randn(new Shape(20, rank), generator: generator).MatMul(Tensor.Randn(new Shape(rank, 30), generator: generator));
        ((Linear)net["wide"]).Weight.Value.Detach().CopyFrom(weight);
        return net;
    }

    [Fact]
    public void A_weight_of_low_rank_becomes_two_layers_of_the_same_results()
    {
        var net = Net(4);
        var x = Tensor.Randn(new Shape(7, 30), generator: new Generator(2));
        var before = net.Forward(x).Detach();
        var report = LowRank.ToEnergy(net, 0.999999, "wide");
        Assert.Equal([new LowRankLayer("wide", 20, 30, 4, report.Layers[0].Error, 600, 200)], report.Layers);
        Assert.True(report.Layers[0].Error < 1e-6);
        Assert.Equal(1.0 / 3, report.Share, 1e-12);
        Assert.True((before - net.Forward(x).Detach()).Abs().Max().Item<double>() < 1e-4);
        Assert.Equal(["wide.0.weight", "wide.1.weight", "wide.1.bias", "head.weight", "head.bias"], net.State().Keys);
    }

    [Fact]
    public void The_error_reported_is_that_of_the_product()
    {
        var net = Net(20);
        var weight = ((Linear)net["wide"]).Weight.Value.Detach().Clone();
        var report = LowRank.ToRank(net, 6);
        var state = net.State();
        var product = state["wide.1.weight"].MatMul(state["wide.0.weight"]);
        double error = (product - weight).Norm().Item<double>() / weight.Norm().Item<double>();
        Assert.InRange(error, 0.2, 0.8);
        Assert.Equal(error, report.Layers[0].Error, 1e-5);
        Assert.Equal(("head", 3, 0.0, 60L), (report.Layers[1].Path, report.Layers[1].Rank, report.Layers[1].Error, report.Layers[1].After));
    }

    [Fact]
    public void Energy_is_the_share_of_squares()
    {
        var net = new Sequential(new Linear(12, 12, bias: false));
        ((Linear)net[0]).Weight.Value.Detach().CopyFrom(Tensor.From<float>(4, 3, 2, 1, 1, 1, 0, 0, 0, 0, 0, 0).Diag());
        Assert.Equal(2, LowRank.ToEnergy(Module.Clone(net), 25.0 / 32).Layers[0].Rank);
        Assert.Equal(3, LowRank.ToEnergy(Module.Clone(net), 25.1 / 32).Layers[0].Rank);
        Assert.Equal(Math.Sqrt(7.0 / 32), LowRank.ToEnergy(net, 0.7).Layers[0].Error, 1e-9);
    }

    [Fact]
    public void A_field_of_the_layers_own_type_cannot_take_two()
    {
        var e = Assert.Throws<ArgumentException>(() => LowRank.ToRank(new Typed(), 2));
        Assert.StartsWith("[replace] Typed holds the Linear in a place that takes no Sequential.", e.Message, StringComparison.Ordinal);
    }

    private sealed class Typed : Module
    {
        private readonly Linear fc = new(30, 30);
        public override Tensor Forward(Tensor x) => fc.Forward(x);
    }
}
