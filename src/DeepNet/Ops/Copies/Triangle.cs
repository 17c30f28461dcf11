namespace DeepNet.Ops;

/// <summary>One side of a diagonal of each matrix, zero on the other. It is its own adjoint.</summary>
internal sealed class Triangle(int diagonal, bool isUpper) : Operator, ISampled
{
    public static Tensor Of(Tensor x, int diagonal, bool isUpper)
    {
        var op = new Triangle(diagonal, isUpper);
        return x.Rank >= 2 ? op.Apply(x)
            : throw new ArgumentException($"[{op.Name}] a tensor of shape {x.Shape} is not a matrix or a batch of them.");
    }

    /// <summary>Gets the diagonal at which the triangle begins.</summary>
    public int Diagonal => diagonal;

    /// <summary>Gets a value that is true for the upper triangle.</summary>
    public bool IsUpper => isUpper;

    public override string Name => isUpper ? "triu" : "tril";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        int rows = x.Shape[^2], columns = x.Shape[^1];
        var y = Tensor.Allocate(x.Shape, x.DType, x.Device);
        if (y.Count == 0) return y;
        // All elements of a diagonal are kept, or none: the condition is a view of one that has an element for each of them.
        var kept = Tensor.Full(new Shape(rows + columns - 1), isUpper, DType.Bool, x.Device);
        int below = Math.Clamp(diagonal + rows - (isUpper ? 1 : 0), 0, (int)kept.Count);
        // Views as they are, without what Narrow and Expand do for a graph: for a small matrix that would be most of the time.
        x.Kernels.Fill(kept.View(new Shape(below), [1], 0), !isUpper);
        Span<nint> strides = stackalloc nint[x.Rank], none = stackalloc nint[x.Rank];
        (strides[^2], strides[^1]) = (-1, 1);
        var zero = Tensor.Full(Shape.Scalar, 0, x.DType, x.Device);
        x.Kernels.Select(kept.View(x.Shape, strides, rows - 1), x, zero.View(x.Shape, none, 0), y);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, Of(gradient, diagonal, isUpper));

    public static IEnumerable<Sample> Samples =>
    [
        new("lower", x => x[0].Tril(), Sample.Values(3, 4)),
        new("upper of a batch", x => x[0].Triu(1), Sample.Values(2, 3, 3)),
        new("lower, shifted", x => x[0].T.Tril(-1), Sample.Values(3, 4)),
    ];
}
