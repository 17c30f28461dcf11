namespace DeepNet.Tests;

/// <summary>Tensors that have a gradient, and its accumulation in leaves.</summary>
public class LeafTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From<float>(values).WithGrad();

    [Fact]
    public void What_the_user_makes_is_a_leaf_without_gradient()
    {
        var x = Tensor.Ones(2);
        Assert.True(x.IsLeaf);
        Assert.False(x.RequiresGrad);
        Assert.Null(x.Grad);
        Assert.Null(x.GradNode);
    }

    [Fact]
    public void What_is_computed_from_a_leaf_requires_a_gradient_and_is_none()
    {
        var x = Leaf(1, 2);
        var y = x * 3 + Tensor.Ones(2);
        Assert.True(y.RequiresGrad);
        Assert.False(y.IsLeaf);
        Assert.Equal("add", y.GradNode!.Name);
        Assert.Null(y.Grad);
    }

    [Fact]
    public void RequiresGrad_of_a_result_cannot_be_changed()
    {
        var y = Leaf(1) * 2;
        var error = Assert.Throws<InvalidOperationException>(() => y.RequiresGrad = false);
        Assert.Contains("Detach()", error.Message, StringComparison.Ordinal);
        Assert.Contains("mul", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Bool)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Only_float32_and_float64_can_require_a_gradient(DType dtype)
    {
        var x = Tensor.Zeros(new Shape(2), dtype);
        var error = Assert.Throws<InvalidOperationException>(() => x.RequiresGrad = true);
        Assert.Contains(dtype.Name(), error.Message, StringComparison.Ordinal);
        x.RequiresGrad = false;
    }

    [Fact]
    public void Backward_of_a_product()
    {
        var (a, b) = (Leaf(3), Leaf(5));
        (a * b).Backward();
        Assert.Equal([5f], a.Grad!.ToArray());
        Assert.Equal([3f], b.Grad!.ToArray());
    }

    [Fact]
    public void Backward_on_a_leaf_is_one()
    {
        var x = Leaf(7);
        x.Backward();
        Assert.Equal([1f], x.Grad!.ToArray());
    }

    [Fact]
    public void Gradients_of_several_passes_add_up()
    {
        var x = Leaf(2, 3);
        for (int i = 0; i < 3; i++) x.Square().Backward(Tensor.Ones(2));
        Assert.Equal([12f, 18f], x.Grad!.ToArray());
    }

    [Fact]
    public void The_upstream_gradient_is_copied_not_kept()
    {
        var x = Leaf(2, 3);
        var upstream = Tensor.From<float>(1, 2);
        x.Backward(upstream);
        x.Backward(upstream);
        Assert.Equal([2f, 4f], x.Grad!.ToArray());
        Assert.Equal([1f, 2f], upstream.ToArray());
    }

    [Fact]
    public void An_upstream_gradient_of_another_type_is_converted()
    {
        var x = Leaf(2, 3);
        (x * 2).Backward(Tensor.From<double>(1, 10));
        Assert.Equal(DType.Float32, x.Grad!.DType);
        Assert.Equal([2f, 20f], x.Grad!.ToArray());
    }

    [Fact]
    public void After_ZeroGrad_the_same_buffer_is_written_over_if_nobody_has_seen_it()
    {
        var x = Leaf(2, 3);
        x.Square().Backward(Tensor.Ones(2));
        var buffer = x.PeekGrad()!;
        x.ZeroGrad();
        Assert.Null(x.Grad);
        x.ZeroGrad();
        (x * 10).Backward(Tensor.Ones(2));
        Assert.Same(buffer, x.PeekGrad());
        Assert.Equal([10f, 10f], buffer.ToArray());
        (x * 10).Backward(Tensor.Ones(2));
        Assert.Equal([20f, 20f], buffer.ToArray());
        Assert.Same(buffer, x.Grad);
    }

    [Fact]
    public void ZeroGrad_without_a_gradient_does_nothing()
    {
        var x = Leaf(1);
        x.ZeroGrad();
        x.Backward();
        Assert.Equal([1f], x.Grad!.ToArray());
    }

    [Fact]
    public void A_stale_buffer_that_was_given_back_is_replaced()
    {
        var x = Leaf(1, 2);
        x.Square().Backward(Tensor.Ones(2));
        x.Grad!.Dispose();
        x.ZeroGrad();
        x.Square().Backward(Tensor.Ones(2));
        Assert.Equal([2f, 4f], x.Grad!.ToArray());
    }

    [Fact]
    public void A_gradient_set_as_a_transpose_is_not_written_to_as_if_dense()
    {
        var x = Tensor.Zeros(2, 3).WithGrad();
        var strided = Tensor.Zeros(3, 2).T;
        x.Grad = strided;
        var upstream = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(2, 3));
        (x * 1).Backward(upstream);
        Assert.Equal([1f, 2, 3, 4, 5, 6], x.Grad!.ToArray());
        x.Grad = strided;
        x.ZeroGrad();
        (x * 1).Backward(upstream);
        Assert.Equal([1f, 2, 3, 4, 5, 6], x.Grad!.ToArray());
    }

    [Fact]
    public void A_gradient_that_was_set_must_fit()
    {
        var x = Leaf(1, 2);
        Assert.Throws<ArgumentException>(() => x.Grad = Tensor.Ones(3));
        Assert.Contains(
            "float64", Assert.Throws<ArgumentException>(() => x.Grad = Tensor.Ones(new Shape(2), DType.Float64)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => (x * 2).Grad = Tensor.Ones(2));
        x.Grad = Tensor.Ones(2);
        (x * 2).Backward(Tensor.Ones(2));
        Assert.Equal([3f, 3f], x.Grad.ToArray());
        x.Grad = null;
        Assert.Null(x.Grad);
    }

    [Fact]
    public void A_gradient_that_a_graph_uses_stays_for_it()
    {
        var x = Leaf(3);
        x.Square().Backward();
        var w = Leaf(2);
        var y = w * x.Grad!;
        x.ZeroGrad();
        x.Square().Backward();
        y.Backward();
        Assert.Equal(6f, w.Grad!.Item());
    }

    [Fact]
    public void Detach_shares_memory_and_has_no_history()
    {
        var x = Leaf(1, 2);
        var y = (x * 2).Detach();
        Assert.False(y.RequiresGrad);
        var z = x.Detach();
        z.CopyFrom(Tensor.From<float>(5, 6));
        Assert.Equal([5f, 6f], x.ToArray());
    }

    [Fact]
    public void Backward_of_nothing_explains()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1).Backward());
        Assert.Contains("RequiresGrad", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => (Leaf(1, 2) * 2).Backward());
        Assert.Contains("(2,)", error.Message, StringComparison.Ordinal);
        var mismatch = Assert.Throws<ArgumentException>(() => (Leaf(1, 2) * 2).Backward(Tensor.Ones(3)));
        Assert.Contains("(3,)", mismatch.Message, StringComparison.Ordinal);
    }
}
