namespace DeepNet.Ops;

// The maps that have names. Axes are given as the user wrote them; bounds are checked here.
internal sealed partial class AxisMap
{
    public static AxisMap Narrow(Shape shape, int axis, int start, int length)
    {
        axis = Axis.Normalize("narrow", axis, shape);
        int size = shape[axis], from = start < 0 ? start + size : start;
        if (from < 0 || length < 0 || from > size - length)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"[narrow] start {start} and length {length} on axis {axis} of shape {shape}: the axis has length {size}.");
        return Along("narrow", shape, axis, from, 1, length);
    }

    public static AxisMap Select(Shape shape, int axis, int index)
    {
        axis = Axis.Normalize("select", axis, shape);
        int[] starts = new int[shape.Rank];
        starts[axis] = Place("select", shape, axis, index);
        var walks = new List<Walk>(Whole(shape));
        walks.RemoveAt(axis);
        return new AxisMap("select", shape, starts, [.. walks]);
    }

    /// <summary>The position that an index means on an axis; negative ones count from the end.</summary>
    public static int Place(string op, Shape shape, int axis, int index)
    {
        int size = shape[axis], place = index < 0 ? index + size : index;
        if ((uint)place < (uint)size) return place;
        throw new IndexOutOfRangeException(size == 0
            ? $"[{op}] index {index} on axis {axis} of shape {shape}: the axis has length 0, there is nothing to take."
            : $"[{op}] index {index} on axis {axis} of shape {shape}: the axis has length {size}, so indices go from 0 to {size - 1}, "
            + $"or from -1 back to {-size}.");
    }

    public static AxisMap Slice(Shape shape, int axis, int? start, int? end, int step)
    {
        axis = Axis.Normalize("slice", axis, shape);
        if (step == 0) throw new ArgumentOutOfRangeException(
            nameof(step), $"[slice] a step of 0 on axis {axis} of shape {shape}: it must be positive, or negative to go backwards.");
        int size = shape[axis], low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
        int from = start is { } s ? Math.Clamp(s < 0 ? s + size : s, low, high) : step > 0 ? low : high;
        int to = end is { } e ? Math.Clamp(e < 0 ? e + size : e, low, high) : step > 0 ? high : low;
        long distance = step > 0 ? (long)to - from : (long)from - to, stride = Math.Abs((long)step);
        return Along("slice", shape, axis, from, step, distance <= 0 ? 0 : (int)((distance + stride - 1) / stride));
    }

    public static AxisMap Flip(Shape shape, ReadOnlySpan<int> axes)
    {
        uint mask = Axis.Mask("flip", axes, shape);
        int[] starts = new int[shape.Rank];
        var walks = Whole(shape);
        for (int i = 0; i < walks.Length; i++)
        {
            if ((mask >> i & 1) == 0) continue;
            starts[i] = shape[i] - 1;
            walks[i] = walks[i] with { Step = -1 };
        }
        return new AxisMap("flip", shape, starts, walks);
    }

    public static AxisMap Diagonal(Shape shape, int offset, int axis1, int axis2)
    {
        if (shape.Rank < 2) throw new ArgumentException($"[diagonal] shape {shape} has no two axes.");
        axis1 = Axis.Normalize("diagonal", axis1, shape);
        axis2 = Axis.Normalize("diagonal", axis2, shape);
        if (axis1 == axis2) throw new ArgumentException(
            $"[diagonal] axis {axis1} of shape {shape} is named twice: a diagonal runs along two different axes.");
        int[] starts = new int[shape.Rank];
        int down = (int)Math.Max(0, shape[axis1] + (long)Math.Min(offset, 0));
        int right = (int)Math.Max(0, shape[axis2] - (long)Math.Max(offset, 0));
        starts[axis1] = shape[axis1] - down;
        starts[axis2] = shape[axis2] - right;
        var walks = new List<Walk>(shape.Rank);
        for (int i = 0; i < shape.Rank; i++)
            if (i != axis1 && i != axis2) walks.Add(new Walk(shape[i], i));
        walks.Add(new Walk(Math.Min(down, right), axis1, 1, axis2));
        return new AxisMap("diagonal", shape, starts, [.. walks]);
    }

    public static AxisMap Unfold(Shape shape, int axis, int size, int step)
    {
        axis = Axis.Normalize("unfold", axis, shape);
        if (size < 0 || size > shape[axis])
            throw new ArgumentOutOfRangeException(
                nameof(size), $"[unfold] windows of {size} on axis {axis} of shape {shape}: the axis has length {shape[axis]}.");
        if (step < 1) throw new ArgumentOutOfRangeException(
            nameof(step), $"[unfold] a step of {step}: windows must move on by at least 1.");
        return Windows("unfold", shape, axis, new((shape[axis] - size) / step + 1, size, step, 1));
    }

    /// <summary>All windows along an axis: the axis counts them, and a new last axis goes through one.</summary>
    public static AxisMap Windows(string name, Shape shape, int axis, Windows windows)
    {
        var walks = new List<Walk>(Whole(shape)) { new(windows.Kernel, axis, windows.Dilation) };
        walks[axis] = new Walk(windows.Count, axis, windows.Stride);
        return new AxisMap(name, shape, new int[shape.Rank], [.. walks]);
    }

    public static AxisMap Unsqueeze(Shape shape, int axis)
    {
        axis = Axis.Normalize("unsqueeze", axis, shape.Rank + 1, shape);
        var walks = new List<Walk>(Whole(shape));
        walks.Insert(axis, new Walk(1));
        return new AxisMap("unsqueeze", shape, new int[shape.Rank], [.. walks]);
    }

    /// <summary>Without the named axes, which must have length 1; if none is named, without all that do.</summary>
    public static AxisMap Squeeze(Shape shape, ReadOnlySpan<int> axes)
    {
        uint mask = Axis.Mask("squeeze", axes, shape);
        var walks = new List<Walk>(shape.Rank);
        for (int i = 0; i < shape.Rank; i++)
        {
            bool isNamed = (mask >> i & 1) != 0;
            if (isNamed && !axes.IsEmpty && shape[i] != 1)
                throw new ArgumentException(
                    $"[squeeze] axis {i} of shape {shape} has length {shape[i]}; only an axis of length 1 can be dropped.");
            if (!isNamed || shape[i] != 1) walks.Add(new Walk(shape[i], i));
        }
        return new AxisMap("squeeze", shape, new int[shape.Rank], [.. walks]);
    }

    private static Walk[] Whole(Shape shape)
    {
        var walks = new Walk[shape.Rank];
        for (int i = 0; i < walks.Length; i++) walks[i] = new Walk(shape[i], i);
        return walks;
    }

    /// <summary>One axis from a start by a step, the others as they are.</summary>
    public static AxisMap Along(string name, Shape shape, int axis, int start, int step, int length)
    {
        int[] starts = new int[shape.Rank];
        starts[axis] = start;
        var walks = Whole(shape);
        walks[axis] = new Walk(length, axis, step);
        return new AxisMap(name, shape, starts, walks);
    }
}
