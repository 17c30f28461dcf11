using System.Numerics.Tensors;

namespace DeepNet;

// The tensor's own memory, without copying, and the types of System.Numerics.Tensors.
public sealed partial class Tensor
{
    /// <summary>
    /// The elements themselves, for writing: no copy is made. For a dense tensor in the CPU's memory, of just this element type.
    /// </summary>
    /// <remarks>
    /// A span does not keep the memory alive: it is given back when nobody refers to the tensor (or a view of it) any more, or when the
    /// <see cref="Memory.Scope"/> around it ends. While you use the span, hold the tensor in a field, or end with <c>GC.KeepAlive(tensor)</c>.
    /// Taking the span counts as an in-place change, so autograd notices if it kept the old values.
    /// </remarks>
    public unsafe Span<T> AsSpan<T>() where T : unmanaged
    {
        CheckSpan<T>("as_span");
        CheckInPlace("as_span");
        MarkChanged();
        return new(Pointer<T>(), checked((int)Count));
    }

    /// <summary>The elements themselves, for reading; otherwise as <see cref="AsSpan{T}"/>.</summary>
    public unsafe ReadOnlySpan<T> AsReadOnlySpan<T>() where T : unmanaged
    {
        CheckSpan<T>("as_span");
        return new(Pointer<T>(), checked((int)Count));
    }

    /// <summary>
    /// The elements themselves as a <see cref="TensorSpan{T}"/> of the same shape and strides, for writing: no copy is made. For a tensor in
    /// the CPU's memory, of just this element type, whose strides are not negative and that is not expanded. A number appears as one axis of length 1. The remarks on lifetime at <see cref="AsSpan{T}"/> hold here too.
    /// </summary>
    public unsafe TensorSpan<T> AsTensorSpan<T>() where T : unmanaged
    {
        CheckMemory<T>("as_tensor_span");
        CheckInPlace("as_tensor_span");
        for (int axis = 0; axis < Rank; axis++)
            if (strides[axis] == 0 && shape[axis] > 1 && Count > 0)
                throw new InvalidOperationException($"[as_tensor_span] axis {axis} of shape {shape} is expanded: its {shape[axis]} elements are one in memory, which cannot be written separately. Use AsReadOnlyTensorSpan, or Contiguous() for a copy.");
        MarkChanged();
        Lay(out var lengths, out var steps, out nint extent);
        return new(Pointer<T>(), extent, lengths, steps);
    }

    /// <summary>The same for reading, for expanded tensors too.</summary>
    public unsafe ReadOnlyTensorSpan<T> AsReadOnlyTensorSpan<T>() where T : unmanaged
    {
        CheckMemory<T>("as_tensor_span");
        Lay(out var lengths, out var steps, out nint extent);
        return new(Pointer<T>(), extent, lengths, steps);
    }

    /// <summary>A tensor with a copy of the elements that a <see cref="ReadOnlyTensorSpan{T}"/> shows, of any layout.</summary>
    public static Tensor From<T>(scoped in ReadOnlyTensorSpan<T> elements, Device? device = null) where T : unmanaged
    {
        Span<int> lengths = stackalloc int[elements.Rank];
        for (int axis = 0; axis < lengths.Length; axis++) lengths[axis] = checked((int)elements.Lengths[axis]);
        var tensor = Empty(new Shape(lengths), DTypes.Of<T>());
        elements.FlattenTo(tensor.AsSpan<T>());
        return tensor.To(device ?? Device.Cpu);
    }

    /// <summary>The rows and columns of a matrix, converted.</summary>
    public unsafe T[,] ToMatrix<T>() where T : unmanaged
    {
        if (Rank != 2) throw new InvalidOperationException($"[to_matrix] a tensor of shape {Shape} has {Rank} axes, a matrix has 2. Reshape it, or use ToArray for all elements in a row.");
        var matrix = new T[Shape[0], Shape[1]];
        var dense = Detach().To(DTypes.Of<T>()).Contiguous();
        fixed (T* p = matrix) if (Count > 0) Device.Download(dense, p);
        return matrix;
    }

    /// <summary>The rows and columns of a matrix, converted to float.</summary>
    public float[,] ToMatrix() => ToMatrix<float>();

    private void CheckSpan<T>(string op) where T : unmanaged
    {
        CheckMemory<T>(op);
        if (!IsContiguous)
            throw new InvalidOperationException($"[{op}] the elements of this view of shape {shape} do not lie densely in memory (strides {string.Join(", ", strides)}). Use Contiguous() for a dense copy, AsTensorSpan for the view itself, or ToArray.");
        if (Count > int.MaxValue)
            throw new InvalidOperationException($"[{op}] {Count} elements of shape {shape} are more than a span can hold. Take slices.");
    }

    private void CheckMemory<T>(string op) where T : unmanaged
    {
        var wanted = DTypes.Of<T>();
        if (DType != wanted)
            throw new InvalidOperationException($"[{op}] the elements are {DType.Name()}, not {wanted.Name()}, and a span cannot convert. Use To(DType.{wanted}) first, or ToArray<T>().");
        if (Device is not CpuDevice)
            throw new InvalidOperationException($"[{op}] the elements are in the memory of {Device}. Use To(Device.Cpu) first, or ToArray<T>().");
    }

    /// <summary>The layout in the words of System.Numerics.Tensors, which knows no axes of negative stride and gives axes that need no step the stride 0.</summary>
    private void Lay(out nint[] lengths, out nint[] steps, out nint extent)
    {
        lengths = new nint[Math.Max(1, Rank)];
        steps = new nint[lengths.Length];
        lengths[0] = 1;
        extent = Count == 0 ? 0 : 1;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (strides[axis] < 0 && shape[axis] > 1)
                throw new InvalidOperationException($"[as_tensor_span] axis {axis} of shape {shape} runs backwards (stride {strides[axis]}), which a TensorSpan cannot express. Use Contiguous() for a copy.");
            lengths[axis] = shape[axis];
            steps[axis] = shape[axis] > 1 ? strides[axis] : 0;
            if (Count > 0) extent += (shape[axis] - 1) * steps[axis];
        }
    }
}
