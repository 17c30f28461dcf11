namespace DeepNet.Ops;

/// <summary>Chooses elements by a condition; the gradient goes to where an element came from.</summary>
internal sealed class Where : Operator, ISampled
{
    public static Tensor Of(Tensor condition, Tensor a, Tensor b)
    {
        if (condition.DType != DType.Bool)
            throw new ArgumentException(
                $"[where] the condition is {condition.DType.Name()}, it must be bool. Compare: x > 0, or x.NotEqual(0).");
        (a, b) = Constant.Meet(a, b);
        var dtype = DTypes.Promote(a.DType, b.DType);
        (a, b) = (a.To(dtype), b.To(dtype));
        (a, b) = (Constant.Follow(a, condition.Device), Constant.Follow(b, condition.Device));
        if (a.Device != b.Device) throw Elementwise.DifferentDevices("where", a, b);
        if (condition.Device != a.Device) throw Elementwise.DifferentDevices("where", condition, a);
        var shape = Axis.Broadcast("where", condition.Shape, Axis.Broadcast("where", a.Shape, b.Shape));
        return new Where().Apply(condition.Expand(shape), a.Expand(shape), b.Expand(shape));
    }

    public override string Name => "where";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Save(0, inputs[0]);
        var result = Tensor.Allocate(inputs[0].Shape, inputs[1].DType, inputs[1].Device);
        result.Kernels.Select(inputs[0], inputs[1], inputs[2], result);
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        var condition = Saved(0);
        var zero = Tensor.Full(Shape.Scalar, 0, gradient.DType, gradient.Device);
        if (Needs(1)) Give(1, Of(condition, gradient, zero));
        if (Needs(2)) Give(2, Of(condition, zero, gradient));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("both sides", x => Tensor.Where(x[0] > 0, x[0] * x[1], x[1].Square()), Sample.Values(2, 3), Sample.Values(2, 3) + 0.1),
        new("broadcast", x => Tensor.Where(Sample.Values(2, 1).To(x[0].Device) > 0, x[0], x[1]), Sample.Values(3), Sample.Values()),
    ];
}
