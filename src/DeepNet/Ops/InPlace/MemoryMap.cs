namespace DeepNet.Ops;

/// <summary>
/// Where the elements of a view lie in the memory of the tensor that it shows, whichever views led there. It applies to any tensor in
/// the layout of that one: the same place in its gradient, for example.
/// </summary>
internal sealed class MemoryMap
{
    private readonly nint[] wholeStrides, strides;
    private readonly nint before, extent, start;

    public MemoryMap(Tensor whole, Tensor part)
    {
        (From, To) = (whole.Shape, part.Shape);
        (wholeStrides, strides) = (whole.StrideArray, part.StrideArray);
        start = part.Offset - whole.Offset;
        Overlaps = Layout.Overlaps(To, strides);
        nint after = 0;
        for (int axis = 0; axis < From.Rank; axis++)
        {
            nint reach = (From[axis] - 1) * wholeStrides[axis];
            if (reach < 0) before -= reach;
            else after += reach;
        }
        extent = From.Count == 0 ? 0 : before + after + 1;
    }

    public Shape From { get; }
    public Shape To { get; }

    /// <summary>True if the part shows an element several times.</summary>
    public bool Overlaps { get; }

    /// <summary>True if the part is all of it, in some order.</summary>
    public bool IsWhole => !Overlaps && To.Count == From.Count;

    /// <summary>The part of a tensor in the layout of the whole. Without history.</summary>
    public Tensor Of(Tensor whole) => whole.View(To, strides, whole.Offset + start);

    /// <summary>True if a tensor of the whole's shape lies as the whole does.</summary>
    public bool Fits(Tensor x)
    {
        if (ReferenceEquals(x.StrideArray, wholeStrides)) return true;
        for (int axis = 0; axis < From.Rank; axis++)
            if (From[axis] > 1 && x.StrideArray[axis] != wholeStrides[axis]) return false;
        return true;
    }

    /// <summary>A new tensor in the layout of the whole.</summary>
    public Tensor New(DType dtype, Device device)
    {
        var memory = Tensor.Allocate(extent == From.Count ? From : new Shape(checked((int)extent)), dtype, device);
        return ReferenceEquals(wholeStrides, From.RowMajor) ? memory : memory.View(From, wholeStrides, before);
    }

    /// <summary>A copy of a tensor in the layout of the whole. Without history.</summary>
    public Tensor Copy(Tensor x)
    {
        var copy = New(x.DType, x.Device);
        x.Kernels.Copy(x, copy);
        return copy;
    }

    /// <summary>Zeros in the layout of the whole, with the part's elements added in their place. Without history.</summary>
    public Tensor Embed(Tensor part)
    {
        if (Overlaps) return Sum(part);
        var whole = New(part.DType, part.Device);
        whole.Kernels.Fill(whole, 0);
        whole.Kernels.Copy(part, Of(whole));
        return whole;
    }

    // Elements that meet are added in the order of the part, so the sum has the same bits on any number of threads.
    private Tensor Sum(Tensor part)
    {
        var memory = new Shape(checked((int)extent));
        var numbers = Indices.Count(memory[0], part.Device);
        var places = numbers.View(To, strides, before + start).CopyDense().Reshape(-1);
        return IndexSum.Of(part.Detach().Reshape(-1), memory, 0, places).View(From, wholeStrides, before);
    }
}
