namespace DeepNet.Ops;

/// <summary>Elements at places along an axis that a kernel found (sorted, largest…): none is taken twice, all are in range. Its adjoint is <see cref="Place"/>.</summary>
internal sealed class Pick(int axis) : Operator, ISampled
{
    private Shape? from;

    public static Tensor Of(Tensor x, Tensor places, int axis) => new Pick(axis).Apply(x, places);

    public override string Name => "pick";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (x, places) = (inputs[0].Contiguous(), inputs[1].Contiguous());
        from = x.Shape;
        Save(0, places);
        var y = Tensor.Allocate(places.Shape, x.DType, x.Device);
        y.Device.Pick(x, places, y, axis);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, Place.Of(gradient, Saved(0), from!, axis));

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], Tensor.From<long>([2, 0, 1, 2], new Shape(2, 2)), 1), Sample.Values(2, 3)),
        new("sorted", x => x[0].Sort(1).Values, Sample.Values(2, 5)),
        new("sorted columns, falling", x => x[0].Sort(0, descending: true).Values, Sample.Values(5, 2)),
        new("the largest", x => x[0].TopK(2, 1).Values, Sample.Values(2, 5)),
        new("the smallest of columns", x => x[0].TopK(3, 0, largest: false).Values, Sample.Values(5, 2)),
        new("the largest with its place", x => x[0].MaxWithIndices(1).Values.Square(), Sample.Values(2, 3)),
        new("the smallest with its place", x => x[0].MinWithIndices(0, keepDim: true).Values, Sample.Values(3, 2)),
    ];
}
