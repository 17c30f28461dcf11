using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>A matrix for each batch and head, in any layout; null where there is none.</summary>
internal readonly unsafe struct HeadMatrices<T> where T : unmanaged
{
    private const int Line = 64;

    private readonly T* start;
    private readonly nint batch, head;

    public HeadMatrices(Tensor? tensor)
    {
        if (tensor is null) return;
        start = tensor.Pointer<T>();
        (batch, head, Row, Column) = (tensor.Strides[0], tensor.Strides[1], tensor.Strides[2], tensor.Strides[3]);
    }

    /// <summary>How far apart rows and columns are.</summary>
    public readonly nint Row, Column;

    /// <summary>Asks for rows of a head that will be read soon: a head's rows lie apart, so the hardware does not see them coming.</summary>
    public void Fetch(nint index, int heads, int row, int rows, int columns)
    {
        if (!Sse.IsSupported || start == null || Column != 1) return;
        byte* from = (byte*)(At(index, heads) + row * Row);
        nint step = Row * sizeof(T), length = (nint)columns * sizeof(T);
        for (; rows > 0; rows--, from += step)
            for (nint i = 0; i < length; i += Line) Sse.Prefetch1(from + i);
    }

    public T* At(nint index, int heads) => start == null ? null : start + index / heads * batch + index % heads * head;
}
