namespace DeepNet.Ops;

/// <summary>The axes in another order.</summary>
internal sealed class Permute : LinearNode, ISampled
{
    private readonly Shape from;
    private readonly int[] inverse;

    private Permute(Tensor x, ReadOnlySpan<int> order) : base(x.KnownNode!)
    {
        from = x.Shape;
        inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
    }

    public static Tensor Apply(Tensor x, ReadOnlySpan<int> order)
    {
        if (order.Length != x.Rank)
            throw new ArgumentException(
                $"[permute] order ({string.Join(", ", order.ToArray())}) must name each of the {x.Rank} axes of shape {x.Shape} once.");
        Span<int> axes = stackalloc int[x.Rank];
        Span<int> lengths = stackalloc int[x.Rank];
        Span<nint> strides = stackalloc nint[x.Rank];
        uint seen = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int axis = axes[i] = Axis.Normalize("permute", order[i], x.Shape);
            if ((seen >> axis & 1) != 0)
                throw new ArgumentException($"[permute] order ({string.Join(", ", order.ToArray())}) names axis {axis} twice.");
            seen |= 1u << axis;
            lengths[i] = x.Shape[axis];
            strides[i] = x.StrideArray[axis];
        }
        var result = x.View(new Shape(lengths), strides, x.Offset);
        if (result.IsViewOf(x)) result.Node = new Permute(x, axes);
        if (Listener.IsOn) Recording.Applied("permute", axes.ToArray(), result, x);
        return result;
    }

    /// <summary>Two axes exchanged: what the derivative of every product asks for.</summary>
    public static Tensor Exchange(Tensor x, int first, int second)
    {
        int[] lengths = x.Shape.Axes.ToArray();
        nint[] strides = x.Strides.ToArray();
        (lengths[first], lengths[second]) = (lengths[second], lengths[first]);
        (strides[first], strides[second]) = (strides[second], strides[first]);
        var result = x.View(new Shape(lengths), strides, x.Offset);
        if (result.IsViewOf(x)) result.Node = new Permute(x, Exchanged(x.Rank, first, second));
        if (Listener.IsOn) Recording.Applied("permute", Exchanged(x.Rank, first, second), result, x);
        return result;
    }

    private static int[] Exchanged(int rank, int first, int second)
    {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) order[i] = i;
        (order[first], order[second]) = (second, first);
        return order;
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("matrix", x => x[0].T, Sample.Values(2, 3)),
        new("rank 3", x => x[0].Permute(2, 0, 1), Sample.Values(2, 3, 4)),
        new("exchanged", x => x[0].Transpose(0, 2), Sample.Values(2, 3, 4)),
        new("negative axes", x => x[0].Permute(-1, 0, -2), Sample.Values(2, 1, 3)),
    ];

    public override string Name => "permute";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, gradient.Permute(inverse));
    internal override bool IsView => true;

    internal override Tensor? Place(Engine engine, DType dtype, Device device)
    {
        if (engine.OpenGradient(Source, from, dtype, device) is not { } whole) return null;
        Span<int> order = stackalloc int[inverse.Length];
        for (int i = 0; i < order.Length; i++) order[inverse[i]] = i;
        return whole.Permute(order);
    }
}
