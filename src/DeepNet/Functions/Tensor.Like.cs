namespace DeepNet;

// New tensors in the shape of another, on its device and of its element type unless another type is asked for.
public sealed partial class Tensor
{
    /// <summary>A tensor in the shape of another whose elements are not set.</summary>
    public static Tensor EmptyLike(Tensor like, DType? dtype = null) => Empty(ShapeOf(like), dtype ?? like.DType, like.Device);

    /// <summary>Zeros in the shape of another tensor.</summary>
    public static Tensor ZerosLike(Tensor like, DType? dtype = null) => FullLike(like, 0, dtype);

    /// <summary>Ones in the shape of another tensor.</summary>
    public static Tensor OnesLike(Tensor like, DType? dtype = null) => FullLike(like, 1, dtype);

    /// <summary>One value in the shape of another tensor.</summary>
    public static Tensor FullLike(Tensor like, Scalar value, DType? dtype = null)
        => Full(ShapeOf(like), value, dtype ?? like.DType, like.Device);

    /// <summary>Numbers uniform in [0, 1) in the shape of another tensor.</summary>
    public static Tensor RandLike(Tensor like, DType? dtype = null, Generator? generator = null)
        => Rand(ShapeOf(like), dtype ?? like.DType, like.Device, generator);

    /// <summary>Numbers of the standard normal distribution in the shape of another tensor.</summary>
    public static Tensor RandnLike(Tensor like, DType? dtype = null, Generator? generator = null)
        => Randn(ShapeOf(like), dtype ?? like.DType, like.Device, generator);

    /// <summary>Integers from low to high − 1 in the shape of another tensor.</summary>
    public static Tensor RandIntLike(Tensor like, long low, long high, DType? dtype = null, Generator? generator = null)
        => RandInt(low, high, ShapeOf(like), dtype ?? like.DType, like.Device, generator);

    private static Shape ShapeOf(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        return like.Shape;
    }
}
