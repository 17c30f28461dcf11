namespace DeepNet.Onnx;

/// <summary>Shapes and what changes them: views, joins and parts.</summary>
internal static class Shapes
{
    public static void AddTo(OperatorTable table)
    {
        table.One("Shape", ShapeOf);
        table.One("Size", call => Tensor.From<long>([call[0].Count], Shape.Scalar));
        table.One("Reshape", Reshape);
        table.One("Flatten", Flatten);
        table.One("Squeeze", Squeeze);
        table.One("Unsqueeze", Unsqueeze);
        table.One("Transpose", Transpose);
        table.One("Concat", Concat);
        table.Many("Split", Split);
        table.One("Slice", Slice);
        table.One("Pad", Pad);
        table.One("Expand", Expand);
        table.One("Tile", Tile);
        table.One("DepthToSpace", DepthToSpace);
        table.One("SpaceToDepth", SpaceToDepth);
        table.One("ReverseSequence", ReverseSequence);
    }

    private static Tensor ShapeOf(Call call)
    {
        var axes = call[0].Shape.Axes;
        int Place(long at, int rank) => (int)Math.Clamp(at < 0 ? at + rank : at, 0, rank);
        int start = Place(call.Int("start", 0), axes.Length), end = Place(call.Int("end", axes.Length), axes.Length);
        var lengths = new long[Math.Max(end - start, 0)];
        for (int i = 0; i < lengths.Length; i++) lengths[i] = axes[start + i];
        return Tensor.From<long>(lengths);
    }

    private static Tensor Reshape(Call call)
    {
        var x = call[0];
        int[] to = call.Ints(1, "shape") ?? [];
        bool zeroIsLength = call.Flag("allowzero");
        int open = -1;
        long known = 1;
        for (int i = 0; i < to.Length; i++)
        {
            if (to[i] == 0 && !zeroIsLength)
                to[i] = i < x.Rank ? x.Shape[i]
                    : throw new ArgumentException($"0 at place {i} keeps a length, and {x.Shape} has none there.");
            if (to[i] == -1) open = i;
            else known *= to[i];
        }
        if (open >= 0 && known > 0) to[open] = (int)(x.Count / known);
        else if (open >= 0) to[open] = 0;
        return x.Reshape(to);
    }

    private static Tensor Flatten(Call call)
    {
        var axes = call[0].Shape.Axes;
        long axis = call.Int("axis", 1);
        int at = (int)(axis < 0 ? axis + axes.Length : axis), rows = 1, columns = 1;
        for (int i = 0; i < axes.Length; i++)
            if (i < at) rows *= axes[i];
            else columns *= axes[i];
        return call[0].Reshape(rows, columns);
    }

    private static Tensor Squeeze(Call call)
    {
        var x = call[0];
        int[] axes = call.Ints(1, "axes") is { } given ? Call.WrapAll(given, x.Rank)
            : [.. Enumerable.Range(0, x.Rank).Where(axis => x.Shape[axis] == 1)];
        foreach (int axis in axes)
            if (x.Shape[axis] != 1) throw new ArgumentException($"axis {axis} of {x.Shape} has not the length 1.");
        return axes.Length == 0 ? x : x.Squeeze(axes);
    }

    private static Tensor Unsqueeze(Call call)
    {
        var x = call[0];
        int[] given = call.Ints(1, "axes") ?? [];
        int rank = x.Rank + given.Length;
        int[] axes = Call.WrapAll(given, rank);
        var to = new int[rank];
        int from = 0;
        for (int i = 0; i < rank; i++) to[i] = axes.Contains(i) ? 1 : from < x.Rank ? x.Shape[from++] : throw new ArgumentException(
            $"axes {string.Join(", ", given)} name one twice.");
        return axes.Length == 1 ? x.Unsqueeze(axes[0]) : x.Reshape(to);
    }

    private static Tensor Transpose(Call call)
        => call[0].Permute(call.Ints("perm") ?? [.. Enumerable.Range(0, call[0].Rank).Reverse()]);

    private static Tensor Concat(Call call)
    {
        var parts = call.All.OfType<Tensor>().ToArray();
        return parts.Length == 1 ? parts[0] : Tensor.Cat(parts, call.Axis("axis", call.Version < 4 ? 1 : 0, parts[0].Rank));
    }

    private static Tensor?[] Split(Call call)
    {
        var x = call[0];
        int axis = call.Axis("axis", 0, x.Rank), length = x.Shape[axis];
        if (call.Ints(1, "split") is { } sizes) return x.Split(sizes, axis);
        int count = (int)call.Int("num_outputs", call.Step.Outputs.Length), size = (length + count - 1) / Math.Max(count, 1);
        return x.Split([.. Enumerable.Range(0, count).Select(i => Math.Clamp(length - i * size, 0, size))], axis);
    }

    private static Tensor Slice(Call call)
    {
        var x = call[0];
        int[] starts = call.Ints(1, "starts") ?? [], ends = call.Ints(2, "ends") ?? [];
        int[] axes = call.Ints(3, "axes") ?? [.. Enumerable.Range(0, starts.Length)];
        int[] steps = call.Optional(4) is null ? [.. axes.Select(_ => 1)] : Call.ToInts(call.Longs(4));
        for (int i = 0; i < axes.Length; i++) x = Slice(x, Call.Wrap(axes[i], x.Rank), starts[i], ends[i], steps[i]);
        return x;
    }

