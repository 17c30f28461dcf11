namespace DeepNet.Ops;

/// <summary>Tensors one after the other along an axis; each gets its own part of the gradient, as a view.</summary>
internal sealed class Cat(int axis) : Operator, ISampled
{
    private int[] lengths = [];

    public static Tensor Of(ReadOnlySpan<Tensor> tensors, int axis)
    {
        if (tensors.IsEmpty) throw new ArgumentException("[cat] there is nothing to put together: at least one tensor is needed.");
        var first = tensors[0];
        if (first.Rank == 0) throw new ArgumentException("[cat] scalars have no axis to be put together along. Use Stack.");
        axis = Axis.Normalize("cat", axis, first.Shape);
        var dtype = first.DType;
        foreach (var tensor in tensors)
        {
            bool fits = tensor.Rank == first.Rank;
            for (int i = 0; fits && i < first.Rank; i++) fits = i == axis || tensor.Shape[i] == first.Shape[i];
            if (!fits) throw new ArgumentException(
                $"[cat] shapes {first.Shape} and {tensor.Shape} along axis {axis}: all other axes must have equal length.");
            if (tensor.Device != first.Device) throw Elementwise.DifferentDevices("cat", first, tensor);
            dtype = DTypes.Promote(dtype, tensor.DType);
        }
        var inputs = new Tensor[tensors.Length];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = tensors[i].To(dtype);
        return new Cat(axis).Apply(inputs);
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int axis)
    {
        if (tensors.IsEmpty) throw new ArgumentException("[stack] there is nothing to put together: at least one tensor is needed.");
        var shape = tensors[0].Shape;
        axis = Axis.Normalize("stack", axis, shape.Rank + 1, shape);
        var layers = new Tensor[tensors.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            if (!tensors[i].Shape.Equals(shape))
                throw new ArgumentException(
                    $"[stack] shapes {shape} and {tensors[i].Shape}: all tensors must have the same shape. To put them one after the "
                    + "other along an axis, use Cat.");
            layers[i] = tensors[i].Unsqueeze(axis);
        }
        return Of(layers, axis);
    }

    /// <summary>Gets the axis.</summary>
    public int Along => axis;

    public override string Name => "cat";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        lengths = new int[inputs.Length];
        long total = 0;
        for (int i = 0; i < lengths.Length; i++) total += lengths[i] = inputs[i].Shape[axis];
        int sum = Axis.Length("cat", total, inputs[0].Shape);
        var shape = inputs[0].Shape.Axes;
        var result = Tensor.Allocate(new Shape([.. shape[..axis], sum, .. shape[(axis + 1)..]]), inputs[0].DType, inputs[0].Device);
        for (int i = 0, start = 0; i < lengths.Length; start += lengths[i++])
            result.Kernels.Copy(inputs[i], AxisMap.Narrow(result.Shape, axis, start, lengths[i]).Apply(result));
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        for (int i = 0, start = 0; i < lengths.Length; start += lengths[i++])
            if (Needs(i)) Give(i, gradient.Narrow(axis, start, lengths[i]));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Tensor.Cat([x[0], x[1], x[0]]), Sample.Values(2, 3), Sample.Values(1, 3)),
        new("columns, one empty", x => Tensor.Cat([x[0], x[1], x[2].T], 1), Sample.Values(2, 3), Sample.Values(2, 0), Sample.Values(2, 2)),
        new("stack", x => Tensor.Stack([x[0], x[1]], -1), Sample.Values(2, 3), Sample.Values(2, 3)),
        new("stack of scalars", x => Tensor.Stack([x[0], x[1].Square()]), Sample.Values(), Sample.Values()),
    ];
}
