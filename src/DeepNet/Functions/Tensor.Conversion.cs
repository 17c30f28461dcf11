namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>The tensor in another element type; itself if it has it already. Differentiable between floating types.</summary>
    public Tensor To(DType dtype)
    {
        if (dtype == DType) return this;
        var result = Allocate(Shape, dtype, Device);
        Kernels.Copy(this, result);
        return Cast.Record(this, result);
    }

    /// <summary>The tensor on another device; itself if it is there already. Differentiable.</summary>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return ReferenceEquals(device, Device) ? this : Transfer.Of(this, device);
    }

    /// <summary>The tensor with its elements dense in row-major order; itself if they are.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Clone();

    /// <summary>A dense copy with memory of its own. Differentiable.</summary>
    public Tensor Clone() => Cast.Record(this, CopyDense());

    /// <summary>A dense copy without history.</summary>
    internal Tensor CopyDense()
    {
        var copy = Allocate(Shape, DType, Device);
        Kernels.Copy(this, copy);
        return copy;
    }

    /// <summary>The only element, converted.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one.</exception>
    public unsafe T Item<T>() where T : unmanaged
    {
        if (Count != 1) throw new InvalidOperationException(
            $"[item] a tensor of shape {Shape} is not a single number. Reduce it, index it, or use ToArray.");
        var dense = Detach().To(DTypes.Of<T>());
        Unsafe.SkipInit(out T value);
        dense.Download(&value);
        return value;
    }

    /// <summary>The only element of a float32 tensor, or of one that converts to it.</summary>
    public float Item() => Item<float>();

    /// <summary>The only element, converted to float.</summary>
    public static explicit operator float(Tensor tensor) => tensor.Item<float>();
    /// <summary>The only element, converted to double.</summary>
    public static explicit operator double(Tensor tensor) => tensor.Item<double>();
    /// <summary>The only element, converted to int.</summary>
    public static explicit operator int(Tensor tensor) => tensor.Item<int>();
    /// <summary>The only element, converted to long.</summary>
    public static explicit operator long(Tensor tensor) => tensor.Item<long>();
    /// <summary>The only element, converted to bool.</summary>
    public static explicit operator bool(Tensor tensor) => tensor.Item<bool>();

    /// <summary>All elements in row-major order, converted.</summary>
    public unsafe T[] ToArray<T>() where T : unmanaged
    {
        var result = new T[Count];
        CopyTo<T>(result);
        return result;
    }

    /// <summary>All elements in row-major order, converted to float.</summary>
    public float[] ToArray() => ToArray<float>();

    /// <summary>Copies all elements in row-major order, converted.</summary>
    public unsafe void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        if (destination.Length < Count)
            throw new ArgumentException(
                $"[copy] {Count} elements of a tensor of shape {Shape} do not fit into a span of {destination.Length}.");
        var wanted = DTypes.Of<T>();
        var dense = (Device.Supports(wanted) ? Detach() : Detach().To(Device.Cpu)).To(wanted).Contiguous();
        fixed (T* p = destination) if (Count > 0) dense.Download(p);
    }
}
