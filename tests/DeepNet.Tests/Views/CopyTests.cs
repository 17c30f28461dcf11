using DeepNet.Tests.Indexing;
using static DeepNet.Tests.Views.ViewTests;

namespace DeepNet.Tests.Views;

public class CopyTests
{
    private static readonly DType[] AllTypes = [DType.Bool, DType.Int32, DType.Int64, DType.Float16, DType.BFloat16, DType.Float32, DType.Float64];

    private static Nested Model => Nested.Counting(2, 3);
    private static Tensor Transposed => Model.Permute([1, 0]).ToTensor().T;

    [Theory]
    [InlineData(1), InlineData(-1), InlineData(7), InlineData(0), InlineData(-300)]
    public void Roll_brings_in_at_the_start_what_leaves_at_the_end(int shift)
    {
        int Back(int i, int n) => ((i - shift) % n + n) % n;
        Model.Pick(1, [Back(0, 3), Back(1, 3), Back(2, 3)]).AssertEquals(Transposed.Roll(shift, 1));
        Model.Reshape([6]).Pick(0, [.. Enumerable.Range(0, 6).Select(i => Back(i, 6))]).Reshape([2, 3]).AssertEquals(Transposed.Roll(shift));
        Assert.Equal([0, 2], Tensor.Zeros(0, 2).Roll(shift, 0).Shape);
    }

    [Fact]
    public void Repeat_lays_side_by_side_and_RepeatInterleave_place_by_place()
    {
        new Nested([2, 4, 3], at => Model.At([at[1] % 2, at[2]])).AssertEquals(Transposed.Repeat(2, 2, 1));
        Model.Pick(1, [0, 0, 1, 1, 2, 2]).AssertEquals(Transposed.RepeatInterleave(2, 1));
        Model.Pick(1, [0, 2, 2]).AssertEquals(Transposed.RepeatInterleave(Tensor.From(1, 0, 2), -1));
        Assert.Equal([0, 3], Transposed.Repeat(0, 1).Shape);
        var x = Transposed;
        Assert.NotSame(x.Storage, x.Repeat(1, 1).Storage);
        Assert.NotSame(x.Storage, x.RepeatInterleave(1, 0).Storage);
        Assert.StartsWith("[repeat] (2) for shape (2, 3)", Error(() => x.Repeat(2)));
    }

    [Fact]
    public void Pad_puts_around_what_the_mode_says()
    {
        var x = Tensor.From(1f, 2, 3);
        Assert.Equal([9, 9, 1, 2, 3, 9], x.Pad([(2, 1)], value: 9).ToArray());
        Assert.Equal([2, 3, 0], x.Pad([(-1, 1)]).ToArray());
        Assert.Equal([3, 2, 1, 2, 3, 2], x.Pad([(2, 1)], PadMode.Reflect).ToArray());
        Assert.Equal([1, 1, 1, 2, 3, 3], x.Pad([(2, 1)], PadMode.Replicate).ToArray());
        Assert.Equal([2, 3, 1, 2, 3, 1], x.Pad([(2, 1)], PadMode.Circular).ToArray());
        Assert.Equal([4, 3], Transposed.Pad([(0, 2), (0, 0)]).Shape);
        Assert.Equal([2, 5], Transposed.Pad([(1, 1)]).Shape);
        Assert.Equal([2, 2], Tensor.Zeros(0, 2).Pad([(1, 1), (0, 0)]).Shape);
        Assert.StartsWith("[pad] (3, 0) on axis 0 of shape (3,), mode Reflect: each must be from 0 to 2", Error(() => x.Pad([(3, 0)], PadMode.Reflect)));
        Assert.StartsWith("[pad] (-2, -2) on axis 0 of shape (3,) cuts off more", Error(() => x.Pad([(-2, -2)])));
        Assert.StartsWith("[pad] 2 pairs", Error(() => x.Pad([(0, 0), (0, 0)])));
    }

    [Fact]
    public void Cat_and_Stack_promote_and_keep_every_element()
    {
        var whole = Tensor.Cat([Tensor.From(1, 2).Unsqueeze(0), Tensor.Zeros(0, 2), Tensor.From(0.5f, 7).Expand(2, 2)]);
        Assert.Equal(DType.Float32, whole.DType);
        Assert.Equal([1, 2, 0.5f, 7, 0.5f, 7], whole.ToArray());
        Assert.Equal(DType.Float16, Tensor.Cat([Tensor.Zeros(new Shape(1), DType.Float16), Tensor.Zeros(new Shape(1), DType.Float16)]).DType);
        Assert.Equal([2, 2, 3], Tensor.Stack([Transposed, Transposed], 1).Shape);
        Assert.StartsWith("[cat] shapes (2, 3) and (2, 2) along axis 0", Error(() => Tensor.Cat([Tensor.Zeros(2, 3), Tensor.Zeros(2, 2)])));
        Assert.StartsWith("[cat] scalars", Error(() => Tensor.Cat([Tensor.Zeros(), Tensor.Zeros()])));
        Assert.StartsWith("[cat] there is nothing", Error(() => Tensor.Cat([])));
        Assert.StartsWith("[stack] shapes (2,) and (3,)", Error(() => Tensor.Stack([Tensor.Zeros(2), Tensor.Zeros(3)])));
    }

    [Fact]
    public void Triangles_of_every_type_and_diagonal()
    {
        foreach (var type in AllTypes)
            for (int diagonal = -4; diagonal <= 5; diagonal++)
            {
                var ones = Tensor.Ones(new Shape(2, 3, 4), type).Permute(0, 2, 1);
                int k = diagonal;
                new Nested([2, 4, 3], at => at[2] <= at[1] + k ? 1 : 0).AssertEquals(ones.Tril(k));
                new Nested([2, 4, 3], at => at[2] >= at[1] + k ? 1 : 0).AssertEquals(ones.Triu(k));
            }
        Assert.Equal([0, 3], Tensor.Zeros(0, 3).Tril().Shape);
        Assert.StartsWith("[tril] a tensor of shape (3,)", Error(() => Tensor.Zeros(3).Tril()));
        // What is cut away is zero even if it was not a number.
        Assert.Equal(0, Tensor.Full(new Shape(2, 2), double.NaN).Tril()[0, 1].Item());
    }
}
