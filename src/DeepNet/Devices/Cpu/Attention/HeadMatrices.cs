namespace DeepNet.Devices.Cpu;

/// <summary>A matrix for each batch and head, in any layout; null where there is none.</summary>
internal readonly unsafe struct HeadMatrices<T> where T : unmanaged
{
    private readonly T* start;
    private readonly nint batch, head;

    /// <param name="tensor">(batch, heads, rows, columns).</param>
    /// <param name="fold">A number of neighbouring heads of one row each that are taken as the rows of one head; or 1.</param>
    public HeadMatrices(Tensor? tensor, int fold = 1)
    {
        if (tensor is null) return;
        start = tensor.Pointer<T>();
        (batch, head, Row, Column) = (tensor.Strides[0], tensor.Strides[1] * fold, tensor.Strides[fold > 1 ? 1 : 2], tensor.Strides[3]);
    }

    /// <summary>The distances between rows and between columns.</summary>
    public readonly nint Row, Column;

    /// <summary>Gets the matrix of one of all heads, or the one that a group of them shares.</summary>
    public T* At(nint index, int heads, int group = 1)
        => start == null ? null : start + index / heads * batch + index % heads / group * head;
}
