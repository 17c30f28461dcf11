using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>A weight as a product of two thin matrices, of which the left one takes the place of the original.</summary>
internal sealed class LowRankWeight : Parametrization
{
    [StateName("right")]
    private readonly Parameter right;
    private readonly int[] shape;
    private Tensor? left;       // until it is the original

    public LowRankWeight(Shape shape, Tensor left, Tensor right)
        => (this.shape, this.left, this.right) = (shape.Axes.ToArray(), left, new Parameter(right));

    public override string Description => $"LowRankWeight({string.Join('×', shape)}, rank: {right.Shape[0]})";

    protected override Tensor Inverse(Tensor value)
    {
        var given = left!;
        left = null;
        return given;
    }

    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.MatMul(right.Value).Reshape(shape);
    }

    protected override Tensor Affine(Tensor x, Tensor? bias, Formula? activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Affine(right.Value, transposed: true).Affine(Original.Value, bias, transposed: true, activation);
    }
}
