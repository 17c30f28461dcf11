using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class ReplaceTests
{
    private sealed class Block : Module
    {
        private readonly Linear fc = new(4, 4);
        private readonly Module act = new Relu();
        public override Tensor Forward(Tensor x) => act.Forward(fc.Forward(x));
    }

    private sealed class Net : Module
    {
        private readonly Embedding table = new(7, 4);
        private readonly List<Block> layers = [new(), new(), new()];
        private readonly Module[] pair = [new Tanh(), new Sigmoid()];
        private readonly (Module First, int Times) once = (new Gelu(), 2);
        private readonly Linear head = new(4, 7, bias: false);
        public override Tensor Forward(Tensor x)
            => head.Forward(once.First.Forward(layers[2].Forward(layers[1].Forward(layers[0].Forward(x)))));
    }

    [Theory]
    [InlineData("layers.1", 2)]
    [InlineData("layers", 6)]
    [InlineData("layers.*.bias", 3)]
    [InlineData("*.bias|head", 4)]
    [InlineData("*.weight", 5)]
    [InlineData("layers.?.fc.weight", 3)]
    [InlineData("*", 8)]
    public void Patterns_freeze_what_they_fit(string pattern, int count)
    {
        var net = new Net();
        Assert.Equal(count, net.Freeze(pattern));
        Assert.Equal(count, net.Parameters().Count(p => !p.RequiresGrad));
        Assert.Equal(net.NamedParameters(pattern).Select(p => p.Path),
            net.NamedParameters().Where(p => !p.Parameter.RequiresGrad).Select(p => p.Path));
        Assert.Equal(count, net.Unfreeze(pattern));
        Assert.All(net.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void A_pattern_that_fits_nothing_lists_names_like_it()
    {
        var net = new Net();
        var e = Assert.Throws<ArgumentException>(() => net.Freeze("head|layer.1.*"));
        Assert.StartsWith("[freeze] nothing in this Net fits 'layer.1.*'. Near it: 'layers.1', 'layers', ", e.Message,
            StringComparison.Ordinal);
        Assert.All(net.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void A_module_takes_the_place_of_another_in_fields_lists_and_arrays()
    {
        var net = new Net();
        net.Eval();
        var (head, block, act) = (new Linear(4, 7, bias: false), new Block(), new Dropout());
        net.Replace("head", head);
        net.Replace("layers.1", block);
        net.Replace("pair.0", act);
        net.Replace("layers.2.act", new Gelu());
        var modules = net.Modules().ToDictionary(m => m.Path, m => m.Module);
        Assert.Same(head, modules["head"]);
        Assert.Same(block, modules["layers.1"]);
        Assert.Same(act, modules["pair.0"]);
        Assert.IsType<Gelu>(modules["layers.2.act"]);
        Assert.All(net.Modules(), m => Assert.False(m.Module.IsTraining));
        Assert.Equal("head", head.Path);
        var chain = new Sequential(new Linear(4, 4), new Relu());
        chain.Replace("1", new Tanh());
        Assert.IsType<Tanh>(chain[1]);
    }

    [Fact]
    public void A_module_that_stands_twice_is_replaced_at_both_places()
    {
        var shared = new Linear(3, 3);
        var chain = new Sequential(shared, new Tanh(), shared);
        var other = new Linear(3, 3);
        chain.Replace("0", other);
        Assert.Same(other, chain[0]);
        Assert.Same(other, chain[2]);
        Assert.Equal(["0.weight", "0.bias"], chain.State().Keys);
    }

    [Fact]
    public void A_parameter_that_stands_elsewhere_too_is_shared()
    {
        var net = new Net();
        var table = net.NamedParameters("table.weight")[0].Parameter;
        net.Replace("head.weight", table);
        Assert.DoesNotContain("head.weight", net.State().Keys);
        net.Forward(Tensor.Ones(2, 4)).Sum().Backward();
        Assert.True(table.Grad!.Abs().Sum().Item<float>() > 0);
        var e = Assert.Throws<ArgumentException>(() => net.Replace("layers.0.fc.weight", table));
        Assert.Equal("[replace] 'layers.0.fc.weight' has shape (4, 4), and the other parameter (7, 4): they must be equal.", e.Message);
    }

    [Fact]
    public void What_cannot_be_replaced_is_an_error_and_changes_nothing()
    {
        var net = new Net();
        string before = net.ToString();
        Assert.StartsWith("[replace] this Net has no module 'haed'. Near it: 'head'",
            Assert.Throws<ArgumentException>(() => net.Replace("haed", new Tanh())).Message, StringComparison.Ordinal);
        Assert.StartsWith("[replace] Net holds the Linear in a place that takes no Sequential.",
            Assert.Throws<ArgumentException>(() => net.Replace("head", new Sequential(new Tanh()))).Message, StringComparison.Ordinal);
        Assert.StartsWith("[replace] Net holds the Block in a place that takes no Tanh.",
            Assert.Throws<ArgumentException>(() => net.Replace("layers.0", new Tanh())).Message, StringComparison.Ordinal);
        Assert.StartsWith("[replace] 'once.Item1' is held in a tuple",
            Assert.Throws<ArgumentException>(() => net.Replace("once.Item1", new Tanh())).Message, StringComparison.Ordinal);
        Assert.Contains("cannot contain itself",
            Assert.Throws<InvalidOperationException>(() => net.Replace("pair.1", net)).Message, StringComparison.Ordinal);
        Assert.Equal(before, net.ToString());
    }
}
