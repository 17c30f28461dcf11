using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests;

/// <summary>A gradient that was handed out is the user's; one that was not is written over, at no cost.</summary>
public class GradientOwnershipTests
{
    private static Tensor Leaf() => Tensor.From<float>(1, 2).WithGrad();

    private static void Backward(Tensor w, double factor) => (w * factor).Sum().Backward();

    [Fact]
    public void A_gradient_that_was_read_survives_ZeroGrad_and_further_passes()
    {
        var w = Leaf();
        Backward(w, 3);
        var g1 = w.Grad!;
        w.ZeroGrad();
        Backward(w, 5);
        var g2 = w.Grad!;
        Backward(w, 7);
        Assert.Equal([3f, 3], g1.ToArray());
        Assert.Equal([5f, 5], g2.ToArray());
        Assert.Equal([12f, 12], w.Grad!.ToArray());
        Assert.Equal(34f, (g1 * g2 + 2).Sum().Item());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void It_survives_operators_that_write_into_the_buffer_themselves(int rows)
    {
        var x = Tensor.Ones(rows, 2);
        var w = Tensor.Ones(2, 3).WithGrad();
        var b = Tensor.Zeros(3).WithGrad();
        void Pass(float scale) => ((x * scale).MatMul(w) + b * scale).Sum().Backward();
        Pass(1);
        var (g, h) = (w.Grad!, b.Grad!);
        w.ZeroGrad();
        b.ZeroGrad();
        Pass(2);
        Assert.Equal(rows, g[0, 0].Item());
        Assert.Equal(rows, h[0].Item());
        Assert.Equal(2f * rows, w.Grad![0, 0].Item());
        Assert.Equal(2f * rows, b.Grad![0].Item());
        // Views of a parameter add to its gradient where it lies.
        var (first, second) = (w[..1], w[1..]);
        var kept = w.Grad!;
        (first * 10 + second * 10).Sum().Backward();
        Assert.Equal(2f * rows, kept[1, 0].Item());
        Assert.Equal(2f * rows + 10, w.Grad![1, 0].Item());
    }

    [Fact]
    public void A_gradient_that_was_set_is_not_written_over()
    {
        var w = Leaf();
        var set = Tensor.From<float>(10, 20);
        w.Grad = set;
        Backward(w, 3);
        Assert.Equal([10f, 20], set.ToArray());
        Assert.Equal([13f, 23], w.Grad!.ToArray());
        w.Grad = set;
        w.ZeroGrad();
        Backward(w, 3);
        Assert.Equal([10f, 20], set.ToArray());
    }

    [Fact]
    public void Unscaling_changes_the_gradient_and_not_what_was_read_of_it()
    {
        var parameter = new Parameter(Leaf());
        Backward(parameter, 4);
        var before = parameter.Grad!;
        Assert.True(new LossScaler(factor: 2).Unscale(new Sgd([parameter], 0.1)));
        Assert.Equal([4f, 4], before.ToArray());
        Assert.Equal([2f, 2], parameter.Grad!.ToArray());
        var set = Tensor.From<float>(10, 20);
        parameter.Grad = set;
        Assert.True(new LossScaler(factor: 2).Unscale(new Sgd([parameter], 0.1)));
        Assert.Equal([10f, 20], set.ToArray());
        Assert.Equal([5f, 10], parameter.Grad!.ToArray());
    }

    [Fact]
    public void What_hooks_saw_retained_gradients_and_results_of_Grad_stay()
    {
        var w = Leaf();
        var seen = new List<Tensor>();
        using var hook = w.RegisterHook(g =>
        {
            seen.Add(g);
            return null;
        });
        var upstream = Tensor.From<float>(1, 1);
        var retained = new List<Tensor>();
        for (int i = 1; i <= 3; i++)
        {
            var y = w * i;
            y.RetainGrad();
            y.RegisterHook(g => g);
            var z = y + 0;
            w.ZeroGrad();
            z.Backward(upstream, retainGraph: true);
            retained.Add(y.Grad!);
            seen.Add(Autograd.Grad(z, w, upstream, retainGraph: true));
            z.Backward(upstream);
        }
        Assert.Equal([1f, 1], upstream.ToArray());
        Assert.All(retained, g => Assert.Equal([1f, 1], g.ToArray()));
        Assert.Equal([1f, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], seen.Select(g => g[0].Item()));
    }

    [Fact]
    public void The_upstream_gradient_of_a_leaf_is_copied()
    {
        var w = Leaf();
        var upstream = Tensor.Ones(2);
        w.Backward(upstream);
        w.Backward(upstream);
        Assert.Equal([1f, 1], upstream.ToArray());
        Assert.Equal([2f, 2], w.Grad!.ToArray());
    }

    [Fact]
    public void A_training_loop_writes_all_gradients_where_the_last_ones_were()
    {
        var model = new Sequential(new Linear(4, 8), new Tanh(), new Linear(8, 2));
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.1f, momentum: 0.9f) { ClipNorm = 1 };
        var x = Tensor.Ones(5, 4);
        Devices.Storage[] Step()
        {
            optimizer.ZeroGrad();
            model.Forward(x).Square().Mean().Backward();
            optimizer.Step();
            return [.. model.Parameters().Select(p => p.PeekGrad()!.Storage)];
        }
        var first = Step();
        for (int i = 0; i < 5; i++) Assert.Equal(first, Step());
        _ = model.Parameters()[0].Grad;
        var other = Step();
        Assert.NotSame(first[0], other[0]);
        Assert.Equal(first[1..], other[1..]);
        Assert.Equal(other, Step());
    }
}
