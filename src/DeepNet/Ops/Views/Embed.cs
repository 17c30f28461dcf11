namespace DeepNet.Ops;

/// <summary>
/// A tensor of one value with another tensor in the place that an <see cref="AxisMap"/> shows, summed where the map shows a
/// place several times: the adjoint of <see cref="MappedView"/>, and padding.
/// </summary>
internal sealed class Embed(Tensor x, AxisMap map) : LinearNode(x.Node!), ISampled
{
    public static Tensor Of(Tensor x, AxisMap map, Scalar around = default)
    {
        using var step = Listener.IsOn ? Recording.Enter(map.Name) : default;
        var result = Tensor.Full(map.From, around, x.DType, x.Device);
        var place = map.Apply(result);
        if (!map.Overlaps) x.Kernels.Copy(x, place);
        else AddWindows(x.Detach(), place);
        if (x.Node is not null && Autograd.IsEnabled) result.Node = new Embed(x, map);
        step.Applied((map, around), result, x);
        return result;
    }

    // The n-th elements of all windows lie apart: one addition for each n, in this order.
    private static void AddWindows(Tensor x, Tensor place)
    {
        for (int i = 0; i < place.Shape[^1]; i++) place.Select(-1, i).AddInto(x.Select(-1, i));
    }

    public override string Name => map.Name + "_adjoint";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, MappedView.Of(gradient, map));

    public static IEnumerable<Sample> Samples =>
    [
        new("between ones", x => Of(x[0], AxisMap.Along("slice", new Shape(2, 7), 1, 5, -2, 3), 1), Sample.Values(2, 3)),
        new("diagonal", x => Of(x[0], AxisMap.Diagonal(new Shape(3, 4), 1, 0, 1)), Sample.Values(3)),
        new("windows that overlap", x => Of(x[0], AxisMap.Unfold(new Shape(5), 0, 3, 1)), Sample.Values(3, 3)),
    ];
}
