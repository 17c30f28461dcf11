namespace DeepNet.Ops;

/// <summary>Checks the arguments of convolutions, works out the sizes and says what is wrong with them.</summary>
internal static class Convolutions
{
    /// <summary>y = activation(x ⋆ w + bias); x is (N, C, H, W) or one image without N.</summary>
    public static Tensor Convolve(
        string op, Tensor x, Tensor weight, Tensor? bias, Pair stride, Padding padding, Pair dilation, int groups, Formula? activation,
        Tensor? residual = null)
    {
        var (image, isSingle) = Prepare(op, ref x, ref weight, ref bias, stride, padding, dilation, groups);
        int channels = image[1], outputs = weight.Shape[0];
        if (channels != weight.Shape[1] * groups || outputs % groups != 0)
            throw WrongChannels(op, x.Shape, weight.Shape, channels, groups);
        CheckBias(op, bias, outputs);
        var rows = Along(op, "height", image[2], weight.Shape[2], stride.Height, padding.Zeros.Height, padding.IsSame, dilation.Height,
            x.Shape, weight.Shape);
        var columns = Along(op, "width", image[3], weight.Shape[3], stride.Width, padding.Zeros.Width, padding.IsSame, dilation.Width,
            x.Shape, weight.Shape);
        var geometry = new ConvolutionGeometry(image[0], channels, outputs, groups, rows, columns);
        if (isSingle) residual = residual?.Unsqueeze(0);
        var result = Convolution.Result(geometry, isSingle ? x.Reshape(image.Axes) : x, weight, bias, activation, residual);
        return isSingle ? result.Reshape(result.Shape.Axes[1..]) : result;
    }

    /// <summary>
    /// The adjoint of the convolution with the same numbers: x is (N, C, H, W), the weight (C, outputs / groups, kernel).
    /// </summary>
    public static Tensor Transpose(
        string op, Tensor x, Tensor weight, Tensor? bias, Pair stride, Pair padding, Pair outputPadding, Pair dilation, int groups)
    {
        var (image, isSingle) = Prepare(op, ref x, ref weight, ref bias, stride, padding, dilation, groups);
        int channels = image[1], outputs = weight.Shape[1] * groups;
        if (channels != weight.Shape[0] || channels % groups != 0)
            throw new ArgumentException(
                $"[{op}] image {x.Shape} and weight {weight.Shape} with {groups} groups: the image has {channels} channels, the "
                + $"weight is for {weight.Shape[0]} (a transposed convolution's weight is (in, out / groups, …)), and groups must "
                + "divide them.");
        CheckBias(op, bias, outputs);
        var rows = Back(op, image[2], weight.Shape[2], stride.Height, padding.Height, outputPadding.Height, dilation.Height, x.Shape,
            weight.Shape);
        var columns = Back(op, image[3], weight.Shape[3], stride.Width, padding.Width, outputPadding.Width, dilation.Width, x.Shape,
            weight.Shape);
        var geometry = new ConvolutionGeometry(image[0], outputs, channels, groups, rows, columns);
        var result = Convolution.Image(geometry, isSingle ? x.Reshape(image.Axes) : x, weight);
        if (bias is not null) result = (result + bias.Reshape(outputs, 1, 1)).To(x.DType);
        return isSingle ? result.Reshape(result.Shape.Axes[1..]) : result;
    }

    private static (Shape Image, bool IsSingle) Prepare(
        string op, ref Tensor x, ref Tensor weight, ref Tensor? bias, Pair stride, Padding padding, Pair dilation, int groups)
    {
        if (x.Rank is not (3 or 4) || weight.Rank != 4)
            throw new ArgumentException(
                $"[{op}] image {x.Shape} and weight {weight.Shape}: the image must be (N, C, H, W) or (C, H, W), "
                + "the weight have four axes.");
        if (stride.Height < 1 || stride.Width < 1)
            throw new ArgumentOutOfRangeException(nameof(stride), $"[{op}] stride {stride}: it must be at least 1.");
        if (dilation.Height < 1 || dilation.Width < 1)
            throw new ArgumentOutOfRangeException(nameof(dilation), $"[{op}] dilation {dilation}: it must be at least 1.");
        if (padding.Zeros.Height < 0 || padding.Zeros.Width < 0)
            throw new ArgumentOutOfRangeException(
                nameof(padding), $"[{op}] padding {padding}: it must not be negative. Narrow cuts an image.");
        if (groups < 1) throw new ArgumentOutOfRangeException(nameof(groups), $"[{op}] groups {groups}: it must be at least 1.");
        if (padding.IsSame && stride != 1)
            throw new ArgumentException(
                $"[{op}] stride {stride} with padding 'same': only stride 1 keeps the size. Give the padding as numbers.");
        (x, weight) = Operands.MeetFloating(op, x, weight);
        if (bias is not null) bias = Operands.Bias(op, x, bias);
        bool isSingle = x.Rank == 3;
        return (isSingle ? new Shape([1, .. x.Shape.Axes]) : x.Shape, isSingle);
    }

    private static ArgumentException WrongChannels(string op, Shape x, Shape weight, int channels, int groups)
    {
        string what = groups == 1
            ? $"the image has {channels} channels, the weight is for {weight[1]}."
            : $"with {groups} groups the weight is for {weight[1]} × {groups} = {weight[1] * groups} channels and the image has "
            + $"{channels}; groups must divide both numbers of channels.";
        string hint = x.Rank == 4 && x[3] == weight[1] * groups ? " The image looks like (N, H, W, C): use x.Permute(0, 3, 1, 2)." : "";
        return new ArgumentException($"[{op}] image {x} and weight {weight}: {what}{hint}");
    }

    private static void CheckBias(string op, Tensor? bias, int outputs)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != outputs))
            throw new ArgumentException(
                $"[{op}] a bias of shape {bias.Shape} does not fit {outputs} output channels; it must be ({outputs},).");
    }

    private static Taps Along(
        string op, string axis, int input, int kernel, int stride, int padding, bool isSame, int dilation, Shape x, Shape weight)
    {
        int reach = dilation * (kernel - 1);
        if (kernel < 1) throw new ArgumentException($"[{op}] image {x} and weight {weight}: a kernel must have at least one tap.");
        if (isSame) return new Taps(input, input, kernel, 1, reach / 2, dilation);
        int room = input + 2 * padding - reach - 1;
        if (room < 0)
            throw new ArgumentException(
                $"[{op}] image {x} and weight {weight}: the kernel reaches over {reach + 1} (dilation {dilation}) and the {axis} is "
                + $"only {input} + 2 · {padding}. Add padding, or pool less before.");
        return new Taps(input, room / stride + 1, kernel, stride, padding, dilation);
    }

    private static Taps Back(string op, int input, int kernel, int stride, int padding, int extra, int dilation, Shape x, Shape weight)
    {
        if (extra < 0 || (extra >= stride && extra >= dilation))
            throw new ArgumentException(
                $"[{op}] outputPadding {extra} must be smaller than the stride ({stride}) or the dilation ({dilation}): it only "
                + "chooses among the sizes that the stride merges.");
        int output = (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1;
        if (kernel < 1 || output < 1)
            throw new ArgumentException(
                $"[{op}] image {x} and weight {weight} with stride {stride} and padding {padding}: nothing is left, the size would be "
                + $"{output}.");
        return new Taps(output, input, kernel, stride, padding, dilation);
    }
}
