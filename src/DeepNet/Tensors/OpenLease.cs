namespace DeepNet;

/// <summary>One lease of a tensor's memory, shared by the copies of the struct that the user holds, so that it ends once and for all of
/// them.</summary>
internal sealed class OpenLease
{
    private readonly Tensor tensor;
    private readonly bool writes;
    private readonly nint address;
    private bool isClosed;

    public OpenLease(Tensor tensor, bool writes)
    {
        if (Listener.IsOn) Listener.RefuseAll("lease", "leases the memory of a tensor");
        tensor.Storage.OpenLease(writes);
        this.tensor = tensor;
        this.writes = writes;
        address = tensor.Storage.Block.Memory.Pointer + tensor.Offset * tensor.DType.Size();
    }

    /// <summary>The lease behind a struct that was made by a tensor and has not ended.</summary>
    public static OpenLease Of(OpenLease? lease)
    {
        if (lease is null) throw new InvalidOperationException("[lease] this lease is of no tensor. Use tensor.Lease<T>().");
        ObjectDisposedException.ThrowIf(lease.isClosed, "TensorLease");
        return lease;
    }

    public void Close()
    {
        if (!Interlocked.Exchange(ref isClosed, true)) tensor.Storage.CloseLease(writes);
    }

    /// <summary>The address of dense elements.</summary>
    public nint Dense<T>(out int count) where T : unmanaged
    {
        var shape = tensor.Shape;
        if (!tensor.IsContiguous)
            throw new InvalidOperationException($"[lease] the elements of this view of shape {shape} do not lie densely in memory "
                + $"(strides {string.Join(", ", tensor.StrideArray)}). Lease Contiguous(), a dense copy, or use TensorSpan for the view "
                + "itself.");
        if (shape.Count > int.MaxValue)
            throw new InvalidOperationException($"[lease] {shape.Count} elements of shape {shape} are more than a span can hold. Lease "
                + "slices, or use TensorSpan.");
        count = (int)shape.Count;
        return address;
    }

    /// <summary>
    /// The address and the layout in the words of System.Numerics.Tensors, which knows no axes of negative stride and gives axes that
    /// need no step the stride 0.
    /// </summary>
    public nint Strided(out nint[] lengths, out nint[] steps, out nint extent)
    {
        var (shape, strides, rank) = (tensor.Shape, tensor.StrideArray, tensor.Rank);
        lengths = new nint[Math.Max(1, rank)];
        steps = new nint[lengths.Length];
        lengths[0] = 1;
        extent = shape.Count == 0 ? 0 : 1;
        for (int axis = 0; axis < rank; axis++)
        {
            if (strides[axis] < 0 && shape[axis] > 1)
                throw new InvalidOperationException($"[lease] axis {axis} of shape {shape} runs backwards (stride {strides[axis]}), which "
                    + "a TensorSpan cannot express. Lease Contiguous(), a dense copy.");
            lengths[axis] = shape[axis];
            steps[axis] = shape[axis] > 1 ? strides[axis] : 0;
            if (shape.Count > 0) extent += (shape[axis] - 1) * steps[axis];
        }
        return address;
    }
}
