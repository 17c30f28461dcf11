using static DeepNet.Tests.Operators.ViewTests;

namespace DeepNet.Tests.Operators;

public class IndexingTests
{
    private static Tensor Counting(params int[] shape) => Nested.Counting(shape).ToTensor(DType.Float32);

    [Fact]
    public void Places_and_ranges_are_views()
    {
        var x = Counting(4, 3);
        Assert.Equal([5, 8], x[1..3, ^1].ToArray());
        Assert.Equal([2, 5, 8, 11], x[.., 2].ToArray());
        Assert.Equal([9, 10, 11], x[-1].ToArray());
        Assert.Equal([0, 3, 6, 9], x[Tensor.Ellipsis, 0].ToArray());
        Assert.Equal([4, 1, 3], x[.., Tensor.NewAxis].Shape);
        Assert.Equal([2], x[^2.., 0].Shape);
        Assert.Same(x.Storage, x[1..3, ^1].Storage);
        x[1..3] = Tensor.From(7, 8, 9);
        Assert.Equal([0, 1, 2, 7, 8, 9, 7, 8, 9, 9, 10, 11], x.ToArray());
    }

    // Shapes from NumPy, for x of (2, 3, 4, 5) and an index i of 7 entries.
    [Fact]
    public void Axes_of_index_tensors_go_where_NumPy_puts_them()
    {
        var x = Counting(2, 3, 4, 5);
        var i = Tensor.From(0, 1, 1, 0, 1, 0, 1);
        Assert.Equal([7, 2, 5], x[.., i, Tensor.Ellipsis, i, ..].Shape);
        Assert.Equal([7, 3, 5], x[0, .., i].Shape);
        Assert.Equal([2, 7, 5], x[.., 0, i].Shape);
        Assert.Equal([2, 7, 5], x[.., i, 0].Shape);
        Assert.Equal([7, 2, 4], x[.., 0, .., i].Shape);
        Assert.Equal([7, 2, 1, 5], x[.., i, Tensor.NewAxis, i].Shape);
        Assert.Equal([1, 7, 3, 4, 5], x[Tensor.NewAxis, i].Shape);
        Assert.Equal([2, 12, 5], x[.., Tensor.Ones(new Shape(3, 4), DType.Bool)].Shape);
        Assert.Equal([2, 7, 1, 4, 5], x[.., i, Tensor.NewAxis].Shape);
        Assert.Equal([2, 1, 7, 4, 5], x[.., Tensor.NewAxis, i].Shape);
        Assert.Equal([7, 4], x[0, i, .., 0].Shape);
        Assert.Equal([7, 1, 4, 5], x[0, Tensor.NewAxis, i].Shape);
        Assert.Equal([2, 4, 5], x[.., Tensor.From<int>([1], Shape.Scalar)].Shape);
        var y = Counting(2, 3, 4);
        Assert.Equal([7, 2], y[.., i, Tensor.Ellipsis, i].Shape);
        Assert.Equal([2, 0], y[.., Tensor.From<int>(), 0].Shape);
        Assert.Equal([2, 0], y[.., Tensor.Zeros(new Shape(3, 4), DType.Bool)].Shape);
    }

    [Fact]
    public void Masks_read_and_write()
    {
        var x = Counting(2, 3);
        Assert.Equal([3, 4, 5], x[x > 2].ToArray());
        x[x > 3] = 0;
        Assert.Equal([0, 1, 2, 3, 0, 0], x.ToArray());
        x[Tensor.From(false, true)] = 0.5;
        Assert.Equal([0, 1, 2, 0.5f, 0.5f, 0.5f], x.ToArray());
        x[x.Equal(0.5)] = Tensor.From(7, 8, 9);
        Assert.Equal([7, 8, 9], x[1].ToArray());
        var whole = Tensor.From(1, 2, 3);
        whole[whole > 1] = 4;
        Assert.Equal(DType.Int32, whole.DType);
        Assert.Equal([1, 4, 4], whole.ToArray<int>());
    }

