using DeepNet.Ops;
using static DeepNet.Tests.Operators.ViewTests;

namespace DeepNet.Tests.Operators;

public class GatherTests
{
    private static readonly int[] Lengths = [3, 4, 2];

    private static Nested Draw(int[] shape, int below) => new(shape, at => Nested.Counting(shape).At(at) * 7 % (2 * below) - below);

    [Fact]
    public void Gather_and_the_scatters_are_what_their_definitions_say()
    {
        foreach (var type in (DType[])[DType.Int32, DType.Int64])
            for (int axis = 0; axis < 3; axis++)
            {
                int a = axis, n = Lengths[axis];
                int[] shape = [2, 4, 2];
                shape[axis] = 5;
                var index = Draw(shape, n);
                var places = index.ToTensor(type);
                int[] Target(int[] at) => Nested.With(at, a, (int)index.At(at) is var i && i < 0 ? i + n : i);
                var x = Nested.Counting(Lengths);
                var transposed = x.Permute([2, 0, 1]).ToTensor().Permute(1, 2, 0);

                new Nested(shape, at => x.At(Target(at))).AssertEquals(transposed.Gather(axis, places));

                double[] sums = x.Values(), last = x.Values();
                var source = new Nested(shape, at => 1000 + Nested.Counting(shape).At(at));
                foreach (var at in source.Places())
                {
                    int to = (int)x.At(Target(at));
                    sums[to] += source.At(at);
                    last[to] = source.At(at);
                }
                Assert.Equal(sums, transposed.ScatterAdd(axis, places, source.ToTensor()).ToArray<double>());
                Assert.Equal(last, transposed.Scatter(axis, places, source.ToTensor()).ToArray<double>());
            }
    }

