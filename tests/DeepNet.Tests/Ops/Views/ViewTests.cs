
namespace DeepNet.Tests.Operators;

public class ViewTests
{
    private static Tensor Counting(params int[] shape) => Nested.Counting(shape).ToTensor(DType.Float32);

    [Fact]
    public void Writing_through_a_view_shows_in_the_tensor_and_the_other_way_round()
    {
        var x = Counting(3, 4);
        var backwards = x.Flip(1).Select(0, 1);
        backwards[0] = 50;
        Assert.Equal(50, x[1, 3].Item());
        x[1, 0] = -1;
        Assert.Equal([50, 6, 5, -1], backwards.ToArray());
        x.Diagonal().CopyFrom(Tensor.Zeros(3));
        Assert.Equal([0, 1, 2, 3, -1, 0, 6, 50, 8, 9, 0, 11], x.ToArray());
    }

    [Fact]
    public void Strides_say_how_a_view_steps()
    {
        var x = Counting(2, 3, 4);
        Assert.Equal([12, -4, 1], x.Flip(1).Strides.ToArray());
        Assert.Equal([12, 8, -2], x.Slice(1, step: 2).Slice(2, step: -2).Strides.ToArray());
        Assert.Equal([4, 13], x.Diagonal(axis1: 0, axis2: 2).Strides.ToArray());
        Assert.Equal([12, 4, 1, 1], x.Unfold(2, 2).Strides.ToArray());
        Assert.True(x.Narrow(0, 1, 1).IsContiguous);
        Assert.True(x.Unsqueeze(1).Squeeze().IsContiguous);
    }

    [Fact]
    public void Pieces_cover_an_axis()
    {
        var x = Counting(7, 2);
        Assert.Equal([3, 3, 1], x.Split(3).Select(p => p.Shape[0]));
        Assert.Equal([2, 0, 5], x.Split([2, 0, 5]).Select(p => p.Shape[0]));
        Assert.Equal([3, 3, 1], x.Chunk(3).Select(p => p.Shape[0]));
        Assert.Equal([12, 13], x.Chunk(3)[2].ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], x.Unbind().Select(p => p.Rank));
        Assert.Equal([1, 3, 5, 7, 9, 11, 13], x.Unbind(-1)[1].ToArray());
        Assert.Single(Tensor.Zeros(0, 3).Split(2));
        Assert.Empty(Tensor.Zeros(0, 3).Unbind());
    }

    [Fact]
    public void Axes_move_merge_and_part()
    {
        var x = Counting(2, 3, 4, 5);
        Assert.Equal([3, 4, 2, 5], x.MoveAxis(0, 2).Shape);
        Assert.Equal([5, 2, 3, 4], x.MoveAxis(-1, 0).Shape);
        Assert.Equal(x.MoveAxis(2, 0)[3, 1, 2, 4].Item(), x[1, 2, 3, 4].Item());
        Assert.Equal([2, 12, 5], x.Flatten(1, 2).Shape);
        Assert.Same(x.Storage, x.Flatten(1, 2).Storage);
        Assert.Equal([1], Tensor.Ones().Flatten().Shape);
        Assert.Equal([2, 3, 2, 2, 5], x.Unflatten(2, -1, 2).Shape);
        var turned = x.SwapAxes(0, 3);
        Assert.Equal([5, 3, 2, 2, 2], turned.Unflatten(2, 2, 2).Shape);
        Assert.Same(x.Storage, turned.Unflatten(2, 2, 2).Storage);
    }

    [Fact]
    public void A_view_of_nothing_is_empty_wherever_it_starts()
    {
        var x = Counting(3, 2);
        Assert.Equal([0, 2], x[3..].Shape);
        Assert.Equal([3, 0], x.Slice(1, 5, 9).Shape);
        Assert.Equal([0], x.Diagonal(2).Shape);
        Assert.Equal([0], x.Diagonal(-7).Shape);
        Assert.Equal([0, 2], Tensor.Zeros(0, 2).Flip().Shape);
        Assert.Equal([0, 2], x[3..][..0].Shape);
    }

    [Fact]
    public void Gradients_of_many_pieces_come_together_in_one_buffer()
    {
        var x = Counting(1000, 3).WithGrad();
        var sum = Tensor.Zeros(3);
        foreach (var row in x.Unbind()) sum = sum + row * row;
        sum.SumTo(Shape.Scalar).Backward();
        Assert.Equal((x.Detach() * 2).ToArray(), x.Grad!.ToArray());
        x.ZeroGrad();
        var y = x * 1;
        (y[1..].SumTo(Shape.Scalar) + y[..1].SumTo(Shape.Scalar) * 3).Backward();
        Assert.Equal(3, x.Grad!.ToArray()[0]);
        Assert.Equal(1, x.Grad!.ToArray()[^1]);
    }

    [Fact]
    public void Errors_name_operator_axis_index_and_length()
    {
        var x = Counting(2, 3);
        Assert.StartsWith(
            "[narrow] start 2 and length 2 on axis 1 of shape (2, 3): the axis has length 3.", Error(() => x.Narrow(1, 2, 2)));
        Assert.Equal(
            "[select] index 5 on axis 1 of shape (2, 3): the axis has length 3, so indices go from 0 to 2, or from -1 back to -3.",
            Error(() => x.Select(-1, 5)));
        Assert.Equal(
            "[select] index 0 on axis 0 of shape (0,): the axis has length 0, there is nothing to take.",
            Error(() => Tensor.Zeros(0).Select(0, 0)));
        Assert.StartsWith("[slice] a step of 0 on axis 0 of shape (2, 3)", Error(() => x.Slice(0, step: 0)));
        Assert.StartsWith("[squeeze] axis 1 of shape (2, 3) has length 3", Error(() => x.Squeeze(1)));
        Assert.StartsWith("[unsqueeze] axis 4 of shape (2, 3)", Error(() => x.Unsqueeze(4)));
        Assert.StartsWith("[diagonal] axis 1 of shape (2, 3) is named twice", Error(() => x.Diagonal(0, 1, -1)));
        Assert.StartsWith("[unfold] windows of 4 on axis 1 of shape (2, 3)", Error(() => x.Unfold(1, 4)));
        Assert.StartsWith("[split] sizes (1, 1) on axis 1 of shape (2, 3)", Error(() => x.Split([1, 1], 1)));
        Assert.StartsWith("[chunk] 0 pieces", Error(() => x.Chunk(0)));
        Assert.StartsWith(
            "[unflatten] axis 1 of shape (2, 3) has length 3, which (2, -1) does not fill.", Error(() => x.Unflatten(1, 2, -1)));
    }

    internal static string Error(Func<object?> action) => Assert.ThrowsAny<Exception>(() => { action(); }).Message;
}