    [Fact]
    public void Writing_to_a_view_of_any_strides_writes_to_the_tensor()
    {
        var x = Counting(3, 4);
        x.T.Flip(0)[new[] { 0, 3 }, new[] { 0, -1 }] = Tensor.From(-1f, -2);
        Assert.Equal([0, 1, 2, -1, 4, 5, 6, 7, -2, 9, 10, 11], x.ToArray());
        x[..2] = x[1..];            // overlapping
        Assert.Equal([4, 5, 6, 7, -2, 9, 10, 11, -2, 9, 10, 11], x.ToArray());
        x[new[] { 0, 0, 1 }] = Counting(3, 1);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2], x[..2].ToArray());
    }

    [Fact]
    public void Where_there_is_nothing_nothing_is_written()
    {
        var x = Tensor.Zeros(0, 3, 2);
        x[.., new[] { 0, 2 }] = 1;
        x[..] = 1;
        Assert.Equal([0, 2, 2], x[.., new[] { 0, 2 }].Shape);
        Assert.Equal([0, 3, 2], x.IndexAdd(1, Tensor.From(0), Tensor.Zeros(0, 1, 2)).Shape);
        Assert.Equal([0, 3, 2], x.Scatter(1, Tensor.Zeros(new Shape(0, 3, 2), DType.Int64), 1).Shape);
        var y = Counting(2, 2);
        y[Tensor.From<int>()] = 5;
        y[y > 9] = Tensor.Zeros(0);
        Assert.Equal([0, 1, 2, 3], y.ToArray());
    }

    [Fact]
    public void Every_element_type_is_read_and_written()
    {
        foreach (var type in Enum.GetValues<DType>())
        {
            var x = (Counting(4) % 2).To(type);
            Assert.Equal([1, 0, 1], x[new[] { 1, 2, 3 }].ToArray());
            x[new[] { 0, 2 }] = 1;
            x[Tensor.From(1L, 3L)] = false;
            Assert.Equal([1, 0, 1, 0], x.ToArray());
            Assert.Equal(type, x.DType);
        }
    }

    [Fact]
    public void Writing_where_a_derivative_reads_is_noticed()
    {
        var x = Tensor.From(1f, 2, 3).WithGrad();
        var values = x * 1;
        var kept = Tensor.From(1f, 2, 3);
        var y = (values * kept).SumTo(Shape.Scalar);
        kept[0] = 5;
        Assert.Contains("changed in place", Error(() => { y.Backward(); return null; }));
        Assert.StartsWith("[index_put] a leaf", Error(() => x[0] = 1));
        using (Autograd.NoGrad()) x[0] = 9;
        Assert.Equal([9, 2, 3], x.ToArray());
    }

    [Fact]
    public void A_number_is_a_tensor_of_the_type_of_what_it_meets()
    {
        var x = Tensor.From(1.0, -1);
        Assert.Equal([1, 0.1], Tensor.Where(x > 0, x, 0.1).ToArray<double>());
        Assert.Equal(DType.Float32, Tensor.Where(x > 0, Tensor.From(1f, 2), 0.1).DType);
        Assert.Equal(DType.Float32, Tensor.Where(x > 0, Tensor.From(1, 2), 0.1).DType);
        x[1] = 0.1;
        Assert.Equal(0.1, x[1].Item<double>());
        Tensor leaf = 3.0;
        leaf.RequiresGrad = true;
        (leaf * leaf).Backward();
        Assert.Equal(6, leaf.Grad!.Item());
    }

    [Fact]
    public void Errors_name_axis_index_and_length()
    {
        var x = Counting(2, 3);
        Assert.Equal(
            "[index] index 2 on axis 0 of shape (2, 3): the axis has length 2, so indices go from 0 to 1, or from -1 back to -2.",
            Error(() => x[2]));
        Assert.StartsWith("[index] range 1..5 on axis 1 of shape (2, 3): the axis has length 3.", Error(() => x[0, 1..5]));
        Assert.Contains("ends before it starts", Error(() => x[.., 2..1]));
        Assert.StartsWith("[index] ^0 is the place after the last one", Error(() => x[^0]));
        Assert.StartsWith("[index] [0, 0, 0] of shape (2, 3): 3 axes are indexed and there are 2", Error(() => x[0, 0, 0]));
        Assert.StartsWith(
            "[index] [Ellipsis, Ellipsis] of shape (2, 3): there can be one", Error(() => x[Tensor.Ellipsis, Tensor.Ellipsis]));
        Assert.Equal(
            "[index] index 3 at position (1, 0) of the index is out of range: axis 1 of shape (2, 3) has length 3, so indices go from 0 to "
                + "2, or from -1 back to -3.",
            Error(() => x[.., Tensor.From<int>([0, 3], new Shape(2, 1))]));
        Assert.StartsWith(
            "[index] the index of shape (2,) is float32; indices are int64 or int32. Convert it", Error(() => x[Tensor.From(0f, 1)]));
        Assert.StartsWith(
            "[index] a mask of shape (3,) over axes 0 to 0 of shape (2, 3): axis 0 has length 2, the mask 3.",
            Error(() => x[Tensor.From(true, true, false)]));
        Assert.StartsWith("[index] (2,) and (3,)", Error(() => x[new[] { 0, 1 }, new[] { 0, 1, 2 }]));
        Assert.StartsWith(
            "[index_put] a value of shape (4,) does not fit where it is written, which has shape (3,).",
            Error(() => x[0] = Tensor.Zeros(4)));
        Assert.StartsWith("[index_put] axis 0 of shape (2, 3) is expanded", Error(() => Tensor.Zeros(3).Expand(2, 3)[0] = 1));
    }
}
