namespace DeepNet.Ops;

/// <summary>The windows of a kernel along one padded axis.</summary>
internal readonly record struct Windows(int Count, int Kernel, int Stride, int Dilation)
{
    public static Windows Of(string op, string axis, Shape image, int length, int kernel, int stride, int padding, int dilation)
    {
        if (kernel < 1 || stride < 1 || dilation < 1 || padding < 0)
            throw new ArgumentException(
                $"[{op}] kernel {kernel}, stride {stride}, dilation {dilation}, padding {padding} along the {axis}: padding must not be "
                + "negative, each other at least 1.");
        int reach = dilation * (kernel - 1) + 1, room = length + 2 * padding - reach;
        if (room < 0)
            throw new ArgumentException(
                $"[{op}] image {image}: the kernel reaches over {reach} (dilation {dilation}) and the {axis} is only {length} + 2 · "
                + $"{padding}.");
        return new(room / stride + 1, kernel, stride, dilation);
    }

    /// <summary>A view in which the axis counts windows and a new last axis goes through one.</summary>
    public AxisMap Map(Shape padded, int axis) => AxisMap.Windows("unfold", padded, axis, this);
}
