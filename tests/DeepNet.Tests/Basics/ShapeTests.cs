namespace DeepNet.Tests;

/// <summary>Shapes at the limits of what can be counted.</summary>
public class ShapeTests
{
    private const int Huge = int.MaxValue;

    [Fact]
    public void A_shape_of_too_many_elements_says_so()
    {
        const string text = "[shape] (2147483647, 2147483647, 3) has more than 2^63 - 1 elements";
        Assert.StartsWith(text, Assert.Throws<ArgumentException>(() => new Shape(Huge, Huge, 3)).Message);
        Assert.StartsWith(text, Assert.Throws<ArgumentException>(() => Tensor.Zeros(Huge, Huge, 3)).Message);
        Assert.StartsWith(text, Assert.Throws<ArgumentException>(() => Tensor.Ones(1, 1, 3).Expand(Huge, Huge, 3)).Message);
        Assert.Equal((long)Huge * Huge, (long)new Shape(Huge, Huge).Count);
        Assert.Contains(
            "a float32 tensor of shape (2147483647, 2147483647) has 4611686014132420609 elements",
            Assert.Throws<OutOfMemoryException>(() => Tensor.Zeros(Huge, Huge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_expression_is_a_shape()
    {
        Shape shape = [2, 3];
        Shape scalar = [];
        Assert.Equal(new Shape(2, 3), shape);
        Assert.Equal(0, scalar.Rank);
        Assert.Equal(new Shape(2, 3), Tensor.Zeros([2, 3]).Shape);
        Assert.Equal(new Shape(2, 3), Tensor.Ones([2, 3], DType.Float64).Shape);
        Assert.Equal(new Shape(4, 2, 3), Tensor.From<float>(new float[24], [4, .. shape]).Shape);
        Assert.Equal(new Shape(2, 3), Tensor.Randn([2, 3], generator: new(1)).Expand([2, 3]).Reshape([2, 3]).Shape);
    }

    [Fact]
    public void A_shape_is_deconstructed_into_its_lengths()
    {
        var (rows, columns) = new Shape(2, 3);
        var (batch, steps, features) = new Shape(2, 3, 4);
        var (n, c, h, w) = new Shape(2, 3, 4, 5);
        var (a, b, d, e, f) = new Shape(2, 3, 4, 5, 6);
        Assert.Equal(
            [2, 3, 2, 3, 4, 2, 3, 4, 5, 2, 3, 4, 5, 6], new[] { rows, columns, batch, steps, features, n, c, h, w, a, b, d, e, f });
        Assert.Equal("[shape] (2, 3) has 2 axes and cannot be deconstructed into 3 lengths.",
            Assert.Throws<InvalidOperationException>(() => { var (_, _, _) = new Shape(2, 3); }).Message);
    }

    [Theory]
    [InlineData(Huge, 0, 1, 2)]
    [InlineData(0, Huge, Huge, Huge)]
    [InlineData(Huge, Huge, Huge, 0)]
    public void An_empty_tensor_may_have_axes_of_any_length(params int[] lengths)
    {
        var x = Tensor.Zeros(lengths);
        Assert.Equal(0, x.Count);
        Assert.Equal($"[] shape {x.Shape}", x.ToString());
        Assert.NotNull(new DeepNet.Printing.TensorDebugView(x).Values);
        Assert.Empty(x.ToArray());
        Assert.Equal(0f, x.Sum().Item());
        Assert.Equal(0, x.Flatten().Count);
        Assert.Equal(0, (x + x * 2).Clone().To(DType.Float64).T.Contiguous().Count);
        Assert.Equal(0, x.Equal(x).To(DType.Int64).Count);
        Assert.Throws<ArgumentException>(() => x.Max());
        x.AddInPlace(1f).CopyFrom(x).FillUniform();
        using var lease = x.Lease<float>();
        Assert.Equal(0, lease.Span.Length);
    }

    [Fact]
    public void An_axis_of_a_result_that_would_be_too_long_is_reported()
    {
        var x = Tensor.Zeros(2, 3).Expand(1 << 16, 2, 3);
        Assert.Equal("[repeat] of shape (65536, 2, 3) makes an axis of 6442450941 elements, and an axis has at most 2147483647.",
            Assert.Throws<ArgumentException>(() => x.Repeat(1, 1, Huge)).Message);
        Assert.StartsWith(
            "[repeat_interleave] of shape (2, 3)",
            Assert.Throws<ArgumentException>(() => Tensor.Zeros(2, 3).RepeatInterleave(Huge, 1)).Message);
        Assert.StartsWith(
            "[flatten] of shape (65536, 65536)",
            Assert.Throws<ArgumentException>(() => Tensor.Zeros(1, 1).Expand(1 << 16, 1 << 16).Flatten()).Message);
        var wide = Tensor.Zeros(1).Expand(Huge);
        Assert.StartsWith("[cat] of shape (2147483647,)", Assert.Throws<ArgumentException>(() => Tensor.Cat([wide, wide])).Message);
    }
}
