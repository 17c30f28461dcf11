namespace DeepNet.Tests;

/// <summary>Functions on gradients.</summary>
public class HookTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From<float>(values).WithGrad();

    [Fact]
    public void Hooks_run_in_order_each_on_what_the_last_returned()
    {
        var x = Leaf(1, 2);
        var seen = new List<float>();
        x.RegisterHook(g => { seen.Add(g.ToArray()[0]); return g * 10; });
        x.RegisterHook(g => { seen.Add(g.ToArray()[0]); return null; });
        x.RegisterHook(g => { seen.Add(g.ToArray()[0]); return g + 1; });
        (x * 3).Backward(Tensor.Ones(2));
        Assert.Equal([3f, 30f, 30f], seen);
        Assert.Equal([31f, 31f], x.Grad!.ToArray());
    }

    [Fact]
    public void A_hook_on_a_result_changes_what_goes_on()
    {
        var x = Leaf(2);
        var h = x.Square();
        h.RegisterHook(g => -g);
        h.Exp().Backward();
        Assert.Equal(-4 * Math.Exp(4), x.Grad!.Item(), 1e-3);
    }

    [Fact]
    public void A_hook_on_a_leaf_with_several_uses_sees_the_sum_once()
    {
        var x = Leaf(2);
        var seen = new List<float>();
        x.RegisterHook(g => { seen.Add(g.Item()); return null; });
        (x * 2 + x * 3 + x * x).Backward();
        Assert.Equal([9f], seen);
        Assert.Equal(9, x.Grad!.Item());
        (x * 2).Backward();
        Assert.Equal([9f, 2f], seen);
        Assert.Equal(11, x.Grad!.Item());
    }

    [Fact]
    public void A_removed_hook_is_silent_and_may_be_removed_again()
    {
        var x = Leaf(2);
        int calls = 0;
        Tensor? Count(Tensor g) { calls++; return null; }
        var first = x.RegisterHook(Count);
        x.RegisterHook(Count);
        first.Dispose();
        first.Dispose();
        x.Square().Backward();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void What_a_hook_keeps_stays_as_it_was()
    {
        var x = Leaf(1, 2);
        Tensor? kept = null;
        var h = x * 3;
        h.RegisterHook(g => { kept = g; return null; });
        (h.Exp() * 0.5).Backward(Tensor.Ones(2));
        for (int i = 0; i < 50; i++) (x * 2).Exp().Backward(Tensor.Ones(2));
        Assert.Equal(0.5 * Math.Exp(3), kept!.ToArray()[0], 1e-3);
        Assert.Equal(0.5 * Math.Exp(6), kept!.ToArray()[1], 1e-3);
    }

    [Fact]
    public void A_hook_must_return_what_can_stand_in_for_the_gradient()
    {
        var x = Leaf(1, 2);
        using (x.RegisterHook(g => Tensor.Ones(3)))
            Assert.Contains(
                "(3,)", Assert.Throws<InvalidOperationException>(() => (x * 1).Backward(Tensor.Ones(2))).Message, StringComparison.Ordinal);
        using (x.RegisterHook(g => g.To(DType.Float64)))
            Assert.Contains(
                "float64", Assert.Throws<InvalidOperationException>(() => (x * 1).Backward(Tensor.Ones(2))).Message,
                StringComparison.Ordinal);
        (x * 1).Backward(Tensor.Ones(2));
        Assert.Equal([1f, 1f], x.Grad!.ToArray());
    }

    [Fact]
    public void A_hook_that_throws_ends_the_pass_and_nothing_else()
    {
        var x = Leaf(1);
        var h = x * 2;
        h.RegisterHook(g => throw new FormatException());
        Assert.Throws<FormatException>(() => (h * 3).Backward());
        x.Square().Backward();
        Assert.Equal(2, x.Grad!.Item());
    }

    [Fact]
    public void A_hook_may_run_a_backward_pass_of_its_own()
    {
        var (x, other) = (Leaf(3), Leaf(5));
        x.RegisterHook(g =>
        {
            using (Autograd.EnableGrad()) other.Square().Backward();
            return g + other.Grad!;
        });
        x.Square().Backward();
        Assert.Equal(16, x.Grad!.Item());
    }

    [Fact]
    public void Hooks_need_a_gradient()
    {
        Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).RegisterHook(g => g));
        Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).RetainGrad());
    }

    [Fact]
    public void RetainGrad_keeps_the_gradient_of_a_result()
    {
        var x = Leaf(2);
        var h = x.Square();
        h.RetainGrad();
        Assert.Null(h.Grad);
        (h * 3).Backward(retainGraph: true);
        Assert.Equal(3, h.Grad!.Item());
        (h * 5).Backward();
        Assert.Equal(8, h.Grad!.Item());
        h.ZeroGrad();
        Assert.Null(h.Grad);
        x.RetainGrad();
        Assert.Equal(32, x.Grad!.Item());
    }

    [Fact]
    public void Hooks_run_for_Grad_too()
    {
        var x = Leaf(2);
        x.RegisterHook(g => g * 10);
        Assert.Equal(40, Autograd.Grad(x.Square(), x).Item());
        Assert.Null(x.Grad);
    }
}
