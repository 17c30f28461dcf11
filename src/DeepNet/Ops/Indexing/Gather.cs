namespace DeepNet.Ops;

/// <summary>
/// Elements at indexed places of one axis, the other places being those of the index itself. Its adjoint is <see cref="ScatterSum"/>.
/// </summary>
internal sealed class Gather(int axis) : Operator, ISampled
{
    private Shape? from;

    public static Tensor Of(Tensor x, int axis, Tensor index)
    {
        axis = Axis.Normalize("gather", axis, x.Shape);
        x = Crop("gather", x, index.Shape, axis);
        return OfChecked(x, axis, Indices.Of("gather", index, x.Shape, axis, x.Device));
    }

    public static Tensor OfChecked(Tensor x, int axis, Tensor index) => new Gather(axis).Apply(x, index);

    /// <summary>The part of <paramref name="x"/> that the index runs over on the axes it does not choose on.</summary>
    public static Tensor Crop(string op, Tensor x, Shape index, int axis)
    {
        bool fits = index.Rank == x.Rank;
        for (int i = 0; fits && i < x.Rank; i++) fits = i == axis || index[i] <= x.Shape[i];
        if (!fits)
            throw new ArgumentException(
                $"[{op}] an index of shape {index} for axis {axis} of shape {x.Shape}: it must have as many axes, none longer except "
                + $"axis {axis}.");
        for (int i = 0; i < x.Rank; i++)
            if (i != axis && index[i] < x.Shape[i]) x = x.Narrow(i, 0, index[i]);
        return x;
    }

    /// <summary>Gets the axis.</summary>
    public int Along => axis;

    public override string Name => "gather";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (x, index) = (inputs[0].Contiguous(), inputs[1]);
        Save(0, index);
        from = x.Shape;
        var y = Tensor.Allocate(index.Shape, x.DType, x.Device);
        x.Kernels.Gather(x, IndexedAxis.Elements(from, axis, index), index, y);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, ScatterSum.Of(gradient, from!, axis, Saved(0)));

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => x[0].Gather(0, Tensor.From<int>([0, 2, 2, -1, 1, 0], new Shape(2, 3))), Sample.Values(3, 3)),
        new("one a row, as of labels", x => x[0].Gather(1, Tensor.From<long>([2, 0], new Shape(2, 1))), Sample.Values(2, 3)),
        new("smaller index", x => x[0].Gather(1, Tensor.From<int>([1, 1], new Shape(1, 2))), Sample.Values(3, 4)),
        new("middle axis", x => x[0].Gather(1, Tensor.From<int>([1, 0, 2, 2], new Shape(2, 1, 2))), Sample.Values(2, 3, 2)),
    ];
}
