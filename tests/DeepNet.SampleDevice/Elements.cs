namespace DeepNet.SampleDevice;

/// <summary>
/// The elements of a tensor of any layout and type as doubles, by their row-major position. The tensor must be kept alive.
/// </summary>
internal readonly unsafe struct Elements(Tensor tensor, nint memory, nint offset)
{
    public nint Count => tensor.Count;

    public F64 this[nint i]
    {
        get
        {
            nint at = At(i);
            return new(tensor.DType switch
            {
                DType.Bool => ((byte*)memory)[at],
                DType.Int32 => ((int*)memory)[at],
                DType.Int64 => ((long*)memory)[at],
                DType.Float32 => ((float*)memory)[at],
                DType.Float64 => ((double*)memory)[at],
                _ => throw Unsupported(),
            });
        }
        set
        {
            nint at = At(i);
            switch (tensor.DType)
            {
                case DType.Bool: ((byte*)memory)[at] = value.V != 0 ? (byte)1 : (byte)0; break;
                case DType.Int32: ((int*)memory)[at] = (int)value.V; break;
                case DType.Int64: ((long*)memory)[at] = (long)value.V; break;
                case DType.Float32: ((float*)memory)[at] = (float)value.V; break;
                case DType.Float64: ((double*)memory)[at] = value.V; break;
                default: throw Unsupported();
            }
        }
    }

    private nint At(nint i)
    {
        nint at = offset;
        for (int axis = tensor.Rank - 1; axis >= 0; i /= tensor.Shape[axis--]) at += i % tensor.Shape[axis] * tensor.Strides[axis];
        return at;
    }

    private NotSupportedException Unsupported() => new($"The sample device has no {tensor.DType.Name()}.");
}
