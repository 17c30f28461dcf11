namespace DeepNet;

// Numbers where a tensor is asked for: t[mask] = 0, Tensor.Where(x > 0, x, 0.5).
public sealed partial class Tensor
{
    /// <summary>A bool.</summary>
    public static implicit operator Tensor(bool value) => Full(Shape.Scalar, value, DType.Bool);
    /// <summary>An int64 without axes.</summary>
    public static implicit operator Tensor(int value) => Full(Shape.Scalar, value, DType.Int64);
    /// <summary>An int64 without axes.</summary>
    public static implicit operator Tensor(long value) => Full(Shape.Scalar, value, DType.Int64);
    /// <summary>A number without axes that takes on the element type of what it meets.</summary>
    public static implicit operator Tensor(float value) => Constant.Of(value);
    /// <summary>A number without axes that takes on the element type of what it meets.</summary>
    public static implicit operator Tensor(double value) => Constant.Of(value);
    /// <summary>A number of any of these kinds.</summary>
    public static implicit operator Tensor(Scalar value) => value.Kind switch
    {
        ScalarKind.Bool => value.ToInt64() != 0,
        ScalarKind.Integer => value.ToInt64(),
        _ => Constant.Of(value.ToDouble()),
    };
}
