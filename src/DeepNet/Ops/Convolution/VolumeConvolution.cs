namespace DeepNet.Ops;

/// <summary>
/// Three-dimensional convolutions as two-dimensional ones: each slice of the result is an image, whose channels are those of the slices
/// that the kernel reads.
/// </summary>
internal sealed class VolumeConvolution : ISampled
{
    public static Tensor Convolve(
        Tensor x, Tensor weight, Tensor? bias, Triple stride, Triple padding, Triple dilation, int groups, Formula? activation)
    {
        const string op = "conv3d";
        var shape = Check(op, x, weight, groups);
        int channels = shape[1], outputs = weight.Shape[0];
        if (channels != weight.Shape[1] * groups || outputs % groups != 0)
            throw new ArgumentException(
                $"[{op}] volume {x.Shape} and weight {weight.Shape} with {groups} groups: the volume has {channels} channels, the weight "
                + $"is for {weight.Shape[1]} × {groups}, and groups must divide the {outputs} outputs.");
        var slices = Windows.Of(op, "depth", x.Shape, shape[2], weight.Shape[2], stride.Depth, padding.Depth, dilation.Depth);
        Windows.Of(op, "height", x.Shape, shape[3], weight.Shape[3], stride.Height, padding.Height, dilation.Height);
        Windows.Of(op, "width", x.Shape, shape[4], weight.Shape[4], stride.Width, padding.Width, dilation.Width);
        var volume = x.Reshape(shape.Axes);
        if (padding.Depth > 0) volume = volume.Pad([(padding.Depth, padding.Depth), (0, 0), (0, 0)]);
        var images = MappedView.Of(volume, slices.Map(volume.Shape, 2)).Permute(0, 2, 1, 5, 3, 4)
            .Reshape(shape[0] * slices.Count, channels * slices.Kernel, shape[3], shape[4]);
        var y = Convolutions.Convolve(op, images, Flat(weight), bias, stride.Plane, padding.Plane, dilation.Plane, groups, activation);
        y = y.Reshape(shape[0], slices.Count, outputs, y.Shape[2], y.Shape[3]).Transpose(1, 2);
        return x.Rank == 5 ? y : y.Squeeze(0);
    }

    public static Tensor Transpose(
        Tensor x, Tensor weight, Tensor? bias, Triple stride, Triple padding, Triple outputPadding, Triple dilation, int groups)
    {
        const string op = "conv_transpose3d";
        var shape = Check(op, x, weight, groups);
        int channels = shape[1], outputs = weight.Shape[1] * groups, kernel = weight.Shape[2];
        if (channels != weight.Shape[0] || channels % groups != 0)
            throw new ArgumentException(
                $"[{op}] volume {x.Shape} and weight {weight.Shape} with {groups} groups: the volume has {channels} channels, the weight "
                + $"is for {weight.Shape[0]} (a transposed convolution's weight is (in, out / groups, …)), and groups must divide them.");
        if (stride.Depth < 1 || dilation.Depth < 1 || outputPadding.Depth < 0
            || outputPadding.Depth >= Math.Max(stride.Depth, dilation.Depth))
            throw new ArgumentException(
                $"[{op}] stride {stride}, dilation {dilation}, outputPadding {outputPadding}: stride and dilation must be at least 1, and "
                + "outputPadding smaller than one of them.");
        int whole = (shape[2] - 1) * stride.Depth + dilation.Depth * (kernel - 1) + 1 + outputPadding.Depth;
        int depth = whole - 2 * padding.Depth;
        if (padding.Depth < 0 || depth < 1)
            throw new ArgumentException(
                $"[{op}] volume {x.Shape}, weight {weight.Shape} and padding {padding}: the depth of the result would be {depth}.");
        var images = x.Reshape(shape.Axes).Transpose(1, 2).Reshape(shape[0] * shape[2], channels, shape[3], shape[4]);
        var y = Convolutions.Transpose(
            op, images, Flat(weight), null, stride.Plane, padding.Plane, outputPadding.Plane, dilation.Plane, groups);
        var slices = y.Reshape(shape[0], shape[2], outputs, kernel, y.Shape[2], y.Shape[3]).Permute(0, 2, 1, 4, 5, 3);
        var windows = new Windows(shape[2], kernel, stride.Depth, dilation.Depth);
        y = Embed.Of(slices, windows.Map(new Shape(shape[0], outputs, whole, y.Shape[2], y.Shape[3]), 2)).Narrow(2, padding.Depth, depth);
        if (bias is not null) y = (y + Operands.Bias(op, y, bias).Reshape(outputs, 1, 1, 1)).To(y.DType);
        return x.Rank == 5 ? y : y.Squeeze(0);
    }

    private static Tensor Flat(Tensor weight)
        => weight.Reshape(weight.Shape[0], weight.Shape[1] * weight.Shape[2], weight.Shape[3], weight.Shape[4]);

    /// <summary>Gets the shape of the volumes with the axis of the batch.</summary>
    private static Shape Check(string op, Tensor x, Tensor weight, int groups)
    {
        if (x.Rank is not (4 or 5) || weight.Rank != 5)
            throw new ArgumentException(
                $"[{op}] volume {x.Shape} and weight {weight.Shape}: the volume must be (N, C, D, H, W) or (C, D, H, W), the weight have "
                + "five axes.");
        if (groups < 1) throw new ArgumentOutOfRangeException(nameof(groups), $"[{op}] groups {groups}: it must be at least 1.");
        return x.Rank == 5 ? x.Shape : new Shape([1, .. x.Shape.Axes]);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("strides, padding, bias", x => x[0].Conv3d(x[1], x[2], stride: (2, 1, 1), padding: (1, 0, 1)), Sample.Values(2, 2, 3, 3, 2),
            Sample.Values(3, 2, 2, 2, 2), Sample.Values(3)),
        new("groups, dilation, no batch", x => x[0].Conv3d(x[1], dilation: (2, 1, 1), groups: 2), Sample.Values(4, 4, 2, 3),
            Sample.Values(2, 2, 2, 2, 2)),
        new("transposed", x => x[0].ConvTranspose3d(x[1], x[2], stride: 2, padding: 1, outputPadding: (1, 0, 1)),
            Sample.Values(1, 2, 2, 2, 2), Sample.Values(2, 3, 3, 2, 3), Sample.Values(3)),
        new("transposed, groups", x => x[0].ConvTranspose3d(x[1], groups: 2, dilation: (2, 1, 1)), Sample.Values(4, 2, 1, 2),
            Sample.Values(4, 1, 2, 2, 1)),
    ];
}
