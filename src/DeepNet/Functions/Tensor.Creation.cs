namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>A tensor whose elements are not set: whatever was in memory.</summary>
    public static Tensor Empty(Shape shape, DType dtype = DType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Allocate(shape, dtype, device ?? Device.Cpu);
    }

    /// <summary>A tensor of one value.</summary>
    /// <exception cref="ArgumentException">It is an integer that the element type does not hold.</exception>
    public static Tensor Full(Shape shape, Scalar value, DType dtype = DType.Float32, Device? device = null)
    {
        DTypes.CheckHolds("full", dtype, value);
        var tensor = Empty(shape, dtype, device);
        tensor.Kernels.Fill(tensor, value);
        return tensor;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32, Device? device = null) => Full(shape, 0, dtype, device);

    /// <summary>A float32 tensor of zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => Full(new Shape(shape), 0);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float32, Device? device = null) => Full(shape, 1, dtype, device);

    /// <summary>A float32 tensor of ones.</summary>
    public static Tensor Ones(params ReadOnlySpan<int> shape) => Full(new Shape(shape), 1);

    /// <summary>A tensor with a copy of the given elements, of the type that holds them.</summary>
    public static unsafe Tensor From<T>(ReadOnlySpan<T> elements, Shape shape, Device? device = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (elements.Length != shape.Count)
            throw new ArgumentException(
                $"[from] {elements.Length} elements do not make a tensor of shape {shape}, which has {shape.Count}.");
        var tensor = Empty(shape, DTypes.Of<T>(), device);
        fixed (T* p = elements) if (elements.Length > 0) tensor.Upload(p);
        return tensor;
    }

    /// <summary>A one-dimensional tensor with a copy of the given elements.</summary>
    public static Tensor From<T>(params ReadOnlySpan<T> elements) where T : unmanaged => From(elements, new Shape(elements.Length));
}
