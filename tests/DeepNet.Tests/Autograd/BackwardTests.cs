namespace DeepNet.Tests;

/// <summary>The backward pass over graphs of every form.</summary>
public class BackwardTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From<float>(values).WithGrad();
    private static Tensor Number(double value) => Tensor.Full(Shape.Scalar, value, DType.Float64).WithGrad();

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        var x = Leaf(3);
        (x * x).Backward();
        Assert.Equal(6, x.Grad!.Item());
        x.ZeroGrad();
        (x + x).Backward();
        Assert.Equal(2, x.Grad!.Item());
        x.ZeroGrad();
        (x - x).Backward();
        Assert.Equal(0, x.Grad!.Item());
        x.ZeroGrad();
        (x / x).Backward();
        Assert.Equal(0, x.Grad!.Item());
    }

    [Fact]
    public void A_result_used_twice_by_the_same_operator()
    {
        var x = Leaf(3);
        var h = x * 2;
        (h * h).Backward();
        Assert.Equal(24, x.Grad!.Item());
    }

    [Fact]
    public void A_diamond_waits_for_both_sides()
    {
        var x = Leaf(2);
        var root = x.Square();
        var left = root.Exp();
        var right = root * root;
        (left * right).Backward();
        // d/dx exp(x²)·x⁴ = exp(x²)·(2x⁵ + 4x³)
        Assert.Equal(Math.Exp(4) * (64 + 32), x.Grad!.Item(), 0.01);
    }

    [Fact]
    public void A_long_ladder_of_diamonds_has_one_visit_per_node()
    {
        // Walking every path instead of every node would take 2^60 steps.
        var x = Number(1);
        var y = x * 1;
        for (int i = 0; i < 60; i++) y = y * 0.5 + y * 0.5;
        y.Backward();
        Assert.Equal(1, x.Grad!.Item<double>());
    }

    [Fact]
    public void Outputs_of_which_one_is_an_input_of_the_other()
    {
        var x = Leaf(3);
        var a = x * 2;
        var b = a.Square();
        var gradient = Autograd.Grad([a, b], [x]);
        Assert.Equal(2 + 24, gradient[0].Item());
    }

    [Fact]
    public void Views_hand_their_gradient_to_what_they_show()
    {
        var x = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(2, 3)).WithGrad();
        var y = x.T.Reshape(6) * Tensor.From<float>(1, 2, 3, 4, 5, 6);
        y.Backward(Tensor.Ones(6));
        Assert.Equal([1f, 3, 5, 2, 4, 6], x.Grad!.ToArray());
        x.ZeroGrad();
        x.Permute(1, 0).View(3, 1, 2).Backward(Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(3, 1, 2)));
        Assert.Equal([1f, 3, 5, 2, 4, 6], x.Grad!.ToArray());
    }

    public static TheoryData<int[], int[]> Broadcasts => new()
    {
        { [2, 3], [3] }, { [2, 3], [1] }, { [2, 3], [2, 1] }, { [2, 1], [1, 3] }, { [3], [2, 3] }, { [2, 3], [] }, { [], [2] },
        { [4, 1, 2], [3, 1] }, { [0, 3], [3] }, { [2, 0], [2, 1] }, { [300, 4], [4] }, { [2, 3, 4], [3, 4] },
    };

    [Theory]
    [MemberData(nameof(Broadcasts))]
    public void What_broadcasting_repeats_is_summed(int[] left, int[] right)
    {
        var a = Tensor.Full(left, 2).WithGrad();
        var b = Tensor.Full(right, 3).WithGrad();
        var y = a * b;
        y.Backward(Tensor.Ones(y.Shape));
        Assert.Equal(a.Shape, a.Grad!.Shape);
        Assert.Equal(b.Shape, b.Grad!.Shape);
        Assert.All(a.Grad.ToArray(), g => Assert.Equal(3f * y.Count / Math.Max(1, a.Count), g));
        Assert.All(b.Grad.ToArray(), g => Assert.Equal(2f * y.Count / Math.Max(1, b.Count), g));
        a.ZeroGrad();
        (a + b).Backward(Tensor.Ones(y.Shape));
        Assert.All(a.Grad!.ToArray(), g => Assert.Equal((float)y.Count / Math.Max(1, a.Count), g));
    }

    [Fact]
    public void A_second_pass_through_a_freed_graph_explains()
    {
        var x = Leaf(2);
        var y = x.Exp();
        y.Backward();
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Contains("retainGraph: true", error.Message, StringComparison.Ordinal);
        Assert.Contains("exp", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RetainGraph_allows_another_pass()
    {
        var x = Leaf(2);
        var y = x.Square() * x;
        y.Backward(retainGraph: true);
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.Equal(36, x.Grad!.Item());
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void Derivatives_up_to_the_fourth()
    {
        var x = Number(0.7);
        var y = x.Sin() * x.Exp();
        double[] expected = [
            Math.Exp(0.7) * (Math.Sin(0.7) + Math.Cos(0.7)), 2 * Math.Exp(0.7) * Math.Cos(0.7),
            2 * Math.Exp(0.7) * (Math.Cos(0.7) - Math.Sin(0.7)), -4 * Math.Exp(0.7) * Math.Sin(0.7)];
        foreach (double value in expected)
        {
            y = Autograd.Grad(y, x, createGraph: true);
            Assert.Equal(value, y.Item<double>(), 1e-12);
        }
    }

    [Fact]
    public void CreateGraph_gathers_gradients_that_can_be_differentiated()
    {
        var x = Number(3);
        (x * x * x).Backward(createGraph: true);
        var first = x.Grad!;
        Assert.Equal(27, first.Item<double>());
        Assert.True(first.RequiresGrad);
        x.ZeroGrad();
        first.Backward();
        Assert.Equal(18, x.Grad!.Item<double>());
        Assert.Equal(27, first.Item<double>());
    }

    [Fact]
    public void Leaves_that_shared_a_recorded_gradient_do_not_share_the_next()
    {
        var (a, b) = (Leaf(1), Leaf(2));
        (a + b).Backward(createGraph: true);
        a.ZeroGrad();
        b.ZeroGrad();
        (a * 5 + b * 7).Backward();
        Assert.Equal(5, a.Grad!.Item());
        Assert.Equal(7, b.Grad!.Item());
    }

    [Fact]
    public void Leaves_that_share_a_recorded_gradient_gather_apart()
    {
        var (a, b) = (Leaf(1), Leaf(2));
        (a + b).Backward(createGraph: true);
        (a * 5 + b * 7).Backward();
        Assert.Equal(6, a.Grad!.Item());
        Assert.Equal(8, b.Grad!.Item());
    }

    [Fact]
    public void An_error_in_a_derivative_leaves_the_engine_usable()
    {
        var x = Leaf(2, 3);
        var y = new Failing().Apply(x * 2) + x.Exp();
        Assert.Throws<NotSupportedException>(() => y.Backward(Tensor.Ones(2)));
        Assert.True(Autograd.IsEnabled);
        x.Grad = null;
        x.Square().Backward(Tensor.Ones(2));
        Assert.Equal([4f, 6f], x.Grad!.ToArray());
    }

    [Fact]
    public void Gradients_of_half_types_add_up()
    {
        var x = Leaf(1, 2);
        var h = x.To(DType.BFloat16);
        (h.To(DType.Float32) * 3 + h.To(DType.Float32) * 4 + h.To(DType.Float64).To(DType.Float32)).Backward(Tensor.Ones(2));
        Assert.Equal([8f, 8f], x.Grad!.ToArray());
    }

    [Fact]
    public void Conversions_hand_gradients_back_in_the_type_of_their_input()
    {
        var x = Leaf(1, 2);
        x.To(DType.Float64).Square().Backward(Tensor.Ones(new Shape(2), DType.Float64));
        Assert.Equal(DType.Float32, x.Grad!.DType);
        Assert.Equal([2f, 4f], x.Grad.ToArray());
        Assert.False(x.To(DType.Int64).RequiresGrad);
        Assert.False((x > 1).RequiresGrad);
    }

    [Fact]
    public void Empty_tensors_have_empty_gradients()
    {
        var x = Tensor.Zeros(0, 3).WithGrad();
        (x.Exp() * x).Backward(Tensor.Zeros(0, 3));
        Assert.Equal(new Shape(0, 3), x.Grad!.Shape);
    }

    private sealed class Failing : Operator
    {
        public override string Name => "failing";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] + 1;
        protected override void Vjp(Tensor gradient)
        {
            _ = gradient * 2;
            throw new NotSupportedException("no derivative");
        }
    }
}
