using DeepNet.Ops;

namespace DeepNet.Tests;

/// <summary>Functions that are run again instead of kept.</summary>
public class CheckpointTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From<double>(values).WithGrad();
    private static Tensor Sum(Tensor x) => x.SumTo(Shape.Scalar);

    [Fact]
    public void Gradients_are_those_of_the_plain_function()
    {
        var (x, w) = (Leaf(0.3, -1.2), Leaf(2, 3));
        Tensor Block(Tensor t) => (t * w).Exp() * t.Sin();
        Sum(Block(x * 2) * 3).Backward();
        double[] gx = x.Grad!.ToArray<double>(), gw = w.Grad!.ToArray<double>();
        x.ZeroGrad();
        w.ZeroGrad();
        var y = Autograd.Checkpoint(Block, x * 2);
        Assert.Equal("checkpoint", y.GradNode!.Name);
        Sum(y * 3).Backward();
        Assert.Equal(gx, x.Grad!.ToArray<double>());
        Assert.Equal(gw, w.Grad!.ToArray<double>());
    }

    [Fact]
    public void The_first_layer_s_parameters_get_gradients_from_plain_data()
    {
        var w = Leaf(2, 3);
        Sum(Autograd.Checkpoint(x => x * w.Square(), Tensor.From<double>(1, 10))).Backward();
        Assert.Equal([4.0, 60], w.Grad!.ToArray<double>());
    }

    [Fact]
    public void Gradients_can_be_asked_for_by_Grad()
    {
        var (x, w) = (Leaf(3), Leaf(5));
        var g = Autograd.Grad(Autograd.Checkpoint(t => t * w * t, x), [x, w]);
        Assert.Equal(30, g[0].Item<double>());
        Assert.Equal(9, g[1].Item<double>());
        Assert.Null(x.Grad);
        Assert.Null(w.Grad);
    }

    [Fact]
    public void A_parameter_that_another_thread_made_later_is_found()
    {
        Tensor? w = null;
        var x = Leaf(3);
        var thread = new Thread(() => { for (int i = 0; i < 3000; i++) w = Leaf(5); });
        thread.Start();
        thread.Join();
        Assert.Equal(9, Autograd.Grad(Autograd.Checkpoint(t => t * w! * t, x), w!).Item<double>());
    }

    [Fact]
    public void Second_derivatives()
    {
        GradCheck.Run(x => Autograd.Checkpoint(t => t[0].Sin() * t[1], [x[0], x[1]]), Sample.Values(3), Sample.Positive(3));
        GradCheck.SecondOrder(x => Autograd.Checkpoint(t => t[0].Sin() * t[1].Exp(), [x[0], x[1]]), Sample.Values(3), Sample.Positive(3));
    }

    [Fact]
    public void Checkpoints_nest()
    {
        var x = Leaf(0.5);
        int runs = 0;
        Tensor Inner(Tensor t) { runs++; return t.Exp(); }
        var y = Autograd.Checkpoint(t => Autograd.Checkpoint(Inner, t.Square()) * t, x);
        y.Backward();
        Assert.Equal(Math.Exp(0.25) * (1 + 2 * 0.25), x.Grad!.Item<double>(), 1e-12);
        Assert.Equal(3, runs);      // forward, when the outer one runs again, and for its own backward pass
    }

    [Fact]
    public void The_function_runs_once_more_for_each_backward_pass()
    {
        var x = Leaf(2);
        int runs = 0;
        var y = Autograd.Checkpoint(t => { runs++; return t.Square(); }, x);
        Assert.Equal(1, runs);
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal(3, runs);
        Assert.Equal(8, x.Grad!.Item<double>());
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void Without_recording_it_is_the_function()
    {
        using var quiet = Autograd.NoGrad();
        Assert.False(Autograd.Checkpoint(t => t.Square(), Leaf(2)).RequiresGrad);
    }

    [Fact]
    public void Hooks_and_unused_inputs()
    {
        var (x, unused) = (Leaf(2), Leaf(1));
        x.RegisterHook(g => g * 10);
        Autograd.Checkpoint(t => t[0].Square(), [x, unused]).Backward();
        Assert.Equal(40, x.Grad!.Item<double>());
        Assert.Null(unused.Grad);
    }

    [Fact]
    public void A_result_without_gradient_or_of_another_shape_explains()
    {
        var x = Leaf(2);
        Assert.Contains(
            "Detach()", Assert.Throws<InvalidOperationException>(() => Autograd.Checkpoint(t => t.Detach(), x).Backward()).Message,
            StringComparison.Ordinal);
        int runs = 0;
        var y = Autograd.Checkpoint(t => ++runs == 1 ? t * 2 : t.Expand(3), x);
        Assert.Contains(
            "ran it again, (3,)", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message, StringComparison.Ordinal);
        x.Backward();
        Assert.Equal(1, x.Grad!.Item<double>());
    }

    [Fact]
    public void Changed_inputs_are_noticed()
    {
        var data = Tensor.From<double>(1);
        var w = Leaf(2);
        var y = Autograd.Checkpoint(t => t * w, data);
        data.AddInPlace(Tensor.Ones(1));
        Assert.Contains("[checkpoint]", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_numbers_are_drawn_again_and_no_generator_moves()
    {
        var own = new Generator(7);
        var x = Tensor.Full(new Shape(50), 2, DType.Float64).WithGrad();
        Tensor Noise(Tensor t) => t * Tensor.Rand(new Shape(50), DType.Float64) * Tensor.Rand(new Shape(50), DType.Float64, generator: own);
        var y = Autograd.Checkpoint(t => Autograd.Checkpoint(Noise, t) + Noise(t), x);
        var (global, local) = (Generator.Default.State, own.State);
        y.Backward(Tensor.Ones(new Shape(50), DType.Float64));
        Assert.Equal((y * 0.5).ToArray<double>(), x.Grad!.ToArray<double>());
        Assert.Equal(global, Generator.Default.State);
        Assert.Equal(local, own.State);
        Assert.NotEqual(y.ToArray<double>(), Autograd.Checkpoint(Noise, x).ToArray<double>());
    }

    [Fact]
    public void The_inside_is_given_back_before_and_after()
    {
        var x = Tensor.Full(new Shape(100_000), 0.5).WithGrad();
        static Tensor Block(Tensor t)
        {
            for (int i = 0; i < 10; i++) t = t.Sin();
            return t;
        }
        x.Sum().Backward();                             // there is a gradient to add to
        DeepNet.Memory.Reclaim();
        long before = DeepNet.Memory.LiveBytes;
        using (DeepNet.Memory.Scope())
        {
            var y = x;
            for (int i = 0; i < 3; i++) y = Autograd.Checkpoint(Block, y);
            using (var inner = DeepNet.Memory.Scope()) y.Backward(Tensor.Ones(y.Shape));
        }
        Assert.Equal(before, DeepNet.Memory.LiveBytes);
    }
}
