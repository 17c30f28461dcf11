namespace DeepNet.Devices;

/// <summary>A dense tensor as kernels along one axis see it: (outer, length, inner), the axis in the middle.</summary>
internal readonly record struct AlongAxis(nint Outer, nint Length, nint Inner)
{
    public static AlongAxis Of(Shape shape, int axis)
    {
        nint outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return new AlongAxis(outer, shape[axis], inner);
    }
}
