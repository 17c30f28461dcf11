namespace DeepNet.Tests.Operators;

/// <summary>Matrices to factor, and how near what must hold of the factors comes to holding.</summary>
internal static class Batches
{
    private static readonly int[][] squares =
    [
        [0, 0], [1, 1], [2, 2], [3, 3], [16, 16], [31, 31], [33, 33], [64, 64], [97, 97], [150, 150], [0, 4, 4], [3, 0, 0], [5, 7, 7],
        [2, 3, 40, 40],
    ];

    private static readonly int[][] others =
        [[0, 3], [3, 0], [1, 5], [5, 1], [7, 3], [3, 7], [70, 33], [33, 70], [2, 130, 20], [2, 20, 130]];

    /// <summary>Shapes around the blocks of the algorithms, none at all, and batches.</summary>
    public static TheoryData<int[]> Shapes => [.. squares];

    /// <summary>The same and what is not square.</summary>
    public static TheoryData<int[]> Rectangles => [.. squares, .. others];

    public static Tensor Normal(DType dtype, params int[] shape) => Tensor.Randn(new Shape(shape), dtype, generator: new(7));

    public static Tensor Symmetric(DType dtype, params int[] shape)
    {
        var x = Normal(dtype, shape);
        return x + x.T;
    }

    public static Tensor Definite(DType dtype, params int[] shape)
    {
        var x = Normal(dtype, shape);
        return x.MatMul(x.T) + Tensor.Eye(shape[^1], dtype: dtype);
    }

    public static Tensor Identity(Tensor like, int n) => Tensor.Eye(n, dtype: like.DType).Expand([.. like.Shape.Axes[..^2], n, n]);

    /// <summary>Asserts that two tensors are equal up to so many roundings of the largest number in them.</summary>
    public static void Near(Tensor expected, Tensor actual, double roundings, string what = "")
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        if (expected.Count == 0) return;
        double largest = Math.Max(1, expected.Abs().Max().Item<double>()), off = (expected - actual).Abs().Max().Item<double>();
        double unit = expected.DType == DType.Float64 ? Math.ScaleB(1, -53) : Math.ScaleB(1, -24);
        Assert.True(off <= roundings * unit * largest, $"{what} is off by {off:G3}, {off / unit / largest:G3} roundings of {largest:G3}");
    }
}
