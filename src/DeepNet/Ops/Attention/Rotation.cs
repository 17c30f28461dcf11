namespace DeepNet.Ops;

/// <summary>
/// Turns pairs of features by an angle that depends on the step: (a, b) becomes (a·cos − b·sin, b·cos + a·sin). Operands are
/// (batch, steps, heads, features) and two tables (steps, features / 2).
/// </summary>
internal sealed class Rotation : Operator, ISampled
{
    private readonly Tensor cos, sin;
    private readonly bool isInterleaved, isBackwards;

    private Rotation(Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards)
        => (this.cos, this.sin, this.isInterleaved, this.isBackwards) = (cos, sin, isInterleaved, isBackwards);

    /// <summary>Turns x, float32 or float64 as the tables are.</summary>
    /// <param name="x">The features.</param>
    /// <param name="cos">The cosines, dense.</param>
    /// <param name="sin">The sines, dense.</param>
    /// <param name="isInterleaved">True for pairs of neighbours, false for pairs of one from each half.</param>
    /// <param name="isBackwards">True to turn the other way.</param>
    public static Tensor Of(Tensor x, Tensor cos, Tensor sin, bool isInterleaved, bool isBackwards = false)
        => new Rotation(cos, sin, isInterleaved, isBackwards).Apply(x);

    /// <summary>Gets the tables of cosines and sines.</summary>
    public (Tensor Cos, Tensor Sin) Tables => (cos, sin);

    /// <summary>Gets a value that is true for pairs of neighbours, false for pairs of one from each half.</summary>
    public bool IsInterleaved => isInterleaved;

    /// <summary>Gets a value that is true if pairs are turned the other way.</summary>
    public bool IsBackwards => isBackwards;

    public override string Name => "rotary_embedding";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Strides[3] == 1 ? inputs[0] : inputs[0].Contiguous();
        var y = Tensor.Allocate(x.Shape, x.DType, x.Device);
        if (x.Device is IRotator) ((IRotator)x.Kernels).Rotate(x, cos, sin, isInterleaved, isBackwards, y);
        else Compose(x, y);
        return y;
    }

    private void Compose(Tensor x, Tensor y)
    {
        var (c, s) = (cos.Unsqueeze(1), isBackwards ? -sin.Unsqueeze(1) : sin.Unsqueeze(1));
        Tensor a = Part(x, 0), b = Part(x, 1);
        x.Kernels.Copy(a * c - b * s, Part(y, 0));
        x.Kernels.Copy(b * c + a * s, Part(y, 1));
    }

    private Tensor Part(Tensor tensor, int second)
    {
        int half = tensor.Shape[3] / 2;
        return isInterleaved ? tensor.Slice(3, second, step: 2) : tensor.Narrow(3, second * half, half);
    }

    // The inverse of a rotation is its transpose.
    protected override void Vjp(Tensor gradient) => Give(0, Of(gradient, cos, sin, isInterleaved, !isBackwards));

    public static IEnumerable<Sample> Samples =>
    [
        new("halves", x => Sampled(x[0], false), Sample.Values(2, 3, 2, 4)),
        new("neighbours", x => Sampled(x[0], true), Sample.Values(1, 2, 3, 6)),
        new("permuted", x => Sampled(x[0].Permute(0, 2, 1, 3), false), Sample.Values(2, 2, 3, 2)),
    ];

    private static Tensor Sampled(Tensor x, bool isInterleaved)
    {
        var angles = Sample.Values(x.Shape[1], x.Shape[3] / 2).To(x.DType).To(x.Device);
        return Of(x, angles.Cos(), angles.Sin(), isInterleaved);
    }
}
