namespace DeepNet.Ops;

/// <summary>
/// A view by an <see cref="AxisMap"/>. Its adjoint is <see cref="Embed"/>, and the other way round, so any order of derivative works.
/// </summary>
internal sealed class MappedView(Tensor x, AxisMap map) : LinearNode(x.KnownNode!), ISampled
{
    public static Tensor Of(Tensor x, AxisMap map)
    {
        var result = map.Apply(x);
        if (result.IsViewOf(x)) result.Node = new MappedView(x, map);
        if (Listener.IsOn) Recording.Applied(map.Name, map, result, x);
        return result;
    }

    public override string Name => map.Name;

    internal override void Backward(Tensor gradient, Engine engine)
    {
        // Into what other views of the same tensor have given already: the pieces of a Split cost one pass together, not one each.
        if (!map.Overlaps && engine.OpenSum(Source) is { } sum) map.Apply(sum).AddInto(gradient);
        else engine.Give(Source, Embed.Of(gradient, map));
    }

    internal override Tensor? Place(Engine engine, DType dtype, Device device)
        => !map.Overlaps && engine.OpenGradient(Source, map.From, dtype, device) is { } whole ? map.Apply(whole) : null;

    internal override bool IsView => true;

    public static IEnumerable<Sample> Samples =>
    [
        new("narrow", x => x[0].Narrow(1, 1, 2), Sample.Values(2, 4)),
        new("narrow to nothing", x => x[0].Narrow(0, 2, 0), Sample.Values(2, 3)),
        new("select", x => x[0].Select(-1, 2), Sample.Values(2, 3)),
        new("slice", x => x[0].Slice(0, 1, null, 2), Sample.Values(6, 2)),
        new("slice backwards", x => x[0].Slice(1, -2, 0, -2), Sample.Values(2, 7)),
        new("flip", x => x[0].Flip(0, 2), Sample.Values(2, 3, 2)),
        new("diagonal", x => x[0].Diagonal(1), Sample.Values(3, 4)),
        new("diagonal of a batch", x => x[0].Diagonal(-1, 0, 2), Sample.Values(3, 2, 4)),
        new("squeeze", x => x[0].Squeeze(1), Sample.Values(3, 1, 2)),
        new("unsqueeze", x => x[0].Unsqueeze(-2), Sample.Values(3, 2)),
        new("windows that overlap", x => x[0].Unfold(0, 3, 1), Sample.Values(5, 2)),
        new("windows with gaps", x => x[0].Unfold(1, 2, 3), Sample.Values(2, 8)),
        new("pieces together", x => { var p = x[0].Split(2, 0); return p[0] * p[1] + p[2].Flip(1); }, Sample.Values(6, 3)),
        new("an index expression", x => x[0][^1, .., Tensor.NewAxis, 1..3], Sample.Values(2, 2, 4)),
    ];
}
