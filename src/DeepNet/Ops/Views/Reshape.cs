namespace DeepNet.Ops;

/// <summary>The same elements under another shape.</summary>
internal sealed class Reshape(Tensor x, Shape to) : LinearNode(x.KnownNode!), ISampled
{
    private readonly Shape from = x.Shape, to = to;

    public static Tensor Apply(Tensor x, ReadOnlySpan<int> lengths, bool mayCopy) => Apply(x, Resolve(x.Shape, lengths), mayCopy);

    public static Tensor Apply(Tensor x, Shape to, bool mayCopy)
    {
        if (to.Count != x.Count) throw WrongCount(x.Shape, to.Axes);
        if (to.Equals(x.Shape)) return x;
        Span<nint> strides = stackalloc nint[to.Rank];
        Tensor result;
        if (x.IsContiguous) result = x.View(to, to.RowMajor, x.Offset);
        else if (Layout.TryReshape(x.Shape, x.Strides, to, strides)) result = x.View(to, strides, x.Offset);
        else if (mayCopy) return Apply(x.Clone(), to, mayCopy: false);
        else throw new InvalidOperationException(
            $"[view] shape {x.Shape} with strides ({string.Join(", ", x.Strides.ToArray())}) cannot be seen as {to} without moving "
            + "elements. Use Reshape, which copies where it must.");
        if (result.IsViewOf(x)) result.Node = new Reshape(x, to);
        if (Listener.IsOn) Recording.Applied("reshape", to, result, x);
        return result;
    }

    /// <summary>Works out the one length that is given as −1.</summary>
    private static Shape Resolve(Shape from, ReadOnlySpan<int> lengths)
    {
        int unknown = lengths.IndexOf(-1);
        if (unknown < 0) return new Shape(lengths);
        if (lengths[(unknown + 1)..].Contains(-1))
            throw new ArgumentException($"[reshape] ({string.Join(", ", lengths.ToArray())}): only one length can be -1.");
        nint known = 1;
        for (int i = 0; i < lengths.Length; i++)
            if (i != unknown) known *= lengths[i];
        if (known == 0 || from.Count % known != 0) throw WrongCount(from, lengths);
        int[] resolved = lengths.ToArray();
        resolved[unknown] = Axis.Length("reshape", from.Count / known, from);
        return new Shape(resolved);
    }

    private static ArgumentException WrongCount(Shape from, ReadOnlySpan<int> to)
        => new($"[reshape] a tensor of shape {from} has {from.Count} elements, which do not fill ({string.Join(", ", to.ToArray())}).");

    public static IEnumerable<Sample> Samples =>
    [
        new("flatten", x => x[0].Reshape(-1), Sample.Values(2, 3)),
        new("split an axis", x => x[0].Reshape(2, 3, -1), Sample.Values(6, 2)),
        new("of a transpose, copies", x => x[0].T.Reshape(6), Sample.Values(2, 3)),
        new("to a scalar", x => x[0].Reshape(), Sample.Values(1, 1)),
        new("empty", x => x[0].Reshape(0, 5), Sample.Values(3, 0)),
    ];

    public override string Name => "reshape";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, Apply(gradient, from, mayCopy: true));
    internal override bool IsView => true;

    internal override Tensor? Place(Engine engine, DType dtype, Device device)
    {
        if (engine.OpenGradient(Source, from, dtype, device) is not { } whole) return null;
        Span<nint> strides = stackalloc nint[to.Rank];
        return Layout.TryReshape(whole.Shape, whole.Strides, to, strides) ? whole.View(to, strides, whole.Offset) : null;
    }
}
