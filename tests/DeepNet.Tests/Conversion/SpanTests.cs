using System.Numerics.Tensors;
using Tensor = DeepNet.Tensor; // not the class of that name in System.Numerics.Tensors

namespace DeepNet.Tests.Conversion;

public sealed class SpanTests
{
    [Fact]
    public void A_span_is_the_memory_itself()
    {
        var x = Tensor.Arange(4f);
        x.AsSpan<float>()[2] = 9;
        Assert.Equal([0f, 1, 9, 3], x.ToArray());
        Assert.Equal(9f, x.AsReadOnlySpan<float>()[2]);
        Assert.Equal(0, Tensor.Zeros(0).AsSpan<float>().Length);
        Assert.Equal(1, Tensor.FromScalar(2.0).AsSpan<float>().Length);
    }

    [Fact]
    public void A_writable_span_counts_as_a_change()
    {
        var x = Tensor.Ones(3).WithGrad();
        var kept = Tensor.Ones(3);
        var y = x * kept;
        kept.AsReadOnlySpan<float>();
        kept.AsReadOnlyTensorSpan<float>();
        y.Backward(Tensor.Ones(3), retainGraph: true);
        kept.AsSpan<float>();
        Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(3)));
        Assert.Throws<InvalidOperationException>(() => { x.AsSpan<float>(); });
    }

    [Fact]
    public void Spans_refuse_what_they_cannot_show()
    {
        var x = Tensor.Arange(6f).Reshape(2, 3);
        Assert.StartsWith("[as_span] the elements are float32, not float64", Assert.Throws<InvalidOperationException>(() => { x.AsSpan<double>(); }).Message);
        Assert.Contains("strides 1, 3", Assert.Throws<InvalidOperationException>(() => { x.T.AsSpan<float>(); }).Message, StringComparison.Ordinal);
        Assert.StartsWith("[as_tensor_span] axis 0 of shape (4, 6) is expanded", Assert.Throws<InvalidOperationException>(() => { Tensor.Arange(6f).Expand(4, 6).AsTensorSpan<float>(); }).Message);
        var flipped = x.View(x.Shape, [3, -1], 2);
        Assert.StartsWith("[as_tensor_span] axis 1 of shape (2, 3) runs backwards", Assert.Throws<InvalidOperationException>(() => { flipped.AsReadOnlyTensorSpan<float>(); }).Message);
        var gone = Tensor.Ones(2);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { gone.AsSpan<float>(); });
    }

    [Fact]
    public void A_tensor_span_shows_any_strides()
    {
        var x = Tensor.Arange(6f).Reshape(2, 3);
        var transposed = x.T.AsTensorSpan<float>();
        Assert.Equal([3, 2], transposed.Lengths.ToArray());
        Assert.Equal([1, 3], transposed.Strides.ToArray());
        Assert.Equal(5f, transposed[2, 1]);
        transposed[2, 0] = 20;
        Assert.Equal([0f, 1, 20, 3, 4, 5], x.ToArray());
        var column = x.View(new Shape(2), [3], 1).AsTensorSpan<float>();
        Assert.Equal((1f, 4f), (column[0], column[1]));
        var rows = Tensor.Arange(3f).Expand(2, 3).AsReadOnlyTensorSpan<float>();
        Assert.Equal(2f, rows[1, 2]);
        GC.KeepAlive(x);
    }

    [Theory]
    [InlineData(new int[] { 2, 3, 4 })]
    [InlineData(new int[] { 1, 3, 1 })]
    [InlineData(new int[] { 1 })]
    [InlineData(new int[] { 0, 3 })]
    [InlineData(new int[] { 3, 0 })]
    public void Tensor_spans_go_there_and_back(int[] lengths)
    {
        var shape = new Shape(lengths);
        var x = Tensor.Arange((int)shape.Count).Reshape(lengths);
        var back = Tensor.From<long>(x.AsTensorSpan<long>());
        Assert.Equal(shape, back.Shape);
        Assert.Equal(x.ToArray<long>(), back.ToArray<long>());
        if (shape.Rank < 2) return;
        var turned = x.Transpose(0, 1);
        Assert.Equal(turned.ToArray<long>(), Tensor.From<long>(turned.AsReadOnlyTensorSpan<long>()).ToArray<long>());
    }

    [Fact]
    public void A_number_shows_as_one_element()
    {
        var span = Tensor.FromScalar(2.5).AsTensorSpan<float>();
        Assert.Equal([1], span.Lengths.ToArray());
        Assert.Equal(2.5f, span[0]);
    }

    [Fact]
    public void A_strided_part_of_a_foreign_array_is_copied_densely()
    {
        float[] memory = [0, 1, 2, 3, 4, 5, 6, 7];
        var part = new ReadOnlyTensorSpan<float>(memory, [2, 2], [4, 1]);
        var x = Tensor.From<float>(part);
        Assert.Equal([0f, 1, 4, 5], x.ToArray());
        memory[0] = 99;
        Assert.Equal(0f, x.ToArray()[0]);
    }

    [Fact]
    public void A_matrix_becomes_a_rectangular_array()
    {
        var x = Tensor.Arange(6).Reshape(2, 3).T;
        Assert.Equal(new float[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, x.ToMatrix());
        Assert.Equal(new[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, x.ToMatrix<int>());
        Assert.Empty(Tensor.Zeros(0, 4).ToMatrix());
        Assert.StartsWith("[to_matrix] a tensor of shape (6,) has 1 axes", Assert.Throws<InvalidOperationException>(() => Tensor.Arange(6).ToMatrix()).Message);
    }
}