    private static Tensor Slice(Tensor x, int axis, long start, long end, int step)
    {
        int length = x.Shape[axis];
        if (start < 0) start += length;
        if (end < 0) end += length;
        if (step > 0)
        {
            int from = (int)Math.Clamp(start, 0, length), to = (int)Math.Clamp(end, from, length);
            return from == 0 && to == length && step == 1 ? x : x.Slice(axis, from, to, step);
        }
        // Backwards: the same places of the axis in reverse order.
        int first = (int)Math.Clamp(start, -1, length - 1), last = (int)Math.Clamp(end, -1, length - 1);
        return first <= last ? x.Narrow(axis, 0, 0) : x.Flip(axis).Slice(axis, length - 1 - first, length - 1 - last, -step);
    }

    private static Tensor Pad(Call call)
    {
        var x = call[0];
        int[] pads = call.Version < 2 ? call.Ints("paddings") ?? [] : call.Ints(1, "pads") ?? [];
        int[] axes = call.Optional(3) is null ? [.. Enumerable.Range(0, x.Rank)] : Call.WrapAll(Call.ToInts(call.Longs(3)), x.Rank);
        Scalar value = call.Version < 11 ? call.Float("value", 0)
            : call.Optional(2) is not { } given ? 0 : given.DType.IsFloating() ? given.ToArray<double>()[0] : given.ToArray<long>()[0];
        var mode = call.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "edge" => PadMode.Replicate,
            "wrap" => PadMode.Circular,
            var other => throw new NotSupportedException($"the mode '{other}' is not known."),
        };
        var lengths = new (int Before, int After)[x.Rank];
        for (int i = 0; i < axes.Length; i++) lengths[axes[i]] = (pads[i], pads[axes.Length + i]);
        var made = new int[x.Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            var (before, after) = lengths[axis];
            int cutBefore = Math.Max(-before, 0), cutAfter = Math.Max(-after, 0);
            if (cutBefore + cutAfter > 0) x = x.Narrow(axis, cutBefore, Math.Max(x.Shape[axis] - cutBefore - cutAfter, 0));
            lengths[axis] = (Math.Max(before, 0), Math.Max(after, 0));
            made[axis] = (int)Math.Min((long)x.Shape[axis] + lengths[axis].Before + lengths[axis].After, int.MaxValue);
        }
        call.Made(made);
        return lengths.All(pair => pair == (0, 0)) ? x : x.Pad(lengths, mode, value);
    }

    private static Tensor Expand(Call call)
    {
        var x = call[0];
        int[] to = Call.ToInts(call.Longs(1));
        int rank = Math.Max(to.Length, x.Rank);
        var lengths = new int[rank];
        for (int back = 1; back <= rank; back++)
        {
            int own = back <= x.Rank ? x.Shape[^back] : 1, wanted = back <= to.Length ? to[^back] : 1;
            lengths[^back] = wanted == 1 ? own : wanted;
        }
        return x.Expand(lengths);
    }

    private static Tensor Tile(Call call)
    {
        int[] times = Call.ToInts(call.Longs(1));
        var axes = call[0].Shape;
        if (times.Length != axes.Rank) throw new ArgumentException($"{times.Length} numbers do not fit {axes}.");
        call.Made([.. times.Select((time, axis) => (int)Math.Min((long)time * axes[axis], int.MaxValue))]);
        return call[0].Repeat(times);
    }

    private static Tensor DepthToSpace(Call call)
    {
        var x = call[0];
        int size = (int)call.Int("blocksize", 1);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1] / (size * size), x.Shape[2], x.Shape[3]);
        var y = call.Text("mode", "DCR") == "CRD" ? x.Reshape(n, c, size, size, h, w).Permute(0, 1, 4, 2, 5, 3)
            : x.Reshape(n, size, size, c, h, w).Permute(0, 3, 4, 1, 5, 2);
        return y.Reshape(n, c, h * size, w * size);
    }

    private static Tensor SpaceToDepth(Call call)
    {
        var x = call[0];
        int size = (int)call.Int("blocksize", 1);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2] / size, x.Shape[3] / size);
        return x.Reshape(n, c, h, size, w, size).Permute(0, 3, 5, 1, 2, 4).Reshape(n, c * size * size, h, w);
    }

    private static Tensor ReverseSequence(Call call)
    {
        var x = call[0];
        int time = call.Axis("time_axis", 0, x.Rank), batch = call.Axis("batch_axis", 1, x.Rank);
        var lengths = call.Longs(1);
        var index = new long[x.Shape[batch] * x.Shape[time]];
        for (int b = 0, i = 0; b < x.Shape[batch]; b++)
            for (int t = 0; t < x.Shape[time]; t++) index[i++] = t < lengths[b] ? lengths[b] - 1 - t : t;
        var rows = x.MoveAxis(batch, 0).MoveAxis(time < batch ? time + 1 : time, 1);
        var at = Tensor.From<long>(index, new Shape([x.Shape[batch], x.Shape[time], .. Enumerable.Repeat(1, x.Rank - 2)]));
        var y = rows.Gather(1, at.Expand(rows.Shape));
        return y.MoveAxis(1, time < batch ? time + 1 : time).MoveAxis(0, batch);
    }
}
