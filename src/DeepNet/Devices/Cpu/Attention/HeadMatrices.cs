namespace DeepNet.Devices.Cpu;

/// <summary>A matrix for each batch and head, in any layout; null where there is none.</summary>
internal readonly unsafe struct HeadMatrices<T> where T : unmanaged
{
    private readonly T* start;
    private readonly nint batch, head;

    public HeadMatrices(Tensor? tensor)
    {
        if (tensor is null) return;
        start = tensor.Pointer<T>();
        (batch, head, Row, Column) = (tensor.Strides[0], tensor.Strides[1], tensor.Strides[2], tensor.Strides[3]);
    }

    /// <summary>The distances between rows and between columns.</summary>
    public readonly nint Row, Column;

    public T* At(nint index, int heads) => start == null ? null : start + index / heads * batch + index % heads * head;
}
