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
        Assert.Contains(
            "[exp]", Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(2))).Message, StringComparison.Ordinal);
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
    public void A_leaf_and_its_views_cannot_be_changed_while_recording()
    {
        var x = Leaf(1, 2);
        foreach (var change in new Action[]
        {
            () => x.CopyFrom(Tensor.Ones(2)), () => x.AddInPlace(1f), () => x.FillInPlace(0), () => x.FillNormal(), () => x[0] = 1,
            () => x[x > 1] = 1, () => x.View(2, 1).MulInPlace(2f), () => x[1].FillInPlace(0),
        })
            Assert.Contains("a leaf that requires a gradient cannot be changed in place while recording",
                Assert.Throws<InvalidOperationException>(change).Message, StringComparison.Ordinal);
        Assert.Contains("history (from mul)", Assert.Throws<InvalidOperationException>(() =>
        {
            using var lease = (x * 2).Lease<float>();
        }).Message, StringComparison.Ordinal);
        Assert.Equal([1f, 2], x.ToArray());
        using (Autograd.NoGrad()) x[0] = 5;
        Assert.Equal([5f, 2], x.ToArray());
        Assert.True(x.IsLeaf);
    }

    [Fact]
    public void Integers_cannot_take_what_needs_a_gradient()
    {
        var whole = Tensor.From<long>(1, 2);
        Assert.Equal("[copy] the operand (from mul) needs a gradient, which int64 elements cannot pass on: it would be lost. Write "
            + "other.Detach() if no gradient is wanted.",
            Assert.Throws<InvalidOperationException>(() => whole.CopyFrom(Leaf(1, 2) * 3)).Message);
        whole.CopyFrom((Leaf(1, 2) * 3).Detach());
        Assert.Equal([3L, 6], whole.ToArray<long>());
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
        x.AddInPlace(Tensor.Ones(new Shape(3), dtype.IsFloating() ? DType.Float32 : DType.Int64));
        x.T.AddInPlace(Tensor.Full(new Shape(3, 2), 2, DType.Int32));
        Assert.Equal(dtype, x.DType);
        Assert.All(x.ToArray(), v => Assert.Equal(6, v));
    }

    [Fact]
    public void Elements_that_share_memory_cannot_be_changed_apart()
    {
        var row = Tensor.Zeros(1, 3);
        var expanded = row.Expand(4, 3);
        var values = Tensor.Arange(12f).Reshape(4, 3);
        foreach (var (op, change) in new (string, Action<Tensor>)[]
        {
            ("add", x => x.AddInPlace(values)),
            ("sub", x => x.SubInPlace(values)),
            ("mul", x => x.MulInPlace(values)),
            ("div", x => x.DivInPlace(values)),
            ("fill", x => x.FillInPlace(1)),
            ("copy", x => x.CopyFrom(values)),
            ("uniform", x => x.FillUniform()),
            ("normal", x => x.FillNormal()),
            ("truncated_normal", x => x.FillTruncatedNormal()),
            ("index_put", x => x[0] = 1f),
            ("lease", x => { using var lease = x.Lease<float>(); }),
        })
        {
            Assert.StartsWith(
                $"[{op}] axis 0 of shape (4, 3) is expanded", Assert.Throws<InvalidOperationException>(() => change(expanded)).Message);
            var windows = Tensor.Zeros(6).Unfold(0, 3, 1);
            Assert.StartsWith(
                $"[{op}] elements of this view of shape (4, 3) overlap in memory",
                Assert.Throws<InvalidOperationException>(() => change(windows)).Message);
        }
        Assert.Equal([0f, 0, 0], row.ToArray());
    }

    [Fact]
    public void Views_without_overlap_can_be_changed()
    {
        var x = Tensor.Zeros(4, 3, 4);
        foreach (var view in new[] { x.T, x.Permute(2, 0, 1), x.Flip(0, 2), x[1.., ^1], x.Slice(2, 0, null, 2), x.Diagonal(-1, 0, 2),
            x[0].Unfold(1, 2, 2), Tensor.Zeros(1).Expand(1, 1), Tensor.Zeros(1, 0).Expand(5, 0) })
        {
            view.AddInPlace(1f);
            view.CopyFrom(view * 2);
            view.FillUniform();
        }
    }

    [Fact]
    public void What_would_lose_its_fraction_is_refused()
    {
        var whole = Tensor.From<long>(1, 2);
        Assert.Equal(
            "[add] a int64 tensor of shape (2,) cannot take float32 values in place: the result type float32 does not fit into int64. Use "
                + "an operation that makes a new tensor, or convert on purpose: other.To(DType.Int64).",
            Assert.Throws<InvalidOperationException>(() => whole.AddInPlace(Tensor.Full(new Shape(2), 0.5))).Message);
        Assert.Throws<InvalidOperationException>(() => whole.AddInPlace(0.5));
        Assert.Throws<InvalidOperationException>(() => whole[0] = 0.5);
        Assert.Throws<InvalidOperationException>(() => whole.FillInPlace(0.5));
        Assert.Contains("[div] a int64 tensor", Assert.Throws<InvalidOperationException>(() => whole.DivInPlace(2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Tensor.From(true, false).AddInPlace(whole));
        Assert.Equal([1L, 2], whole.ToArray<long>());
        whole.AddInPlace(Tensor.From<int>(3, 4));
        whole[0] = 9;
        Assert.Equal([9L, 6], whole.ToArray<long>());
        Assert.Equal([16L, 10], whole.SubInPlace(1).MulInPlace(2).ToArray<long>());
        Assert.Equal([7L, 7], whole.FillInPlace(7).ToArray<long>());
        Assert.Equal([1.5f, 2.5f], Tensor.Full(new Shape(2), 0.5).AddInPlace(Tensor.From<long>(1, 2)).ToArray());
        Assert.Equal([1L, 2], Tensor.From<long>(0, 0).CopyFrom(Tensor.From<float>(1.9f, 2.9f)).ToArray<long>());   // converts, as To does
    }
}
