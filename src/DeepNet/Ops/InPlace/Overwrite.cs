namespace DeepNet.Ops;

/// <summary>
/// A recorded in-place change: a tensor with a region replaced by a value, or some places of the region. The tensor's gradient goes on to
/// what it was before, zero where it was replaced, and from there to the value. The pass clears the gradient where it lies, so that a
/// loop that fills a tensor part by part costs in both directions what the parts cost.
/// </summary>
internal sealed class Overwrite : Node, ISampled
{
    private readonly string op;
    private readonly Node? old, value;
    private readonly MemoryMap region;
    private Places? places;

    /// <param name="op">The operator that changed the tensor.</param>
    /// <param name="old">The node that the tensor had before, if any of its elements are left.</param>
    /// <param name="value">The node of what was written.</param>
    /// <param name="region">Where it was written.</param>
    /// <param name="places">The places of the region; null for all of it.</param>
    public Overwrite(string op, Node? old, Node? value, MemoryMap region, Places? places) : base(old, value)
    {
        this.op = op;
        this.old = old;
        this.value = value;
        this.region = region;
        this.places = places;
    }

    public override string Name => op;
    public override int InputCount => 2;
    public override Node? Input(int index) => index == 0 ? old : value;

    internal override void Backward(Tensor gradient, Engine engine)
    {
        if (old is null || engine.CreateGraph)
        {
            if (value is not null) engine.Give(value, Take(gradient));
            if (old is not null) engine.Give(old, Cleared(gradient));
            return;
        }
        var rest = Engine.IsHeldOnce(gradient) && region.Fits(gradient) ? gradient : region.Copy(gradient);
        if (value is not null) engine.Give(value, places is null ? Take(rest).CopyDense() : Take(rest));
        Clear(rest);
        engine.Give(old, rest);
    }

    private Tensor Take(Tensor whole)
    {
        var part = MemoryView.Of(whole, region);
        return places is null ? part : places.Take(part);
    }

    private void Clear(Tensor whole)
    {
        var part = region.Of(whole);
        if (places is null) part.Kernels.Fill(part, 0);
        else places.Put(part, Tensor.Zeros(places.Shape, part.DType, part.Device));
    }

    private Tensor Cleared(Tensor gradient)
    {
        var rest = region.Copy(gradient);
        Clear(rest);
        if (gradient.Node is { } node) rest.Node = new Overwrite(op, node, null, region, places);
        return rest;
    }

    internal override void Free() => places = null;

    public static IEnumerable<Sample> Samples =>
    [
        new("a row", x => Changed(x[0] * 2, y => y[1] = x[1].Exp()), Sample.Values(3, 2), Sample.Values(2)),
        new("a column, broadcast", x => Changed(Tensor.Zeros(new Shape(3, 2), DType.Float64, x[0].Device), y => y[.., 1] = x[0].Square()),
            Sample.Values(1)),
        new("rows one after the other", x => Changed(x[0].Square(), y =>
        {
            for (int i = 0; i < 3; i++) y[i] = y[2 - i].Clone().Sin() * x[1];
        }),
            Sample.Values(3, 2), Sample.Values(2)),
        new("through a view of a view", x => Changed(x[0].Square(), y => y.T[1..].Select(-1, 0).CopyFrom(x[1])), Sample.Values(2, 3),
            Sample.Values(2)),
        new("to a transposed result", x => Changed(x[0].T.Clone().T.Square(), y => y[1] = x[1]), Sample.Values(3, 2), Sample.Values(2)),
        new("a mask, one number", x => Changed(x[0].Square(), y => y[Sample.Values(2, 3).To(y.Device) > 0] = x[1]), Sample.Values(2, 3),
            Sample.Values()),
        new("a mask, values", x => Changed(x[0].Square(), y => y[Sample.Values(4).To(y.Device) > 0] = x[1]), Sample.Values(4, 2),
            Sample.Values(2, 2)),
        new("places, some twice", x => Changed(x[0].Square(), y => y[new[] { 2, 0, 2, -1 }] = x[1].Square()), Sample.Values(3, 2),
            Sample.Values(4, 2)),
        new("places in two axes of a transpose", x => Changed(x[0].Square(), y => y.T[new[] { 1, 0 }, new[] { 0, 0 }] = x[1]),
            Sample.Values(3, 2), Sample.Values(2)),
        new("add, mul, sub and div", x => x[0].Square().AddInPlace(x[1]).MulInPlace(x[1]).SubInPlace(x[0]).DivInPlace(x[2]),
            Sample.Values(2, 3), Sample.Values(3), Sample.Positive(2, 1)),
        new("a number over a part", x => Changed(x[0].Square(), y => y[.., 1..].FillInPlace(2)).Square(), Sample.Values(2, 3)),
    ];

    private static Tensor Changed(Tensor y, Action<Tensor> change)
    {
        change(y);
        return y;
    }
}
