using static DeepNet.Tests.Operators.QuantileTests;

namespace DeepNet.Tests.Operators;

public class SearchTests
{
    [Fact]
    public void Unique_keeps_every_NaN_and_sorts_what_is_not_a_vector()
    {
        var x = Tensor.From<double>([2, double.NaN, -0.0, 0, double.NaN, 2], new Shape(2, 3));
        var (values, inverse, counts) = x.UniqueWithCounts();
        Assert.True(values.ArrayEqual(Tensor.From<double>([0, 2, double.NaN, double.NaN]), equalNan: true));
        Assert.Equal([1, 2, 0, 0, 3, 1], inverse.ToArray<long>());
        Assert.Equal(x.Shape, inverse.Shape);
        Assert.Equal([2, 2, 1, 1], counts.ToArray<long>());
        Assert.True(x.Unique().ArrayEqual(values, equalNan: true));
        Assert.Equal(DType.Float16, Tensor.From((Half)2, (Half)1, (Half)2).Unique().DType);
    }

    [Fact]
    public void Unique_of_nothing_is_nothing()
    {
        foreach (var x in new[] { Tensor.Zeros(0), Tensor.Zeros(0, 3) })
        {
            var (values, inverse, counts) = x.UniqueWithCounts();
            Assert.Equal((0, 0), ((int)values.Count, (int)counts.Count));
            Assert.Equal(x.Shape, inverse.Shape);
        }
        Assert.Equal(new Shape(0, 3), Tensor.Zeros(0, 3).Unique(0).Shape);
        Assert.Equal(new Shape(1, 0), Tensor.Zeros(4, 0).Unique(0).Shape);
    }

    [Fact]
    public void Unique_rows_put_together_again_are_the_rows()
    {
        var rows = Tensor.RandInt(0, 3, new Shape(500, 3), generator: new(3));
        var (values, inverse, counts) = rows.UniqueWithCounts(0);
        Assert.Equal(27, values.Shape[0]);
        Assert.True(values.IndexSelect(0, inverse).ArrayEqual(rows));
        Assert.True(rows.Unique(0).ArrayEqual(values));
        Assert.Equal(500, counts.Sum().Item<long>());
        var code = values.Select(1, 0) * 9 + values.Select(1, 1) * 3 + values.Select(1, 2);
        Assert.Equal(Enumerable.Range(0, 27).Select(i => (long)i), code.ToArray<long>());
    }

    [Fact]
    public void Searching_many_values_is_counting_what_comes_before()
    {
        var sorted = Tensor.RandInt(0, 50, new Shape(301), generator: new(4)).Sort().Values;
        var values = Tensor.RandInt(-2, 53, new Shape(20_000), generator: new(5));
        long[] edges = sorted.ToArray<long>(), wanted = values.ToArray<long>();
        Assert.Equal(wanted.Select(v => (long)edges.Count(e => e < v)), sorted.SearchSorted(values).ToArray<long>());
        Assert.Equal(wanted.Select(v => (long)edges.Count(e => e <= v)), values.Bucketize(sorted, right: true).ToArray<long>());
        Assert.Equal([0, 0], Tensor.Zeros(0).SearchSorted(Tensor.Ones(2)).ToArray<long>());
    }

    [Fact]
    public void Histograms_count_the_right_edge_of_the_last_bin_and_nothing_outside()
    {
        var x = Tensor.From(0f, 1f, 1f, 2f, -1f, 3f, float.NaN);
        var (counts, edges) = x.Histogram(Tensor.From(0f, 1f, 2f));
        Assert.Equal([1f, 3f], counts.ToArray());
        Assert.Equal(3, edges.Count);
        Assert.Equal([0.25f, 0.75f], x.Histogram(2, (0, 2), density: true).Counts.ToArray());
        Assert.Equal([0f, 0f], Tensor.Zeros(0).Histogram(2).Counts.ToArray());
        var weights = Tensor.From(1f, 2f, 4f, 8f, 16f, 32f, 64f).WithGrad();
        x.Histogram(Tensor.From(0f, 1f, 2f), weights).Counts.Backward(Tensor.From(1f, 10f));
        Assert.Equal([1f, 10f, 10f, 10f, 0f, 0f, 0f], weights.Grad!.ToArray());
    }

    [Fact]
    public void Tensors_are_close_or_equal_as_their_shapes_and_NaN_allow()
    {
        Tensor a = Tensor.From(1f, float.PositiveInfinity, float.NaN), b = Tensor.From(1.000001f, float.PositiveInfinity, float.NaN);
        Assert.Equal([true, true, false], a.IsClose(b).ToArray<bool>());
        Assert.False(a.AllClose(b));
        Assert.True(a.AllClose(b, equalNan: true));
        Assert.False(a.AllClose(b, relative: 1e-8, absolute: 0, equalNan: true));
        Assert.False(Tensor.From(1f).AllClose(Tensor.From(float.PositiveInfinity)));
        Assert.True(Tensor.From(1, 2).AllClose(Tensor.From(1.0, 2.0)));
        Assert.False(Tensor.From(true).AllClose(Tensor.From(false)));
        Assert.False(a.ArrayEqual(a));
        Assert.True(a.ArrayEqual(a, equalNan: true));
        Assert.False(Tensor.From(1, 1).ArrayEqual(Tensor.From(1)));
        Assert.True(Tensor.From(1, 2).ArrayEqual(Tensor.From(1f, 2f)));
    }

    [Fact]
    public void Errors_say_what_would_be_right()
    {
        Assert.Contains("must have one axis, or the same axes", Message(() => Tensor.Zeros(2, 3).SearchSorted(Tensor.Zeros(3, 3))),
            StringComparison.Ordinal);
        Assert.Contains("use SearchSorted", Message(() => Tensor.Zeros(3).Bucketize(Tensor.Zeros(2, 2))), StringComparison.Ordinal);
        Assert.Contains("the element -1 cannot be counted", Message(() => Tensor.From(1, -1).BinCount()), StringComparison.Ordinal);
        Assert.Contains("indices are int64 or int32", Message(() => Tensor.From(1f).BinCount()), StringComparison.Ordinal);
        Assert.Contains("the shapes must be equal", Message(() => Tensor.From(1, 2).BinCount(Tensor.Ones(3))), StringComparison.Ordinal);
        Assert.Contains("must not fall", Message(() => Tensor.Ones(2).Histogram(Tensor.From(1f, 0f))), StringComparison.Ordinal);
        Assert.Contains("at least 2 edges", Message(() => Tensor.Ones(2).Histogram(Tensor.From(1f))), StringComparison.Ordinal);
        Assert.Contains("range from 2 to 1", Message(() => Tensor.Ones(2).Histogram(3, (2, 1))), StringComparison.Ordinal);
        Assert.Contains("cannot be divided into bins", Message(() => Tensor.From(1f, float.NaN).Histogram(3)), StringComparison.Ordinal);
        Assert.Contains("must not be negative", Message(() => Tensor.Ones(2).AllClose(Tensor.Ones(2), relative: -1)),
            StringComparison.Ordinal);
    }
}
