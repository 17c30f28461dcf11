namespace DeepNet.Ops;

/// <summary>
/// What <c>t[…]</c> means: first a view, by one <see cref="AxisMap"/>; then, on the axes of that view that tensors index, a
/// selection. NumPy's rules say where the axes of the index tensors go: in place of what they index if all tensors and numbers
/// stand side by side, else in front.
/// </summary>
internal sealed class IndexExpression
{
    private const string Op = "index";

    private readonly Shape source;
    private readonly List<(int Axis, Tensor Tensor)> selections = [];
    private readonly bool isInFront;

    public IndexExpression(Tensor x, ReadOnlySpan<TensorIndex> parts)
    {
        source = x.Shape;
        bool hasTensor = false, hasEllipsis = false;
        int used = 0;
        foreach (var part in parts)
        {
            if (part.Type == TensorIndex.Kind.Ellipsis && hasEllipsis) throw Error(parts, "there can be one Ellipsis only");
            hasEllipsis |= part.Type == TensorIndex.Kind.Ellipsis;
            hasTensor |= part.Type == TensorIndex.Kind.Tensor;
            used += Axes(part);
        }
        if (used > source.Rank) throw Error(parts, $"{used} axes are indexed and there are {source.Rank}");

        var starts = new int[source.Rank];
        var walks = new List<Walk>(source.Rank + parts.Length);
        int axis = 0;
        // Whether a tensor or number has been seen (1), and something else after it (2).
        int run = 0;
        foreach (var part in parts)
        {
            bool isPoint = part.Type is TensorIndex.Kind.Tensor or TensorIndex.Kind.Place;
            if (isPoint && run == 2) isInFront = hasTensor;
            if (isPoint && run == 0) run = 1;
            if (!isPoint && run == 1) run = 2;
            switch (part.Type)
            {
                case TensorIndex.Kind.Place:
                    starts[axis] = AxisMap.Place(Op, source, axis, part.Place);
                    axis++;
                    break;
                case TensorIndex.Kind.Range:
                    var (start, length) = Bounds(part.Range, axis);
                    starts[axis] = start;
                    walks.Add(new Walk(length, axis++));
                    break;
                case TensorIndex.Kind.NewAxis:
                    walks.Add(new Walk(1));
                    break;
                case TensorIndex.Kind.Ellipsis:
                    for (int end = axis + source.Rank - used; axis < end; axis++) walks.Add(new Walk(source[axis], axis));
                    break;
                default:
                    selections.Add((walks.Count, Selection(x, part.Tensor!, axis)));
                    for (int end = axis + Axes(part); axis < end; axis++) walks.Add(new Walk(source[axis], axis));
                    break;
            }
        }
        for (; axis < source.Rank; axis++) walks.Add(new Walk(source[axis], axis));
        Map = new AxisMap(Op, source, starts, [.. walks]);
    }

    /// <summary>The view.</summary>
    public AxisMap Map { get; }

    /// <summary>True if there are no tensors in it, so that the view is the result.</summary>
    public bool IsView => selections.Count == 0;

    /// <summary>The mask, if it is nothing but a mask.</summary>
    public static Tensor? OnlyMask(ReadOnlySpan<TensorIndex> parts)
        => parts.Length == 1 && parts[0].Tensor is { DType: DType.Bool } mask ? mask : null;

    private static int Axes(TensorIndex part) => part.Type switch
    {
        TensorIndex.Kind.Ellipsis or TensorIndex.Kind.NewAxis => 0,
        TensorIndex.Kind.Tensor when part.Tensor!.DType == DType.Bool => part.Tensor.Rank,
        _ => 1,
    };

    private (int Start, int Length) Bounds(Range range, int axis)
    {
        int size = source[axis], start = range.Start.GetOffset(size), end = range.End.GetOffset(size);
        if (start >= 0 && end >= start && end <= size) return (start, end - start);
        throw new ArgumentOutOfRangeException(nameof(range), start > end
            ? $"[{Op}] range {range} on axis {axis} of shape {source} ends before it starts: the axis has length {size}. To go "
            + "backwards, use Slice with a negative step, or Flip."
            : $"[{Op}] range {range} on axis {axis} of shape {source}: the axis has length {size}. Slice(axis, start, end) cuts off "
            + "what lies outside.");
    }

    // A mask of several axes becomes positions in those axes taken as one.
    private Tensor Selection(Tensor x, Tensor index, int axis)
    {
        if (index.DType != DType.Bool) return Indices.Of(Op, index, source, axis, x.Device);
        if (index.Device != x.Device) throw Elementwise.DifferentDevices(Op, x, index);
        if (index.Rank == 0) throw new ArgumentException(
            $"[{Op}] a mask without axes, in an index of shape {source}. Use an if, or Tensor.Where.");
        for (int i = 0; i < index.Rank; i++)
            if (index.Shape[i] != source[axis + i])
                throw new ArgumentException(
                    $"[{Op}] a mask of shape {index.Shape} over axes {axis} to {axis + index.Rank - 1} of shape {source}: axis "
                    + $"{axis + i} has length {source[axis + i]}, the mask {index.Shape[i]}.");
        return index;
    }

    private ArgumentException Error(ReadOnlySpan<TensorIndex> parts, string why)
        => new($"[{Op}] [{string.Join(", ", parts.ToArray())}] of shape {source}: {why}.");

    /// <summary>
    /// The view with its indexed axes side by side, where they are and how many, the indices into these axes taken as one, and
    /// the shape that comes in their place.
    /// </summary>
    public (Tensor View, int Axis, int Count, Tensor Index, Shape Selected) Arrange(Tensor view)
    {
        var axes = new List<int>();
        var selected = Shape.Scalar;
        Tensor? flat = null;
        for (int i = 0; i < selections.Count; i++)
        {
            var (axis, tensor) = selections[i];
            bool isMask = tensor.DType == DType.Bool;
            int length = 1;
            for (int end = axis + (isMask ? tensor.Rank : 1); axis < end; axis++)
            {
                axes.Add(axis);
                length = Axis.Length(Op, (long)length * view.Shape[axis], view.Shape);
            }
            var index = isMask ? Indices.Positions(tensor) : tensor;
            selected = Axis.Broadcast(Op, selected, index.Shape);
            if (selections.Count > 1) index = Indices.Wrap(index, length);
            flat = flat is null ? index : flat * (long)length + index;
        }
        int at = isInFront ? 0 : axes[0];
        if (isInFront)
        {
            var order = new List<int>(axes);
            for (int i = 0; i < view.Rank; i++)
                if (!axes.Contains(i)) order.Add(i);
            view = view.Permute([.. order]);
        }
        return (view, at, axes.Count, flat!.Reshape(-1), selected);
    }
}
