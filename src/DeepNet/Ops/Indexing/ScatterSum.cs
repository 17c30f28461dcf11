namespace DeepNet.Ops;

/// <summary>
/// Zeros, or a copy of a third input, with elements added at indexed places of one axis, in order. From zeros it is the adjoint
/// of <see cref="Gather"/>.
/// </summary>
internal sealed class ScatterSum(Shape shape, int axis, bool hasBase = false) : Operator, ISampled
{
    public static Tensor Of(Tensor elements, Shape shape, int axis, Tensor index)
    {
        var type = Indices.SumType(elements.DType);
        var sum = new ScatterSum(shape, axis).Apply(elements.To(type), index);
        return type == elements.DType ? sum : sum.To(elements.DType);
    }

    /// <summary>x with elements added.</summary>
    public static Tensor Add(Tensor x, int axis, Tensor index, Tensor source)
    {
        const string op = "scatter_add";
        axis = Axis.Normalize(op, axis, x.Shape);
        var place = Gather.Crop(op, x, index.Shape, axis);
        if (source.Device != x.Device) throw Elementwise.DifferentDevices(op, x, source);
        source = Scatter.CropSource(op, source, index.Shape);
        var type = Indices.SumType(x.DType);
        index = Indices.Of(op, index, x.Shape, axis, x.Device);
        if (place.Shape.Equals(x.Shape))
            return new ScatterSum(x.Shape, axis, hasBase: true).Apply(source.To(type), index, x.To(type)).To(x.DType);
        var sum = Of(source.To(type), place.Shape, axis, index);
        for (int i = 0; i < x.Rank; i++)
            if (sum.Shape[i] < x.Shape[i])
                sum = Embed.Of(sum, AxisMap.Narrow(
                    new Shape([.. sum.Shape.Axes[..i], x.Shape[i], .. sum.Shape.Axes[(i + 1)..]]), i, 0, sum.Shape[i]));
        return (x.To(type) + sum).To(x.DType);
    }

    public int Along => axis;

    public override string Name => "scatter_add";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (source, index) = (inputs[0].Contiguous(), inputs[1]);
        Save(0, index);
        var result = hasBase ? inputs[2].CopyDense() : Tensor.Full(shape, 0, source.DType, source.Device);
        result.Kernels.Scatter(result, IndexedAxis.Elements(shape, axis, index), index, source, accumulate: true);
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (Needs(0)) Give(0, Gather.OfChecked(gradient, axis, Saved(0)));
        if (hasBase) Give(2, gradient);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("scatter add, some twice", x => x[0].ScatterAdd(1, Tensor.From<int>([0, 0, 2, -1], new Shape(2, 2)), x[1]),
            Sample.Values(2, 3), Sample.Values(2, 2)),
        new("scatter add of a part", x => x[0].ScatterAdd(0, Tensor.From<int>([1, 1], new Shape(2, 1)), x[1]), Sample.Values(3, 3),
            Sample.Values(3, 2)),
    ];
}
