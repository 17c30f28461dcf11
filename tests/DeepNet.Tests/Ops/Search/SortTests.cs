using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

public sealed class SortTests
{
    private static int[] Order(double[] row, bool descending)
    {
        int Compare(double a, double b) => double.IsNaN(a) ? double.IsNaN(b) ? 0 : 1 : double.IsNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0;
        var places = Enumerable.Range(0, row.Length);
        var comparer = Comparer<double>.Create(Compare);
        return [.. descending ? places.OrderByDescending(i => row[i], comparer) : places.OrderBy(i => row[i], comparer)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(257)]
    [InlineData(1000)]
    [InlineData(3, 17)]
    [InlineData(300, 5)]
    [InlineData(2, 3, 4)]
    public void Order_is_stable_with_many_equal_ones(params int[] shape)
    {
        var x = (Sample.Values(shape) * 3).Round();
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32, DType.Int32, DType.Int64, DType.Bool])
            for (int axis = 0; axis < x.Rank; axis++)
                foreach (bool descending in (bool[])[false, true])
                {
                    var typed = x.To(dtype);
                    double[] expected = Naive.Along(typed, axis, row => [.. Order(row, descending).Select(i => (double)i)]);
                    Naive.AssertClose(expected, typed.ArgSort(axis, descending), 0);
                    var (values, indices) = typed.Sort(axis, descending);
                    Assert.Equal(dtype, values.DType);
                    Naive.AssertClose(expected, indices, 0);
                    Naive.AssertClose(Naive.Along(typed, axis, row => [.. Order(row, descending).Select(i => row[i])]), values, 0);
                }
    }

    [Fact]
    public void NaN_is_the_largest_and_zeros_are_equal()
    {
        var x = Tensor.From(2f, float.NaN, -0f, float.NegativeInfinity, 0f, float.PositiveInfinity, -1f);
        Assert.Equal([3, 6, 2, 4, 0, 5, 1], x.ArgSort().ToArray<int>());
        Assert.Equal([1, 5, 0, 2, 4, 6, 3], x.ArgSort(descending: true).ToArray<int>());
        Assert.Equal([1, 5, 0, 2, 4, 6, 3], x.To(DType.Float64).ArgSort(descending: true).ToArray<int>());
    }

    [Fact]
    public void TopK_takes_the_first_of_the_order()
    {
        var x = Tensor.From<float>([1, 5, 3, 5, 2, 0, -1, 4], new Shape(2, 4));
        var (values, indices) = x.TopK(2);
        Assert.Equal([5, 5, 4, 2], values.ToArray());
        Assert.Equal([1, 3, 3, 0], indices.ToArray<int>());
        (values, indices) = x.TopK(1, axis: 0, largest: false);
        Assert.Equal([1, 0, -1, 4], values.ToArray());
        Assert.Equal([0, 1, 1, 1], indices.ToArray<int>());
        Assert.Equal(new Shape(2, 0), x.TopK(0).Values.Shape);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => x.TopK(5));
        Assert.Contains("[top_k] k = 5 along axis 1 of shape (2, 4): k goes from 0 to the axis' length, 4.", e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(513)]
    [InlineData(2000)]
    [InlineData(3, 7)]
    [InlineData(40, 3, 5)]
    public void Places_of_extremes_are_the_first(params int[] shape)
    {
        var x = (Sample.Values(shape) * 2).Round();
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32, DType.Int32, DType.Int64, DType.Bool])
        {
            var typed = x.To(dtype);
            for (int axis = 0; axis < x.Rank; axis++)
            {
                uint mask = 1u << axis;
                Naive.AssertClose(Naive.Reduce(typed, mask, v => Array.IndexOf(v, v.Max())), typed.ArgMax(axis), 0);
                Naive.AssertClose(Naive.Reduce(typed, mask, v => Array.IndexOf(v, v.Min())), typed.ArgMin(axis, keepDim: true), 0);
                var (values, places) = typed.MaxWithIndices(axis);
                Assert.Equal(Axis.Reduced(x.Shape, mask, false), values.Shape);
                Assert.Equal(typed.Max(axis).ToArray(), values.ToArray());
                Assert.Equal(typed.ArgMax(axis).ToArray(), places.ToArray());
                Assert.Equal(Axis.Reduced(x.Shape, mask, true), typed.MinWithIndices(axis, keepDim: true).Indices.Shape);
            }
            Assert.Equal(Array.IndexOf(typed.ToArray<double>(), typed.ToArray<double>().Max()), (int)typed.ArgMax());
        }
    }

    [Fact]
    public void Gradients_go_to_where_elements_came_from()
    {
        var x = Tensor.From(3f, 1f, 3f).WithGrad();
        x.Max().Backward();
        Assert.Equal([0.5f, 0, 0.5f], x.Grad!.ToArray());
        x.ZeroGrad();
        x.MaxWithIndices(0).Values.Backward();
        Assert.Equal([1f, 0, 0], x.Grad!.ToArray());
        x.ZeroGrad();
        x.Sort().Values.Backward(Tensor.From(10f, 20f, 30f));
        Assert.Equal([20f, 10f, 30f], x.Grad!.ToArray());
    }
}
