using System.Numerics.Tensors;

namespace DeepNet;

// The tensor's own memory, without copying, and the types of System.Numerics.Tensors.
public sealed partial class Tensor
{
    /// <summary>
    /// Lends the tensor's own memory for reading and writing, without a copy: that of a tensor in the CPU's memory, of just this element
    /// type.
    /// </summary>
    /// <remarks>
    /// The lease keeps the memory, not the tensor: where the tensor is disposed of or its <see cref="Memory.Scope"/> ends meanwhile,
    /// operators refuse the tensor from then on, and its memory is given back when the lease ends. The lease counts as an in-place change
    /// when it begins and when it ends, and until then the tensor cannot be kept for a backward pass: so autograd notices every write.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The element type is another, the memory is a GPU's, elements of the tensor share
    /// memory, or autograd forbids the change.</exception>
    public TensorLease<T> Lease<T>() where T : unmanaged
    {
        CheckMemory<T>();
        if (CheckInPlace("lease"))
            throw new InvalidOperationException(
                $"[lease] a tensor with history (from {Node!.Name}) cannot be leased for writing while recording: what is written would "
                + "not be recorded. Lease Detach().Clone(), or do it inside 'using (Autograd.NoGrad())'.");
        return new(new OpenLease(this, writes: true));
    }

    /// <summary>Lends the tensor's own memory for reading, otherwise as <see cref="Lease{T}"/>; expanded tensors too.</summary>
    /// <exception cref="InvalidOperationException">The element type is another, or the memory is a GPU's.</exception>
    public ReadOnlyTensorLease<T> LeaseReadOnly<T>() where T : unmanaged
    {
        CheckMemory<T>();
        return new(new OpenLease(this, writes: false));
    }

    /// <summary>A tensor with a copy of the elements that a <see cref="ReadOnlyTensorSpan{T}"/> shows, of any layout.</summary>
    public static Tensor From<T>(scoped in ReadOnlyTensorSpan<T> elements, Device? device = null) where T : unmanaged
    {
        Span<int> lengths = stackalloc int[elements.Rank];
        for (int axis = 0; axis < lengths.Length; axis++) lengths[axis] = checked((int)elements.Lengths[axis]);
        var tensor = Empty(new Shape(lengths), DTypes.Of<T>());
        using (var lease = tensor.Lease<T>()) elements.FlattenTo(lease.Span);
        return tensor.To(device ?? Device.Cpu);
    }

    /// <summary>The rows and columns of a matrix, converted.</summary>
    public unsafe T[,] ToMatrix<T>() where T : unmanaged
    {
        if (Rank != 2) throw new InvalidOperationException(
            $"[to_matrix] a tensor of shape {Shape} has {Rank} axes, a matrix has 2. "
                + "Reshape it, or use ToArray for all elements in a row.");
        var matrix = new T[Shape[0], Shape[1]];
        var dense = Detach().To(DTypes.Of<T>()).Contiguous();
        fixed (T* p = matrix) if (Count > 0) dense.Download(p);
        return matrix;
    }

    /// <summary>The rows and columns of a matrix, converted to float.</summary>
    public float[,] ToMatrix() => ToMatrix<float>();

    private void CheckMemory<T>() where T : unmanaged
    {
        var wanted = DTypes.Of<T>();
        if (DType != wanted)
            throw new InvalidOperationException($"[lease] the elements are {DType.Name()}, not {wanted.Name()}, and a span cannot "
                + $"convert. Use To(DType.{wanted}) first, or ToArray<T>().");
        if (Device.Kind != DeviceKind.Cpu)
            throw new InvalidOperationException($"[lease] the elements are in the memory of {Device}. Use To(Device.Cpu) first, or "
                + "ToArray<T>().");
    }
}
