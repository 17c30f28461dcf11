namespace DeepNet.Ops;

/// <summary>Elements put to places along an axis of a tensor of zeros. Its adjoint is <see cref="Pick"/>, and the other way round.</summary>
internal sealed class Place(int axis, Shape to) : Operator, ISampled
{
    public static Tensor Of(Tensor g, Tensor places, Shape to, int axis) => new Place(axis, to).Apply(g, places);

    public override string Name => "place";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (g, places) = (inputs[0].Contiguous(), inputs[1]);
        Save(0, places);
        var y = Tensor.Full(to, 0, g.DType, g.Device);
        y.Device.Place(g, places, y, axis);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, Pick.Of(gradient, Saved(0), axis));

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], Tensor.From<long>([2, 0, 1, 2], new Shape(2, 2)), new Shape(2, 3), 1), Sample.Values(2, 2)),
    ];
}
