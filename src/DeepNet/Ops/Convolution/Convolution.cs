namespace DeepNet.Ops;

/// <summary>
/// The two-dimensional convolution. It is linear in the image and in the weight, so with the result's gradient there are three
/// tensors and one sum of products of them; from any two follows the derivative with respect to the third. The three are one
/// operator with a role, each the derivative of the others: that is all that derivatives of any order need. An activation whose
/// derivative needs the result alone is part of the operator.
/// </summary>
internal sealed class Convolution : Operator, ISampled
{
    /// <summary>Which of the three is computed from the other two.</summary>
    private enum Role
    {
        /// <summary>From image and weight; a bias may be added.</summary>
        Result,

        /// <summary>From the result's gradient and the weight; also known as transposed convolution.</summary>
        Image,

        /// <summary>From the image and the result's gradient.</summary>
        Weight,
    }

    private const int ResultSlot = 2;

    private static readonly Formula relu = Formula.Of(new Relu());

    private readonly ConvolutionGeometry geometry;
    private readonly Role role;
    private readonly DType? type;
    private readonly Formula? activation;
    private Tensor? residual;
    private DType operands;
    private bool hasBias;

    /// <param name="geometry">The sizes.</param>
    /// <param name="role">What is computed.</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    /// <param name="type">The element type of the result, where it is not that of the operands: float32 for half types.</param>
    private Convolution(ConvolutionGeometry geometry, Role role, Formula? activation = null, DType? type = null)
    {
        this.geometry = geometry;
        this.role = role;
        this.activation = activation;
        this.type = type;
    }

    public static Tensor Result(ConvolutionGeometry geometry, Tensor image, Tensor weight)
        => new Convolution(geometry, Role.Result).Apply(image, weight);

    /// <summary>The activation of the convolution plus a residual, which is added on the way where that is not recorded.</summary>
    public static Tensor Result(
        ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor? bias, Formula? activation, Tensor? residual = null)
    {
        if (residual is not null && !AddsOnTheWay(residual, geometry.Result, image, activation))
        {
            var sum = Result(geometry, image, weight, bias, null) + residual;
            return activation is null ? sum : activation.Apply(sum);
        }
        bool isRecorded = Autograd.IsEnabled && (image.Node ?? weight.Node ?? bias?.Node) is not null;
        if (activation is not null && !activation.CanFuse(image.DType, isRecorded))
            return activation.Apply(Result(geometry, image, weight, bias, null));
        var op = new Convolution(geometry, Role.Result, activation) { residual = residual };
        return bias is null ? op.Apply(image, weight) : op.Apply(image, weight, bias);
    }

    /// <summary>True where nobody sees what lies between convolution and sum, and nothing is rounded there.</summary>
    private static bool AddsOnTheWay(Tensor residual, Shape result, Tensor image, Formula? activation)
    {
        if (!residual.Shape.Equals(result))
            throw new ArgumentException($"[conv2d] a residual of shape {residual.Shape} does not fit the result, which is {result}.");
        if (!ReferenceEquals(image.Device, residual.Device)) throw Elementwise.DifferentDevices("conv2d", image, residual);
        return !Autograd.IsEnabled && !Listener.IsOn && !Anomaly.IsOn && residual.DType == image.DType && !image.DType.IsHalf()
            && activation?.CanFuse(image.DType, isRecorded: false) != false;
    }

    public static Tensor Image(ConvolutionGeometry geometry, Tensor result, Tensor weight)
        => new Convolution(geometry, Role.Image).Apply(result, weight);

    public static Tensor Weight(ConvolutionGeometry geometry, Tensor image, Tensor result)
        => new Convolution(geometry, Role.Weight).Apply(image, result);

    /// <summary>Gets the sizes.</summary>
    public ConvolutionGeometry Geometry => geometry;

    /// <summary>Gets a value that is true if the result is computed from image and weight, as opposed to one of these.</summary>
    public bool IsResult => role == Role.Result;

    /// <summary>Gets a value that is true for the transposed convolution.</summary>
    public bool IsTransposed => role == Role.Image;

    /// <summary>Gets the formula that is applied to the result; null if there is none.</summary>
    public Formula? Activation => activation;

