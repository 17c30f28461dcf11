namespace DeepNet.Tests;

public sealed class ArrayTests
{
    [Fact]
    public void A_zero_below_zero_is_filled_in_as_such()
    {
        Assert.All(Tensor.Full(new Shape(5), -0.0).ToArray(), v => Assert.True(float.IsNegative(v)));
        Assert.All(Tensor.Full(new Shape(5), 0).ToArray(), v => Assert.False(float.IsNegative(v)));
        Assert.Equal([2f, 2, 2], Tensor.Full(new Shape(3), 2).ToArray());
    }

    [Fact]
    public void Arrays_of_each_rank_keep_shape_type_and_order()
    {
        var matrix = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(new Shape(2, 3), matrix.Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], matrix.ToArray());
        var cube = Tensor.From(new int[,,] { { { 1, 2 } }, { { 3, 4 } } });
        Assert.Equal(new Shape(2, 1, 2), cube.Shape);
        Assert.Equal(DType.Int32, cube.DType);
        Assert.Equal([1, 2, 3, 4], cube.ToArray<int>());
        Assert.Equal(new Shape(1, 2, 0, 3), Tensor.From(new double[1, 2, 0, 3]).Shape);
    }

    [Fact]
    public void Any_array_is_taken_at_run_time()
    {
        Array five = new long[1, 2, 1, 2, 1];
        five.SetValue(7L, 0, 1, 0, 1, 0);
        var tensor = Tensor.FromArray(five);
        Assert.Equal(new Shape(1, 2, 1, 2, 1), tensor.Shape);
        Assert.Equal([0L, 0, 0, 7], tensor.ToArray<long>());
        Assert.Equal(DType.Bool, Tensor.FromArray(new[] { true, false }).DType);
        Assert.Equal(DType.Float16, Tensor.FromArray(new Half[3, 3]).DType);
        Assert.Equal(DType.BFloat16, Tensor.FromArray(new BFloat16[3]).DType);
        Assert.Equal(DType.Float64, Tensor.FromArray(new double[3]).DType);
    }

    [Fact]
    public void Jagged_and_foreign_arrays_are_refused_with_a_hint()
    {
        Assert.Contains(
            "float[,]", Assert.Throws<ArgumentException>(() => Tensor.FromArray(new float[][] { [1], [2, 3] })).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[from] a tensor cannot hold System.String",
            Assert.Throws<NotSupportedException>(() => Tensor.FromArray(new[] { "a" })).Message);
        Assert.StartsWith(
            "[from] an array of 17 axes",
            Assert.Throws<ArgumentException>(() => Tensor.FromArray(Array.CreateInstance(typeof(float), new int[17]))).Message);
    }

    [Fact]
    public void A_number_becomes_a_tensor_without_axes()
    {
        Assert.Equal((Shape.Scalar, DType.Float32, 2.5f), Describe(Tensor.FromScalar(2.5)));
        Assert.Equal((Shape.Scalar, DType.Int64, 3f), Describe(Tensor.FromScalar(3)));
        Assert.Equal((Shape.Scalar, DType.Bool, 1f), Describe(Tensor.FromScalar(true)));
        Assert.Equal((Shape.Scalar, DType.Float64, 3f), Describe(Tensor.FromScalar(3, DType.Float64)));
        Assert.Equal(long.MaxValue, Tensor.FromScalar(long.MaxValue).Item<long>());
    }

    private static (Shape, DType, float) Describe(Tensor x) => (x.Shape, x.DType, x.Item());

    [Fact]
    public void Like_forms_take_shape_and_type_of_their_model()
    {
        var model = Tensor.Arange(6).Reshape(2, 3).T;
        foreach (var like in new[] { Tensor.EmptyLike(model), Tensor.ZerosLike(model), Tensor.OnesLike(model), Tensor.FullLike(model, 7),
            Tensor.RandIntLike(model, 0, 5) })
            Assert.Equal((new Shape(3, 2), DType.Int64, true), (like.Shape, like.DType, like.IsContiguous));
        Assert.Equal(Enumerable.Repeat(7L, 6), Tensor.FullLike(model, 7).ToArray<long>());
        Assert.Equal(Enumerable.Repeat(1f, 6), Tensor.OnesLike(model, DType.Float32).ToArray());
        Assert.Equal(DType.Float64, Tensor.RandLike(model, DType.Float64).DType);
        Assert.Equal(DType.Float32, Tensor.RandnLike(Tensor.Zeros(4)).DType);
    }
}
