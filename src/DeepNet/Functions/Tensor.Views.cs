namespace DeepNet;

// Views that show some of the elements, or all of them in another order. All share memory with the tensor they are taken
// from: writing to one shows in the other.
public sealed partial class Tensor
{
    /// <summary>Without the given axes, which must have length 1; without any argument, without all axes of length 1. A view.</summary>
    public Tensor Squeeze(params ReadOnlySpan<int> axes) => MappedView.Of(this, AxisMap.Squeeze(Shape, axes));

    /// <summary>With a new axis of length 1 at the given place; −1 puts it last. A view.</summary>
    public Tensor Unsqueeze(int axis) => MappedView.Of(this, AxisMap.Unsqueeze(Shape, axis));

    /// <summary>
    /// The <paramref name="length"/> places of an axis from <paramref name="start"/> on; a negative start counts from the end. A view.
    /// </summary>
    public Tensor Narrow(int axis, int start, int length) => MappedView.Of(this, AxisMap.Narrow(Shape, axis, start, length));

    /// <summary>One place of an axis, which is dropped; a negative index counts from the end. A view.</summary>
    public Tensor Select(int axis, int index) => MappedView.Of(this, AxisMap.Select(Shape, axis, index));

    /// <summary>
    /// Python's <c>start:end:step</c> on one axis: null means as far as it goes, negative numbers count from the end, what lies
    /// outside is cut off, and a negative step goes backwards. A view, whose stride may be negative.
    /// </summary>
    public Tensor Slice(int axis, int? start = null, int? end = null, int step = 1)
        => MappedView.Of(this, AxisMap.Slice(Shape, axis, start, end, step));

    /// <summary>The given axes backwards, or all of them. A view of negative strides.</summary>
    public Tensor Flip(params ReadOnlySpan<int> axes) => MappedView.Of(this, AxisMap.Flip(Shape, axes));

    /// <summary>The diagonal of two axes as a new last axis; an offset above 0 is above the main diagonal. A view.</summary>
    public Tensor Diagonal(int offset = 0, int axis1 = 0, int axis2 = 1)
        => MappedView.Of(this, AxisMap.Diagonal(Shape, offset, axis1, axis2));

    /// <summary>
    /// All windows of <paramref name="size"/> along an axis, each <paramref name="step"/> further: the axis counts windows, and
    /// a new last axis goes through one. A view; where windows overlap their gradients are added.
    /// </summary>
    public Tensor Unfold(int axis, int size, int step = 1) => MappedView.Of(this, AxisMap.Unfold(Shape, axis, size, step));

    /// <summary>Pieces of <paramref name="size"/> along an axis; the last may be shorter. Views.</summary>
    public Tensor[] Split(int size, int axis = 0)
    {
        axis = Axis.Normalize("split", axis, Shape);
        if (size < 1) throw new ArgumentOutOfRangeException(
            nameof(size), $"[split] pieces of {size} on axis {axis} of shape {Shape}: the size must be at least 1.");
        int length = Shape[axis];
        var pieces = new Tensor[Math.Max(1, (int)(((long)length + size - 1) / size))];
        for (int i = 0; i < pieces.Length; i++) pieces[i] = Narrow(axis, i * size, Math.Min(size, length - i * size));
        return pieces;
    }

    /// <summary>Pieces of the given sizes, which add up to the axis. Views.</summary>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        axis = Axis.Normalize("split", axis, Shape);
        long sum = 0;
        bool isNegative = false;
        foreach (int size in sizes)
        {
            sum += size;
            isNegative |= size < 0;
        }
        if (isNegative || sum != Shape[axis])
            throw new ArgumentException(
                $"[split] sizes ({string.Join(", ", sizes.ToArray())}) on axis {axis} of shape {Shape}: none may be negative, and "
                + $"they must add up to {Shape[axis]}, not {sum}.");
        var pieces = new Tensor[sizes.Length];
        for (int i = 0, start = 0; i < pieces.Length; start += sizes[i++]) pieces[i] = Narrow(axis, start, sizes[i]);
        return pieces;
    }

    /// <summary>At most <paramref name="count"/> pieces of equal size along an axis; the last may be shorter. Views.</summary>
    public Tensor[] Chunk(int count, int axis = 0)
    {
        axis = Axis.Normalize("chunk", axis, Shape);
        if (count < 1) throw new ArgumentOutOfRangeException(
            nameof(count), $"[chunk] {count} pieces of axis {axis} of shape {Shape}: there must be at least 1.");
        return Split(Math.Max(1, (int)(((long)Shape[axis] + count - 1) / count)), axis);
    }

    /// <summary>Every place of an axis by itself. Views.</summary>
    public Tensor[] Unbind(int axis = 0)
    {
        axis = Axis.Normalize("unbind", axis, Shape);
        var places = new Tensor[Shape[axis]];
        for (int i = 0; i < places.Length; i++) places[i] = Select(axis, i);
        return places;
    }

    /// <summary>Two axes exchanged: NumPy's name for <see cref="Transpose"/>. A view.</summary>
    public Tensor SwapAxes(int first, int second) => Transpose(first, second);

    /// <summary>One axis taken out and put in at another place; the others keep their order. A view.</summary>
    public Tensor MoveAxis(int from, int to)
    {
        from = Axis.Normalize("move_axis", from, Shape);
        to = Axis.Normalize("move_axis", to, Shape);
        Span<int> order = stackalloc int[Rank];
        for (int i = 0, next = 0; i < order.Length; i++)
        {
            if (next == from) next++;
            order[i] = i == to ? from : next++;
        }
        return Permute(order);
    }

    /// <summary>
    /// The axes from <paramref name="start"/> to <paramref name="end"/> (inclusive) as one. A view where the strides allow it, else a copy,
    /// like <see cref="Reshape"/>.
    /// </summary>
    public Tensor Flatten(int start = 0, int end = -1)
    {
        if (Rank == 0) return Reshape(1);
        start = Axis.Normalize("flatten", start, Shape);
        end = Axis.Normalize("flatten", end, Shape);
        if (start > end) throw new ArgumentException(
            $"[flatten] axes {start} to {end} of shape {Shape}: the first must not come after the last.");
        int length = Axis.Length("flatten", Axis.Product(Shape, start, end + 1), Shape);
        return Ops.Reshape.Apply(this, new Shape([.. Shape.Axes[..start], length, .. Shape.Axes[(end + 1)..]]), mayCopy: true);
    }

    /// <summary>One axis as several of the given lengths, of which one may be −1: undoes <see cref="Flatten"/>. A view.</summary>
    public Tensor Unflatten(int axis, params ReadOnlySpan<int> lengths)
    {
        axis = Axis.Normalize("unflatten", axis, Shape);
        long known = 1;
        int unknown = -1;
        for (int i = 0; i < lengths.Length; i++)
            if (lengths[i] != -1) known *= lengths[i];
            else if (unknown < 0) unknown = i;
            else known = 0;
        int size = Shape[axis];
        if (unknown < 0 ? known != size : known <= 0 || size % known != 0)
            throw new ArgumentException(
                $"[unflatten] axis {axis} of shape {Shape} has length {size}, "
                + $"which ({string.Join(", ", lengths.ToArray())}) does not fill.");
        int[] inner = lengths.ToArray();
        if (unknown >= 0) inner[unknown] = (int)(size / known);
        return Ops.Reshape.Apply(this, new Shape([.. Shape.Axes[..axis], .. inner, .. Shape.Axes[(axis + 1)..]]), mayCopy: false);
    }
}
