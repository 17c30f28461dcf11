namespace DeepNet.Tests;

/// <summary>In-place changes that would falsify a gradient are noticed.</summary>
public class InPlaceTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From<float>(values).WithGrad();

    [Fact]
    public void A_change_of_what_a_derivative_reads_is_an_error()
    {
        var x = Leaf(1, 2);
        var factor = Tensor.From<float>(3, 4);
        var y = x * factor;
        factor.AddInPlace(Tensor.Ones(2));
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(2)));
        Assert.Contains("[mul]", error.Message, StringComparison.Ordinal);
        Assert.Contains("version 1, 0 was saved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_through_a_view_counts()
    {
        var x = Leaf(1, 2);
        var factor = Tensor.From<float>(3, 4);
        var y = x * factor;
        factor.Reshape(2, 1).T.CopyFrom(Tensor.Ones(1, 2));
        Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(2)));
    }

    [Fact]
    public void A_change_of_a_result_that_its_derivative_reads_is_an_error()
    {
        var y = Leaf(1, 2).Exp();
        y.Detach().AddInPlace(Tensor.Ones(2));
        Assert.Contains("[exp]", Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_what_nobody_reads_is_allowed()
    {
        var x = Leaf(1, 2);
        var term = Tensor.From<float>(3, 4);
        var y = x + term;
        term.AddInPlace(Tensor.Ones(2));
        y.Backward(Tensor.Ones(2));
        Assert.Equal([1f, 1f], x.Grad!.ToArray());
    }

    [Fact]
    public void A_leaf_and_a_result_cannot_be_changed_while_recording()
    {
        var x = Leaf(1, 2);
        Assert.Contains("NoGrad", Assert.Throws<InvalidOperationException>(() => x.CopyFrom(Tensor.Ones(2))).Message, StringComparison.Ordinal);
        Assert.Contains("history (from mul)", Assert.Throws<InvalidOperationException>(() => (x * 2).AddInPlace(Tensor.Ones(2))).Message, StringComparison.Ordinal);
        Assert.Contains("history (from reshape)", Assert.Throws<InvalidOperationException>(() => x.View(2, 1).CopyFrom(Tensor.Ones(2, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operand_whose_history_would_be_lost_is_an_error()
    {
        var total = Tensor.Zeros(2);
        var loss = Leaf(1, 2) * 3;
        Assert.Contains("Detach()", Assert.Throws<InvalidOperationException>(() => total.AddInPlace(loss)).Message, StringComparison.Ordinal);
        Assert.Contains("Detach()", Assert.Throws<InvalidOperationException>(() => total.CopyFrom(loss)).Message, StringComparison.Ordinal);
        total.AddInPlace(loss.Detach());
        using (Autograd.NoGrad()) total.AddInPlace(loss);
        Assert.Equal([6f, 12f], total.ToArray());
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Float64)]
    public void Every_number_type_adds_in_place(DType dtype)
    {
        var x = Tensor.Full(new Shape(2, 3), 3, dtype);
        x.AddInPlace(Tensor.Ones(3));
        x.T.AddInPlace(Tensor.Full(new Shape(3, 2), 2, DType.Int32));
        Assert.Equal(dtype, x.DType);
        Assert.All(x.ToArray(), v => Assert.Equal(6, v));
    }
}