    [Fact]
    public void Rows_are_selected_and_added_on_any_axis()
    {
        for (int axis = -3; axis < 3; axis++)
        {
            int at = axis < 0 ? axis + 3 : axis;
            var x = Nested.Counting(Lengths);
            var index = Tensor.From(1, 0, -1, 1);
            var selected = x.Pick(at, [1, 0, Lengths[at] - 1, 1]);
            selected.AssertEquals(x.ToTensor().IndexSelect(axis, index));
            var sums = x.Values();
            foreach (var place in selected.Places()) sums[(int)selected.At(place)] += 1;
            Assert.Equal(sums, x.ToTensor().IndexAdd(axis, index, Tensor.Ones(new Shape(selected.Shape), DType.Float64)).ToArray<double>());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Gathers_that_threads_divide_anywhere(int inner)
    {
        const int outer = 3, length = 50, count = 20_011;
        int threads = CpuDevice.Threads;
        CpuDevice.Threads = 3;
        try
        {
            var x = Tensor.Arange(outer * length * inner).Reshape(outer, length, inner);
            long[] rows = [.. Enumerable.Range(0, count).Select(i => (long)i * 7919 % (2 * length) - length)];
            var index = Tensor.From<long>(rows);
            var selected = x.IndexSelect(1, index).ToArray<long>();
            var gathered = x.Gather(1, index.Reshape(1, count, 1).Expand(outer, count, inner)).ToArray<long>();
            for (int o = 0, at = 0; o < outer; o++)
                for (int i = 0; i < count; i++)
                    for (int k = 0; k < inner; k++, at++)
                    {
                        long expected = (o * length + (rows[i] + length) % length) * inner + k;
                        Assert.Equal((expected, expected), (selected[at], gathered[at]));
                    }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Fact]
    public void The_lowest_integer_is_no_index_and_no_label()
    {
        var x = Tensor.Ones(3, 2);
        Assert.Throws<IndexOutOfRangeException>(() => x.IndexSelect(0, Tensor.From(0, long.MinValue)));
        Assert.Throws<ArgumentException>(() => DeepNet.Nn.Loss.CrossEntropy(x, Tensor.From(0, 1, long.MinValue)));
    }

    [Fact]
    public void Sums_are_the_same_to_the_last_bit_for_any_number_of_threads()
    {
        int threads = CpuDevice.Threads;
        try
        {
            float[][] Sums()
            {
                var rows = Sample.Values(5000, 33).To(DType.Float32);
                var index = Draw([5000], 50).ToTensor(DType.Int64);
                var scattered = Tensor.Zeros(50, 33).ScatterAdd(0, index.Unsqueeze(1).Expand(5000, 33), rows);
                return [Tensor.Zeros(50, 33).IndexAdd(0, index, rows).ToArray(), scattered.ToArray(),
                    Tensor.Zeros(50).IndexAdd(0, index, rows[.., 0]).ToArray()];
            }
            CpuDevice.Threads = 1;
            var one = Sums();
            Assert.Equal(one[0], one[1]);
            foreach (int n in (int[])[2, 3, 7])
            {
                CpuDevice.Threads = n;
                Assert.Equal(one, Sums());
            }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Fact]
    public void Sums_of_every_type()
    {
        foreach (var type in Enum.GetValues<DType>())
        {
            var x = Tensor.From(1, 0, 0).To(type).IndexAdd(0, Tensor.From(1, 1, 0), Tensor.Ones(new Shape(3), type));
            Assert.Equal(type, x.DType);
            Assert.Equal(type == DType.Bool ? [1, 1, 0] : [2, 2, 0], x.ToArray());
            Assert.Equal(
                x.ToArray(), Tensor.From(1, 0, 0).To(type).ScatterAdd(0, Tensor.From(1, 1, 0), Tensor.Ones(new Shape(3), type)).ToArray());
        }
    }

    [Fact]
    public void Embedding_adds_up_gradients_and_leaves_out_padding()
    {
        var weight = Nested.Counting(4, 2).ToTensor(DType.Float32).WithGrad();
        var indices = Tensor.From<int>([3, 1, 1, 0], new Shape(2, 2));
        for (int pass = 0; pass < 2; pass++)
        {
            var y = Tensor.Embedding(weight, indices, paddingIndex: 0);
            Assert.Equal([2, 2, 2], y.Shape);
            Assert.Equal([6, 7, 2, 3, 2, 3, 0, 1], y.ToArray());
            (y * Tensor.From(1f, 10)).SumTo(Shape.Scalar).Backward();
            Assert.Equal([0, 0, 2, 20, 0, 0, 1, 10], weight.Grad!.ToArray());
            weight.ZeroGrad();      // the second pass writes into the first one's buffer
        }
        Assert.StartsWith(
            "[embedding] index -1 at position (0, 1) of the index is out of range: the table of shape (4, 2) has length 4, so "
                + "indices go from 0 to 3",
            Error(() => Tensor.Embedding(weight, Tensor.From<int>([0, -1], new Shape(1, 2)))));
    }

    [Fact]
    public void Masks_select_fill_and_tell_where()
    {
        var x = Tensor.From<float>([0, float.NaN, -0f, 2, 0, -1], new Shape(2, 3));
        Assert.Equal([0, 1, 1, 0, 1, 2], x.NonZero().ToArray<int>());
        Assert.Equal([3, 2], x.NonZero().Shape);
        Assert.Equal([1, 0], Tensor.Ones().NonZero().Shape);
        Assert.Equal([0, 2], Tensor.Zeros(0, 5).NonZero().Shape);
        Assert.Equal([0, 9, -0f, 2, 9, -1], x.MaskedFill(Tensor.From(false, true, false), 9).ToArray());
        Assert.Equal([0, 2], x.MaskedSelect(Tensor.From(true, false, false)).ToArray());
        Assert.Equal([1, 1, 2, 2], Tensor.From(1, 2).Unsqueeze(1).MaskedSelect(Tensor.From(true, true)).ToArray());
        Assert.Equal([2, 0], x.Take(Tensor.From(3, 0)).ToArray());
        var long1 = new bool[100_000];
        for (int i = 0; i < long1.Length; i += 997) long1[i] = true;
        Assert.Equal(Enumerable.Range(0, 101).Select(i => i * 997), Tensor.From<bool>(long1).NonZero().ToArray<int>());
    }

    [Fact]
    public void OneHot_marks_the_class()
    {
        Assert.Equal([0, 0, 1, 1, 0, 0], Tensor.From(2, 0).OneHot(3).ToArray());
        Assert.Equal([0, 3], Tensor.From<int>().OneHot(3).Shape);
        Assert.StartsWith(
            "[one_hot] index 3 at position 1 of the index is out of range: the axis of 3 classes has length 3",
            Error(() => Tensor.From(0, 3).OneHot(3)));
    }

    [Fact]
    public void Errors_name_shapes_and_positions()
    {
        var x = Tensor.Zeros(2, 3);
        Assert.StartsWith(
            "[gather] an index of shape (3, 1) for axis 1 of shape (2, 3)",
            Error(() => x.Gather(1, Tensor.Zeros(new Shape(3, 1), DType.Int64))));
        Assert.StartsWith(
            "[gather] index -4 at position (0, 1) of the index is out of range: axis 1",
            Error(() => x.Gather(1, Tensor.From<int>([0, -4], new Shape(1, 2)))));
        Assert.StartsWith(
            "[gather] the index of shape (2, 3) is bool; indices are int64 or int32. A bool tensor is a mask",
            Error(() => x.Gather(1, x > 0)));
        Assert.StartsWith(
            "[scatter] a source of shape (1, 1) for an index of shape (2, 1)",
            Error(() => x.Scatter(1, Tensor.Zeros(new Shape(2, 1), DType.Int64), Tensor.Zeros(1, 1))));
        Assert.StartsWith(
            "[index_select] an index of shape (1, 1)", Error(() => x.IndexSelect(0, Tensor.Zeros(new Shape(1, 1), DType.Int64))));
        Assert.StartsWith(
            "[index_add] rows of shape (1, 2) for 1 indices into axis 0 of shape (2, 3): the shape must be (1, 3).",
            Error(() => x.IndexAdd(0, Tensor.From(0), Tensor.Zeros(1, 2))));
        Assert.StartsWith("[masked_fill] the mask of shape (2, 3) is float32", Error(() => x.MaskedFill(x, 0)));
        Assert.StartsWith(
            "[take] index 6 at position 0 of the index is out of range: axis 0 of shape (6,)", Error(() => x.Take(Tensor.From(6))));
    }
}
