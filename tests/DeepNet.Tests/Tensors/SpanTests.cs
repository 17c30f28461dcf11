using System.Numerics.Tensors;
using Tensor = DeepNet.Tensor; // not the class of that name in System.Numerics.Tensors

namespace DeepNet.Tests;

public sealed class SpanTests
{
    [Fact]
    public void A_lease_is_the_memory_itself()
    {
        var x = Tensor.Arange(4f);
        using (var lease = x.Lease<float>()) lease.Span[2] = 9;
        Assert.Equal([0f, 1, 9, 3], x.ToArray());
        using (var lease = x.LeaseReadOnly<float>()) Assert.Equal(9f, lease.Span[2]);
        using (var lease = Tensor.Zeros(0).Lease<float>()) Assert.Equal(0, lease.Span.Length);
        using (var lease = Tensor.FromScalar(2.0).Lease<float>()) Assert.Equal(1, lease.Span.Length);
        using (var lease = x[1..3].Lease<float>()) lease.Span.Fill(7);
        Assert.Equal([0f, 7, 7, 3], x.ToArray());
    }

    [Fact]
    public void Leases_refuse_what_they_cannot_show()
    {
        var x = Tensor.Arange(6f).Reshape(2, 3);
        Assert.StartsWith(
            "[lease] the elements are float32, not float64",
            Assert.Throws<InvalidOperationException>(() => { using var lease = x.Lease<double>(); }).Message);
        Assert.Contains(
            "strides 1, 3",
            Assert.Throws<InvalidOperationException>(() => { using var lease = x.T.Lease<float>(); lease.Span.Clear(); }).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[lease] axis 0 of shape (4, 6) is expanded",
            Assert.Throws<InvalidOperationException>(() => { using var lease = Tensor.Arange(6f).Expand(4, 6).Lease<float>(); }).Message);
        var flipped = x.View(x.Shape, [3, -1], 2);
        Assert.StartsWith("[lease] axis 1 of shape (2, 3) runs backwards",
            Assert.Throws<InvalidOperationException>(() =>
            {
                using var lease = flipped.LeaseReadOnly<float>();
                _ = lease.TensorSpan;
            }).Message);
        var gone = Tensor.Ones(2);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { using var lease = gone.Lease<float>(); });
        Assert.Throws<InvalidOperationException>(() => { using var lease = x.WithGrad().Lease<float>(); });
        Assert.Throws<InvalidOperationException>(() => { default(TensorLease<float>).Span.Clear(); });
    }

    [Fact]
    public void A_tensor_span_shows_any_strides()
    {
        var x = Tensor.Arange(6f).Reshape(2, 3);
        using (var lease = x.T.Lease<float>())
        {
            var transposed = lease.TensorSpan;
            Assert.Equal([3, 2], transposed.Lengths.ToArray());
            Assert.Equal([1, 3], transposed.Strides.ToArray());
            Assert.Equal(5f, transposed[2, 1]);
            transposed[2, 0] = 20;
        }
        Assert.Equal([0f, 1, 20, 3, 4, 5], x.ToArray());
        using (var lease = x.View(new Shape(2), [3], 1).Lease<float>()) Assert.Equal((1f, 4f), (lease.TensorSpan[0], lease.TensorSpan[1]));
        using var rows = Tensor.Arange(3f).Expand(2, 3).LeaseReadOnly<float>();
        Assert.Equal(2f, rows.TensorSpan[1, 2]);
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
        using var lease = x.Lease<long>();
        var back = Tensor.From<long>(lease.TensorSpan);
        Assert.Equal(shape, back.Shape);
        Assert.Equal(x.ToArray<long>(), back.ToArray<long>());
        if (shape.Rank < 2) return;
        var turned = x.Transpose(0, 1);
        using var turnedLease = turned.LeaseReadOnly<long>();
        Assert.Equal(turned.ToArray<long>(), Tensor.From<long>(turnedLease.TensorSpan).ToArray<long>());
    }

    [Fact]
    public void A_number_shows_as_one_element()
    {
        using var lease = Tensor.FromScalar(2.5).LeaseReadOnly<float>();
        var span = lease.TensorSpan;
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
        Assert.StartsWith(
            "[to_matrix] a tensor of shape (6,) has 1 axes",
            Assert.Throws<InvalidOperationException>(() => Tensor.Arange(6).ToMatrix()).Message);
    }
}