    public override string Name => role switch
    {
        Role.Result => activation is null ? "conv2d" : $"conv2d_{activation.Name}",
        Role.Image => "conv_transpose2d",
        _ => "conv2d_weight",
    };

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        hasBias = inputs.Length > 2;
        if (Needs(1)) Save(0, inputs[0]);
        if (Needs(0)) Save(1, inputs[1]);
        operands = inputs[0].DType;
        var (dtype, device) = (type ?? operands, inputs[0].Device);
        bool isPixels = role != Role.Weight && device.PrefersChannelsLast(geometry, operands, role == Role.Result);
        var result = isPixels ? Tensor.AllocateChannelsLast(ShapeOf(role), dtype, device) : Tensor.Allocate(ShapeOf(role), dtype, device);
        Run(inputs[0], inputs[1], hasBias ? inputs[2] : null, result);
        if (activation is not null) SaveResult(ResultSlot, result);
        return result;
    }

    private Shape ShapeOf(Role which) => which switch
    {
        Role.Result => geometry.Result,
        Role.Image => geometry.Image,
        _ => geometry.Weight,
    };

    private void Run(Tensor a, Tensor b, Tensor? bias, Tensor result)
    {
        switch (role)
        {
            case Role.Result: result.Kernels.Convolve(geometry, a, b, result, new(bias, activation, residual)); break;
            case Role.Image: result.Kernels.ConvolveImage(geometry, a, b, result); break;
            default: result.Kernels.ConvolveWeight(geometry, a, b, result); break;
        }
    }

    protected override void Vjp(Tensor gradient)
    {
        gradient = gradient.To(operands);
        switch (role)
        {
            case Role.Result:
                if (activation is not null) gradient = activation.Backward(Saved(ResultSlot), gradient, IsRecording);
                if (Needs(0)) Give(0, Role.Image, gradient, Saved(1));
                if (Needs(1)) Give(1, Role.Weight, Saved(0), gradient);
                if (hasBias && Needs(2)) GiveBias(Halves.Wide(gradient));
                break;
            case Role.Image:
                if (Needs(0)) Give(0, Role.Result, gradient, Saved(1));
                if (Needs(1)) Give(1, Role.Weight, gradient, Saved(0));
                break;
            default:
                if (Needs(0)) Give(0, Role.Image, Saved(1), gradient);
                if (Needs(1)) Give(1, Role.Result, Saved(0), gradient);
                break;
        }
    }

    private void GiveBias(Tensor gradient)
    {
        if (gradient.IsChannelsLast)
            Give(2, gradient.Permute(0, 2, 3, 1).Reshape(-1, geometry.Out).Sum(0));
        else if (TakeBuffer(2) is { } buffer)
            gradient.Kernels.Reduce(new Identity(), new AddUp(), gradient, buffer.Reshape(1, geometry.Out, 1, 1));
        else
            Give(2, gradient.SumTo(new Shape(1, geometry.Out, 1, 1)).Reshape(geometry.Out));
    }

    private void Give(int input, Role which, Tensor a, Tensor b)
    {
        var op = new Convolution(geometry, which, type: GradientType(input));
        if (TakeBuffer(input) is { } buffer) op.Run(a, b, null, buffer);
        else Give(input, op.Apply(a, b));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("3 × 3", x => x[0].Conv2d(x[1], x[2]), Sample.Values(2, 2, 4, 5), Sample.Values(3, 2, 3, 3), Sample.Values(3)),
        new("1 × 1", x => x[0].Conv2d(x[1]), Sample.Values(2, 3, 2, 2), Sample.Values(2, 3, 1, 1)),
        new("stride and padding", x => x[0].Conv2d(x[1], stride: (2, 1), padding: (1, 2)), Sample.Values(1, 2, 5, 4),
            Sample.Values(2, 2, 3, 2)),
        new("dilation", x => x[0].Conv2d(x[1], dilation: (2, 3), padding: 1), Sample.Values(1, 1, 5, 6), Sample.Values(2, 1, 2, 2)),
        new("groups", x => x[0].Conv2d(x[1], x[2], groups: 2), Sample.Values(1, 4, 3, 3), Sample.Values(6, 2, 2, 2), Sample.Values(6)),
        new("depthwise", x => x[0].Conv2d(x[1], stride: 2, padding: 1, groups: 3), Sample.Values(1, 3, 5, 4), Sample.Values(3, 1, 3, 3)),
        new("same, even kernel", x => x[0].Conv2d(x[1], padding: Padding.Same), Sample.Values(1, 1, 3, 4), Sample.Values(1, 1, 2, 4)),
        new("wide, over pixels", x => x[0].Conv2d(x[1], x[2], stride: 2, padding: 1), Sample.Values(1, 2, 5, 4), Sample.Values(8, 2, 3, 3),
            Sample.Values(8)),
        new("wide, dilated", x => x[0].Conv2d(x[1], dilation: (1, 2), padding: (0, 1)), Sample.Values(1, 8, 3, 4),
            Sample.Values(8, 8, 2, 2)),
        new("relu", x => x[0].Conv2d(x[1], x[2], padding: 1, activation: relu),
            Sample.Values(1, 2, 3, 4), Sample.Values(8, 2, 3, 3), Sample.Values(8) * 3),
        new("relu, few outputs", x => x[0].Conv2d(x[1], activation: relu), Sample.Values(2, 2, 3, 3), Sample.Values(3, 2, 2, 2)),
        new("sigmoid", x => x[0].Conv2d(x[1], x[2], activation: Formula.Of(new Sigmoid())),
            Sample.Values(1, 2, 3, 4), Sample.Values(8, 2, 2, 2), Sample.Values(8)),
        new("silu", x => x[0].Conv2d(x[1], x[2], activation: Formula.Of(new Silu())),
            Sample.Values(1, 2, 3, 4), Sample.Values(8, 2, 2, 2), Sample.Values(8)),
        new("no images", x => x[0].Conv2d(x[1]), Sample.Values(0, 2, 3, 3), Sample.Values(2, 2, 2, 2)),
        new("one axis", x => x[0].Conv1d(x[1], x[2], stride: 2, padding: 1), Sample.Values(2, 2, 6), Sample.Values(3, 2, 3),
            Sample.Values(3)),
        new("transposed", x => x[0].ConvTranspose2d(x[1], x[2], stride: 2, padding: 1, outputPadding: 1), Sample.Values(1, 2, 2, 3),
            Sample.Values(2, 3, 3, 3), Sample.Values(3)),
        new("transposed, groups", x => x[0].ConvTranspose2d(x[1], stride: (1, 3), dilation: (2, 1), groups: 2), Sample.Values(1, 4, 2, 2),
            Sample.Values(4, 2, 2, 2)),
        new("transposed, one axis", x => x[0].ConvTranspose1d(x[1], stride: 2), Sample.Values(2, 2, 3), Sample.Values(2, 2, 3)),
    ];
}
