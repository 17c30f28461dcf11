namespace DeepNet.Replay;

/// <summary>The requirements of a recording on an input.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Device">Its device.</param>
/// <param name="Strides">How it lies in memory.</param>
internal sealed record TraceInput(Shape Shape, DType DType, Device Device, nint[] Strides)
{
    public static TraceInput[] Of(ReadOnlySpan<Tensor> inputs)
    {
        var all = new TraceInput[inputs.Length];
        for (int i = 0; i < all.Length; i++) all[i] = new(inputs[i].Shape, inputs[i].DType, inputs[i].Device, inputs[i].StrideArray);
        return all;
    }

    public bool Fits(Tensor input)
        => input.DType == DType && ReferenceEquals(input.Device, Device)
        && (ReferenceEquals(input.Shape, Shape) || input.Shape.Equals(Shape))
        && (ReferenceEquals(input.StrideArray, Strides) || input.Strides.SequenceEqual(Strides));

    /// <summary>Returns a copy of an input, in memory of its own, that lies as the input does.</summary>
    public static Tensor CopyOf(Tensor input)
    {
        if (input.IsContiguous) return input.CopyDense();
        var storage = input.Storage;
        var whole = Tensor.Over(storage, new Shape((int)storage.Shape.Count), [1], 0).CopyDense();
        return Tensor.Over(whole.Storage, input.Shape, input.StrideArray, input.Offset);
    }
}
