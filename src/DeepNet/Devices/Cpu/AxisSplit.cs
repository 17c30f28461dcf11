namespace DeepNet.Devices.Cpu;

/// <summary>A dense tensor as seen from one axis: so many blocks of Length slices of Inner elements.</summary>
internal readonly struct AxisSplit
{
    public readonly nint Outer, Length, Inner;

    public AxisSplit(Shape shape, int axis)
    {
        (Outer, Length, Inner) = (1, shape[axis], 1);
        for (int i = 0; i < axis; i++) Outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) Inner *= shape[i];
    }
}
