namespace DeepNet.Ops;

/// <summary>A view by its <see cref="MemoryMap"/>: what an older view becomes when the tensor that it shows has changed in place.</summary>
internal sealed class MemoryView(Node source, MemoryMap map) : LinearNode(source), ISampled
{
    public static Tensor Of(Tensor whole, MemoryMap map)
    {
        var part = map.Of(map.Fits(whole) ? whole : map.Copy(whole));
        if (whole.Node is { } node && Autograd.IsEnabled) part.Node = new MemoryView(node, map);
        return part;
    }

    public override string Name => "view";
    internal override bool IsView => true;

    internal override void Backward(Tensor gradient, Engine engine)
    {
        if (!map.Overlaps && engine.OpenSum(Source) is { } sum && map.Fits(sum)) map.Of(sum).AddInto(gradient);
        else engine.Give(Source, Embedded.Of(gradient, map));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("of an old view", x => Stale(x[0].Clone(), whole => whole[1..]), Sample.Values(3, 2)),
        new("of an old transpose", x => Stale(x[0].T.Clone().T, whole => whole.T.Flip(0)), Sample.Values(3, 2)),
        new("of old windows that overlap", x => Stale(x[0].Clone(), whole => whole.Unfold(0, 2, 1)), Sample.Values(4, 2)),
        new("of an old expanded row", x => Stale(x[0].Clone(), whole => whole[1].Expand(3, 2)), Sample.Values(3, 2)),
    ];

    private static Tensor Stale(Tensor whole, Func<Tensor, Tensor> view)
    {
        var before = view(whole);
        whole.MulInPlace(whole);
        return before * 2;
    }

    /// <summary>Zeros with a tensor in the place of a part, summed where elements meet: the adjoint.</summary>
    private sealed class Embedded(Node source, MemoryMap map) : LinearNode(source)
    {
        public static Tensor Of(Tensor part, MemoryMap map)
        {
            var whole = map.Embed(part);
            if (part.Node is { } node && Autograd.IsEnabled) whole.Node = new Embedded(node, map);
            return whole;
        }

        public override string Name => "view_adjoint";
        internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, MemoryView.Of(gradient, map));
    }
}
