using DeepNet.Nn;

namespace DeepNet.Models.Tests.Tuning;

public class LowRankTests
{
    private static Sequential Net(int rank)
    {
        var generator = new Generator(1);
        var net = new Sequential(
            ("wide", new Linear(30, 20, generator: generator, activation: new Relu())), ("head", new Linear(20, 3, generator: generator)));
        var left = Tensor.Randn(new Shape(20, rank), generator: generator);
        var right = Tensor.Randn(new Shape(rank, 30), generator: generator);
        ((Linear)net["wide"]).Weight.Value.Detach().CopyFrom(left.MatMul(right));
        return net;
    }

    [Fact]
    public void A_weight_of_low_rank_becomes_two_layers_of_the_same_results()
    {
        var net = Net(4);
        var x = Tensor.Randn(new Shape(7, 30), generator: new Generator(2));
        var before = net.Forward(x).Detach();
        var report = LowRank.ToEnergy(net, 0.999999, "wide");
        Assert.Equal([new LowRankLayer("wide.weight", 20, 30, 4, report.Layers[0].Error, 600, 200)], report.Layers);
        Assert.True(report.Layers[0].Error < 1e-6);
        Assert.Equal(1.0 / 3, report.Share, 1e-12);
        Assert.True((before - net.Forward(x).Detach()).Abs().Max().Item<double>() < 1e-4);
        Assert.Equal(["wide.weight.original", "wide.weight.right", "wide.bias", "head.weight", "head.bias"], net.State().Keys);
        Assert.Equal([new Shape(20, 4), new Shape(4, 30)], net.Parameters().Take(2).Select(p => p.Shape));
    }

    [Fact]
    public void The_error_reported_is_that_of_the_product()
    {
        var net = Net(20);
        var weight = ((Linear)net["wide"]).Weight.Value.Detach().Clone();
        var report = LowRank.ToRank(net, 6);
        var state = net.State();
        var product = state["wide.weight.original"].MatMul(state["wide.weight.right"]);
        double error = (product - weight).Norm().Item<double>() / weight.Norm().Item<double>();
        Assert.InRange(error, 0.2, 0.8);
        Assert.Equal(error, report.Layers[0].Error, 1e-5);
        var head = report.Layers[1];
        Assert.Equal(("head.weight", 3, 0.0, 60L), (head.Path, head.Rank, head.Error, head.After));
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
    public void Attention_and_convolutions_are_compressed_and_trained_on()
    {
        var generator = new Generator(3);
        var net = new Sequential(
            ("attn", new MultiHeadAttention(16, 2, batchFirst: true, generator: generator)), ("image", new Unsqueeze()),
            ("conv", new Conv2d(1, 8, 5, generator: generator)));
        var x = Tensor.Randn(new Shape(2, 6, 16), generator: generator);
        var report = LowRank.ToRank(net, 3);
        Assert.Equal([(48, 16, 3), (16, 16, 3), (8, 25, 3)], report.Layers.Select(l => (l.Rows, l.Columns, l.Rank)));
        // What the layers compute by thin products is what they compute by the weights.
        var plain = Module.Clone(net);
        ((Conv2d)plain["conv"]).Weight.RemoveParametrization();
        var whole = new MultiHeadAttention(16, 2, batchFirst: true);
        var state = plain.State();
        whole.LoadState(new Dictionary<string, Tensor>
        {
            ["in_proj_weight"] = state["attn.in_proj_weight.original"].MatMul(state["attn.in_proj_weight.right"]),
            ["in_proj_bias"] = state["attn.in_proj_bias"],
            ["out_proj.weight"] = state["attn.out_proj.weight.original"].MatMul(state["attn.out_proj.weight.right"]),
            ["out_proj.bias"] = state["attn.out_proj.bias"],
        });
        var expected = ((Conv2d)plain["conv"]).Forward(whole.Forward(x).Unsqueeze(1));
        Assert.True((expected - net.Forward(x)).Detach().Abs().Max().Item<double>() < 1e-5);
        net.Forward(x).Square().Sum().Backward();
        Assert.All(net.Parameters(), p => Assert.True(p.Grad!.Abs().Sum().Item<float>() > 0));
    }

    private sealed class Unsqueeze : Module
    {
        public override Tensor Forward(Tensor x) => x.Unsqueeze(1);
    }
}
