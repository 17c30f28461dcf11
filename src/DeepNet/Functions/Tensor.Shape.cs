namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// The same elements under another shape; one length may be −1 and is worked out. A view where the strides allow it;
    /// otherwise a copy, which the name of <see cref="View(ReadOnlySpan{int})"/> never makes.
    /// </summary>
    public Tensor Reshape(params ReadOnlySpan<int> lengths) => Ops.Reshape.Apply(this, lengths, mayCopy: true);

    /// <summary>The same elements under another shape, sharing memory; an error where that cannot be.</summary>
    public Tensor View(params ReadOnlySpan<int> lengths) => Ops.Reshape.Apply(this, lengths, mayCopy: false);

    /// <summary>The axes in another order: a view.</summary>
    public Tensor Permute(params ReadOnlySpan<int> order) => Ops.Permute.Apply(this, order);

    /// <summary>Two axes exchanged: a view.</summary>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        first = Axis.Normalize("transpose", first, Shape);
        second = Axis.Normalize("transpose", second, Shape);
        return Ops.Permute.Exchange(this, first, second);
    }

    /// <summary>The transpose of a matrix, or of the last two axes of a batch of them: a view.</summary>
    public Tensor T => Rank >= 2 ? Transpose() : throw new InvalidOperationException(
        $"[transpose] T exchanges the last two axes, and a tensor of shape {Shape} has {Rank}. Unsqueeze it first to make a row or a "
        + "column.");

    /// <summary>Axes of length 1, and new ones in front, repeated to the given shape without copying: a view of stride 0.</summary>
    public Tensor Expand(Shape to) => Ops.Expand.Apply(this, to);

    /// <inheritdoc cref="Expand(Shape)"/>
    [OverloadResolutionPriority(1)] // of a collection expression, which may have a −1 in it
    public Tensor Expand(params ReadOnlySpan<int> lengths) => Ops.Expand.Apply(this, Ops.Expand.Resolve(Shape, lengths));

    /// <summary>
    /// The sum over all that broadcasting from <paramref name="to"/> to this shape repeats: the adjoint of <see cref="Expand(Shape)"/>.
    /// </summary>
    public Tensor SumTo(Shape to) => Ops.SumTo.Apply(this, to);
}
