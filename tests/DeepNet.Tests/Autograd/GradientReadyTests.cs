using DeepNet.Nn;

namespace DeepNet.Tests;

/// <summary>Parameters that say when their gradients are complete.</summary>
public class GradientReadyTests
{
    private readonly Tensor x = Tensor.Randn(new Shape(4, 6), generator: new Generator(3));
    private readonly int before = Leaf.Listeners;

    /// <summary>Runs a pass; the names in the order of the events, after a check that no gradient changed after its own.</summary>
    private static List<string> Pass(Module model, Func<Tensor> loss)
    {
        var told = new List<(Parameter Parameter, float[]? Then)>();
        void Ready(Parameter p) => told.Add((p, p.PeekGrad()?.CopyDense().ToArray()));
        var parameters = model.Parameters();
        foreach (var p in parameters) p.GradientReady += Ready;
        loss().Backward();
        foreach (var p in parameters) p.GradientReady -= Ready;
        loss().Detach();
        Assert.Equal(told.Count, told.Distinct().Count());
        foreach (var (p, then) in told) Assert.Equal(p.PeekGrad()!.ToArray(), then);
        _ = model.NamedParameters();
        return [.. told.Select(t => t.Parameter.Name)];
    }

    [Fact]
    public void Later_layers_are_complete_while_earlier_ones_are_still_to_come()
    {
        var model = new Sequential(new Linear(6, 5), new Tanh(), new Linear(5, 3), new Tanh(), new Linear(3, 1));
        var events = new List<string>();
        void Ready(Parameter p) => events.Add(p.Name);
        foreach (var (_, p) in model.NamedParameters()) p.GradientReady += Ready;
        Tensor h = x;
        int i = 0;
        foreach (var m in model)
        {
            h = m.Forward(h);
            int layer = i++;
            h.RegisterHook(g => { events.Add($"activation {layer}"); return null; });
        }
        h.Sum().Backward();
        Assert.Equal("activation 4", events[0]);
        foreach (int layer in (int[])[4, 2])
        {
            Assert.True(events.IndexOf($"{layer}.weight") < events.IndexOf($"activation {layer - 2}"), string.Join(", ", events));
            Assert.True(events.IndexOf($"{layer}.bias") < events.IndexOf($"activation {layer - 2}"), string.Join(", ", events));
        }
        Assert.Equal(["0.bias", "0.weight"], events[^2..].Order());
        foreach (var p in model.Parameters()) p.GradientReady -= Ready;
    }

    [Fact]
    public void A_parameter_of_several_uses_is_complete_after_the_earliest_of_them()
    {
        var shared = new Linear(6, 6);
        var model = new Sequential(shared, new Linear(6, 6), new Relu());
        Tensor Loss() => model.Forward(shared.Forward(shared.Forward(x).Tanh())).Square().Mean();
        Assert.Equal(["0.bias", "0.weight", "1.bias", "1.weight"], Pass(model, Loss).Order());
        Assert.Equal(["1.bias", "1.weight"], Pass(model, Loss)[..2].Order());
        var lstm = new Lstm(6, 5, layers: 2);
        Assert.Equal(lstm.Parameters().Count, Pass(lstm, () => lstm.Forward(x.Unsqueeze(1)).Sum()).Count);
    }

    [Fact]
    public void A_function_that_is_run_again_is_waited_for()
    {
        var inner = new Sequential(new Linear(6, 6), new Tanh());
        var outer = new Linear(6, 6);
        var model = new Sequential(inner, outer);
        Tensor Twice(Tensor t) => outer.Forward(inner.Forward(t));
        Tensor Loss()
            => outer.Forward(Autograd.Checkpoint(t => Autograd.Checkpoint(Twice, t), Autograd.Checkpoint(Twice, x.Detach()))).Sum();
        Assert.Equal(["0.0.bias", "0.0.weight", "1.bias", "1.weight"], Pass(model, Loss).Order());
    }

    [Fact]
    public void A_parameter_that_is_not_used_says_nothing_and_one_that_is_used_twice_says_it_in_each_pass()
    {
        var model = new Sequential(new Linear(6, 2), new Linear(6, 2));
        Assert.Equal(["0.bias", "0.weight"], Pass(model, () => model[0].Forward(x).Sum()).Order());
        int events = 0;
        var weight = model.Parameters()[0];
        void Count(Parameter p) => events++;
        weight.GradientReady += Count;
        for (int i = 0; i < 3; i++) model[0].Forward(x).Sum().Backward();
        Assert.Equal(3, events);
        _ = Autograd.Grad(model[0].Forward(x).Sum(), weight);
        Assert.Equal(3, events);
        weight.GradientReady -= Count;
        Assert.Equal(before, Leaf.Listeners);
    }

    [Fact]
    public void Hooks_on_the_gradient_come_before()
    {
        var model = new Sequential(new Linear(6, 2, bias: false));
        using var hook = model.Parameters()[0].Value.RegisterHook(g => g * 2);
        Assert.Equal(["0.weight"], Pass(model, () => model.Forward(x).Sum()));
    }

    [Fact]
    public void Views_that_write_into_the_gradient_themselves_are_waited_for()
    {
        var table = new Linear(6, 8, bias: false);
        Tensor Loss()
        {
            var weight = table.Parameters()[0].Value;
            return (x.MatMul(weight[0..4].Transpose(0, 1)).Exp()
                * x.MatMul(weight.Narrow(0, 4, 4).Transpose(0, 1))).Sum() + weight.Square().Sum();
        }
        Assert.Equal(["weight"], Pass(table, Loss));
    }

    [Fact]
    public void It_stays_through_freezing_and_other_tensors()
    {
        var model = new Linear(6, 2, bias: false);
        var weight = model.Parameters()[0];
        int events = 0;
        void Count(Parameter p) => events++;
        weight.GradientReady += Count;
        weight.RequiresGrad = false;
        Assert.Equal(before, Leaf.Listeners);
        weight.RequiresGrad = true;
        model.Forward(x).Sum().Backward();
        Assert.Equal(1, events);
        model.To(DType.Float64);
        model.Forward(x.To(DType.Float64)).Sum().Backward();
        Assert.Equal((2, before + 1), (events, Leaf.Listeners));
        weight.GradientReady -= Count;
        Assert.Equal(before, Leaf.Listeners);
    }

    [Fact]
    public void An_exception_of_a_listener_ends_the_pass_and_holds_nothing()
    {
        var model = new Sequential(new Linear(6, 5), new Tanh(), new Linear(5, 1));
        var last = (Linear)model[2];
        static void Fail(Parameter p) => throw new InvalidOperationException("enough");
        last.Weight.GradientReady += Fail;
        Assert.Equal("enough", Assert.Throws<InvalidOperationException>(() => model.Forward(x).Sum().Backward()).Message);
        last.Weight.GradientReady -= Fail;
        model.Forward(x).Sum().Backward();
        Assert.NotNull(model.Parameters()[0].Grad);
    }
}
