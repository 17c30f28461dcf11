namespace DeepNet.Ops;

/// <summary>
/// A copy with elements replaced at indexed places of one axis. Where several meet, the last one stays, and the gradient goes
/// to it alone.
/// </summary>
internal sealed class Scatter(int axis) : Operator, ISampled
{
    public static Tensor Of(Tensor x, int axis, Tensor index, Tensor source)
    {
        const string op = "scatter";
        axis = Axis.Normalize(op, axis, x.Shape);
        Gather.Crop(op, x, index.Shape, axis);
        if (source.Device != x.Device) throw Elementwise.DifferentDevices(op, x, source);
        source = CropSource(op, source, index.Shape);
        return new Scatter(axis).Apply(x, source.To(x.DType), Indices.Of(op, index, x.Shape, axis, x.Device));
    }

    /// <summary>The part of the source that belongs to the index.</summary>
    public static Tensor CropSource(string op, Tensor source, Shape index)
    {
        bool fits = index.Rank == source.Rank;
        for (int i = 0; fits && i < index.Rank; i++) fits = index[i] <= source.Shape[i];
        if (!fits) throw new ArgumentException(
            $"[{op}] a source of shape {source.Shape} for an index of shape {index}: it must have as many axes, none shorter.");
        for (int i = 0; i < index.Rank; i++)
            if (index[i] < source.Shape[i]) source = source.Narrow(i, 0, index[i]);
        return source;
    }

    /// <summary>Gets the axis.</summary>
    public int Along => axis;

    public override string Name => "scatter";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (x, source, index) = (inputs[0], inputs[1].Contiguous(), inputs[2]);
        Save(0, index);
        var result = x.CopyDense();
        Into(result, axis, index, source);
        return result;
    }

    private static void Into(Tensor target, int axis, Tensor index, Tensor source)
    {
        // The kernel works on whole outer and inner axes; an index that covers a part of them writes to a copy of that part.
        var place = Gather.Crop("scatter", target, index.Shape, axis);
        var dense = place.IsContiguous ? place : place.CopyDense();
        dense.Kernels.Scatter(dense, IndexedAxis.Elements(dense.Shape, axis, index), index, source, accumulate: false);
        if (!ReferenceEquals(dense, place)) place.Kernels.Copy(dense, place);
    }

    protected override void Vjp(Tensor gradient)
    {
        var index = Saved(0);
        if (Needs(0)) Give(0, Of(gradient, axis, index, Tensor.Zeros(index.Shape, gradient.DType, gradient.Device)));
        if (!Needs(1)) return;
        var own = Gather.OfChecked(Gather.Crop("scatter", gradient, index.Shape, axis), axis, index);
        Give(1, Tensor.Where(Stayed(index, gradient.Shape), own, Tensor.Zeros(Shape.Scalar, own.DType, own.Device)));
    }

    /// <summary>
    /// Which of the elements were not replaced by a later one: each writes its number, then looks whether it is still there.
    /// </summary>
    private Tensor Stayed(Tensor index, Shape shape)
    {
        var numbers = Indices.Count(checked((int)index.Count), index.Device).Reshape(index.Shape.Axes);
        var board = Tensor.Empty(shape, DType.Int64, index.Device);
        Into(board, axis, index, numbers);
        return Gather.OfChecked(Gather.Crop("scatter", board, index.Shape, axis), axis, index).Equal(numbers);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("some twice", x => x[0].Scatter(1, Tensor.From<int>([0, 0, 2, -1], new Shape(2, 2)), x[1]), Sample.Values(2, 3),
            Sample.Values(2, 2)),
        new("of a part", x => x[0].Scatter(0, Tensor.From<int>([1, 0], new Shape(2, 1)), x[1]).Square(), Sample.Values(3, 3),
            Sample.Values(3, 2)),
        new("a number", x => x[0].Scatter(0, Tensor.From<int>([1, 0], new Shape(1, 2)), 3.0), Sample.Values(3, 2)),
    ];
}
