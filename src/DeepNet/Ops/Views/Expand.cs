namespace DeepNet.Ops;

/// <summary>Repeats axes of length 1 without copying. Its adjoint is <see cref="SumTo"/>, and the other way round.</summary>
internal sealed class Expand(Tensor x) : LinearNode(x.KnownNode!), ISampled
{
    private readonly Shape from = x.Shape;

    public static Tensor Apply(Tensor x, Shape to)
    {
        // Most often there is nothing to do, and then little to compile: what allocates on the stack and loops is never jitted quickly.
        return x.Shape.Equals(to) ? x : Repeat(x, to);
    }

    private static Tensor Repeat(Tensor x, Shape to)
    {
        int added = to.Rank - x.Rank;
        Span<nint> strides = stackalloc nint[to.Rank];
        strides.Clear();
        if (added < 0) throw CannotExpand(x.Shape, to);
        for (int i = 0; i < x.Rank; i++)
        {
            if (x.Shape[i] == to[i + added]) strides[i + added] = x.StrideArray[i];
            else if (x.Shape[i] != 1) throw CannotExpand(x.Shape, to);
        }
        var result = x.View(to, strides, x.Offset);
        if (result.IsViewOf(x)) result.Node = new Expand(x);
        if (Listener.IsOn) Recording.Applied("expand", to, result, x);
        return result;
    }

    /// <summary>−1 keeps the length of an axis.</summary>
    public static Shape Resolve(Shape from, ReadOnlySpan<int> lengths)
    {
        Span<int> resolved = stackalloc int[lengths.Length];
        lengths.CopyTo(resolved);
        int added = lengths.Length - from.Rank;
        for (int i = 0; i < lengths.Length; i++)
            if (lengths[i] == -1 && i >= added) resolved[i] = from[i - added];
        return new Shape(resolved);
    }

    private static ArgumentException CannotExpand(Shape from, Shape to)
        => new($"[expand] shape {from} cannot be expanded to {to}: aligned at the last axis, each length must be equal or 1 on the left.");

    public static IEnumerable<Sample> Samples =>
    [
        new("column", x => x[0].Expand(2, 3), Sample.Values(2, 1)),
        new("new axes", x => x[0].Expand(4, 2, 3), Sample.Values(3)),
        new("scalar", x => x[0].Expand(2, 2), Sample.Values()),
        new("kept length", x => x[0].Expand(2, -1, 3), Sample.Values(2, 1)),
        new("to nothing", x => x[0].Expand(0, 3), Sample.Values(3)),
    ];

    public override string Name => "expand";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, gradient.SumTo(from));
    internal override bool IsView => true;
}
