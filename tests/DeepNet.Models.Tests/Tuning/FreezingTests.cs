using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

public class FreezingTests
{
    private static Sequential Net() => new(
        ("body", new Sequential(new Linear(4, 8), new Relu(), new Linear(8, 8))), ("neck", new Linear(8, 8)), ("head", new Linear(8, 3)));

    [Fact]
    public void Rates_fall_from_the_head_to_the_input()
    {
        var groups = LayerwiseRates.ByDepth(Net(), 1e-2, 0.5);
        Assert.Equal([2.5e-3, 5e-3, 1e-2], groups.Select(g => g.LearningRate));
        Assert.Equal([4, 2, 2], groups.Select(g => g.Parameters.Count));
        var named = LayerwiseRates.ByDepth(Net(), 1, 0.25, "body.0", "body|neck", "head");
        Assert.Equal([0.0625, 0.25, 1], named.Select(g => g.LearningRate));
        Assert.Equal([2, 4, 2], named.Select(g => g.Parameters.Count));
    }

    [Fact]
    public void A_parameter_belongs_to_the_first_pattern_and_to_one()
    {
        var groups = LayerwiseRates.ByPattern(Net(), ("head", 1), ("*.bias", 0.5), ("*", 0.1));
        Assert.Equal([2, 3, 3], groups.Select(g => g.Parameters.Count));
        var e = Assert.Throws<ArgumentException>(() => LayerwiseRates.ByPattern(Net(), ("head", 1), ("body", 0.5)));
        Assert.StartsWith("[layerwise_rates] 'neck.weight' fits no pattern", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_moves_each_group_by_its_rate()
    {
        var net = Net();
        var before = net.State().ToDictionary(p => p.Key, p => p.Value.Clone());
        var optimizer = new Sgd(LayerwiseRates.ByPattern(net, ("head", 0.5), ("*", 0.25)), new SgdOptions());
        net.Forward(Tensor.Ones(2, 4)).Sum().Backward();
        optimizer.Step();
        foreach (var (path, parameter) in net.NamedParameters())
        {
            double rate = path.StartsWith("head", StringComparison.Ordinal) ? 0.5 : 0.25;
            Assert.True((before[path] - rate * parameter.Grad! - parameter.Value).Abs().Max().Item<float>() < 1e-6, path);
        }
    }

    [Fact]
    public void Blocks_thaw_from_the_head_on()
    {
        var net = Net();
        var thaw = new GradualUnfreezing(net, every: 2, "head", "neck", "body.2");
        Assert.Equal([1, 1, 2, 2, 3, 3, 3], Enumerable.Range(1, 7).Select(thaw.At));
        Assert.Equal(2, thaw.At(3));
        Assert.Equal(["neck", "head"],
            net.NamedParameters().Where(p => p.Parameter.RequiresGrad).Select(p => p.Path.Split('.')[0]).Distinct());
        Assert.Throws<ArgumentException>(() => new GradualUnfreezing(net, 1, "head", "nack"));
    }

    [Fact]
    public void A_frozen_block_stays_and_goes_on_when_it_thaws()
    {
        var net = Net();
        var optimizer = new Adam(net.Parameters(), 1e-2);
        var thaw = new GradualUnfreezing(net, every: 1, "head", "neck");
        var neck = net.NamedParameters("neck.weight")[0].Parameter;
        float[] start = neck.Value.ToArray<float>();
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            thaw.At(epoch);
            optimizer.ZeroGrad();
            net.Forward(Tensor.Ones(2, 4)).Square().Sum().Backward();
            optimizer.Step();
            Assert.Equal(epoch == 1, start.SequenceEqual(neck.Value.ToArray<float>()));
        }
    }

    [Fact]
    public void Tied_parameters_are_one()
    {
        var net = new Sequential(("table", new Embedding(5, 4)), ("head", new Linear(4, 5, bias: false)));
        net.Tie("head.weight", to: "table.weight");
        Assert.Equal(["table.weight"], net.State().Keys);
        Assert.Equal(20, net.ParameterCount);
        var x = Tensor.From<long>(1, 2);
        var table = net.NamedParameters().Single().Parameter.Value;
        var expected = table.Detach().IndexSelect(0, x).MatMul(table.Detach().T);
        Assert.Equal(expected.ToArray<float>(), net.Forward(x).Detach().ToArray<float>());
        Assert.Throws<ArgumentException>(() => net.Tie("head.weight", to: "tabel.weight"));
    }

    [Fact]
    public void The_share_that_is_trained()
    {
        var net = Net();
        Assert.Equal(1, net.TrainedShare());
        net.Freeze();
        net.Unfreeze("head");
        Assert.Equal(27.0 / (40 + 72 + 72 + 27), net.TrainedShare(), 1e-12);
    }
}
