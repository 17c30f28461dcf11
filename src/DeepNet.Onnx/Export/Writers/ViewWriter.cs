using DeepNet.Ops;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Views: other shapes, orders and parts.</summary>
internal static class ViewWriter
{
    public static string Reshape(ExportStep step) => step.Reshape(step.In(0), e => (Shape)e.Operator!);

    public static string Expand(ExportStep step)
    {
        string source = step.In(0), y = step.Node("Expand", [source, step.Shape(e => (Shape)e.Operator!)]);
        step.Context.Expanded(y, source, [.. step.Events.Select(e => e.Inputs[0].Shape)]);
        return y;
    }

    public static string Map(ExportStep step)
    {
        AxisMap Of(OperatorEvent e) => (AxisMap)e.Operator!;
        var map = Of(step.Event);
        var walks = map.Walks.ToArray();
        if (walks.Any(walk => walk.Second >= 0)
            || walks.Where(walk => walk.Axis >= 0).GroupBy(walk => walk.Axis).Any(group => group.Count() > 1))
            return ByIndex(step, map);
        var starts = map.Starts.ToArray();
        List<long> axes = [], steps = [], dropped = [];
        List<Place> from = [], to = [];
        for (int axis = 0; axis < map.From.Rank; axis++)
        {
            int at = axis, place = Array.FindIndex(walks, walk => walk.Axis == at);
            var walk = place < 0 ? new Walk(1, axis) : walks[place];
            if (place < 0) dropped.Add(axis);
            if (walk.Step == 1 && starts[axis] == 0 && step.Events.All(e => LengthOf(Of(e), at) == Of(e).From[at])) continue;
            var first = Find(step, e => (Of(e).Starts[at], Of(e).From[at]));
            var end = walk.Step > 0 ? Find(step, e => (Of(e).Starts[at] + (LengthOf(Of(e), at) - 1) * walk.Step + 1, Of(e).From[at]))
                : Find(step, e => (Of(e).Starts[at] + (LengthOf(Of(e), at) - 1) * walk.Step, Of(e).From[at]));
            if (end.Open is null) end = new(walk.Step > 0 ? end.At == 0 ? long.MaxValue : end.At
                : end.At == 0 ? long.MinValue : end.At - 1);
            else if (walk.Step < 0) throw ExportContext.Error(step.Event, "walks back to a place that depends on an open axis elsewhere");
            from.Add(first);
            to.Add(end);
            axes.Add(axis);
            steps.Add(walk.Step);
        }
        string y = step.In(0);
        if (axes.Count == 1 && dropped.Count == 1 && axes[0] == dropped[0] && from[0].Open is null && walks.All(walk => walk.Axis >= 0))
            return step.Node("Gather", [y, step.Graph.Constant(Tensor.FromScalar(from[0].At, DType.Int64))], ("axis", axes[0]));
        if (axes.Count > 0)
        {
            string[] inputs = [y, Write(step, from), Write(step, to), step.Graph.Longs([.. axes])];
            y = step.Node("Slice", steps.TrueForAll(stride => stride == 1) ? inputs : [.. inputs, step.Graph.Longs([.. steps])]);
        }
        if (dropped.Count > 0) y = step.Node("Squeeze", [y, step.Graph.Longs([.. dropped])]);
        int[] kept = [.. walks.Where(walk => walk.Axis >= 0).Select(walk => walk.Axis)];
        int[] order = [.. kept.Select(axis => kept.Count(other => other < axis))];
        if (order.Where((axis, i) => axis != i).Any()) y = step.Node("Transpose", [y], ("perm", order));
        long[] added = [.. walks.Select((walk, i) => (walk, i)).Where(pair => pair.walk.Axis < 0).Select(pair => (long)pair.i)];
        return added.Length > 0 ? step.Node("Unsqueeze", [y, step.Graph.Longs(added)]) : y;
    }

    private static int LengthOf(AxisMap map, int axis)
    {
        foreach (var walk in map.Walks) if (walk.Axis == axis) return walk.Length;
        return 1;
    }

    /// <summary>A place on an axis: a number, or one that follows from the lengths of open axes.</summary>
    private readonly record struct Place(long At, OpenNumber? Open = null);

    // A place that depends on the length of its axis is counted from the end: 0 for the end itself, −1 for the last.
    private static Place Find(ExportStep step, Func<OperatorEvent, (int Place, int Length)> of)
    {
        var (first, length) = of(step.Event);
        if (step.Events.All(e => of(e).Place == first)) return new(first);
        if (step.Events.All(e => of(e).Place - of(e).Length == first - length)) return new(first - length);
        return new(0, step.Context.Find(step.Events, e => of(e).Place)
            ?? throw ExportContext.Error(step.Event, "takes a part of an axis that depends on an open axis elsewhere"));
    }

    private static string Write(ExportStep step, List<Place> places)
    {
        if (places.TrueForAll(place => place.Open is null)) return step.Graph.Longs([.. places.Select(place => place.At)]);
        string[] parts = [.. places.Select(place => place.Open is { } open ? step.Context.Length(open) : step.Graph.Longs(place.At))];
        return parts.Length == 1 ? parts[0] : step.Node("Concat", parts, ("axis", 0));
    }

    // What walks along an axis twice, such as windows, or along two at once, is looked up.
    private static string ByIndex(ExportStep step, AxisMap map)
    {
        if (step.Events.Any(e => !((AxisMap)e.Operator!).From.Equals(map.From)))
        {
            if (map.Walks.Length == map.From.Rank + 1) return Windows(step, map);
            throw ExportContext.Error(step.Event, "walks along an axis in a way that cannot be written for an open length");
        }
        var places = Tensor.Arange(0L, map.From.Count, 1, DType.Int64).Reshape(map.From.Axes);
        string flat = step.Node("Reshape", [step.In(0), step.Graph.Longs(-1)]);
        return step.Node("Gather", [flat, step.Graph.Constant(map.Apply(places).Contiguous())], ("axis", 0));
    }

    // Windows along one axis: a table of places, whose second axis goes to the end.
    private static string Windows(ExportStep step, AxisMap map)
    {
        var last = map.Walks[^1];
        int axis = last.Axis;
        for (int i = 0; i < map.From.Rank; i++)
            if (map.Walks[i].Axis != i || map.Starts[i] != 0
                || (i != axis && (map.Walks[i].Step != 1 || map.Walks[i].Length != map.From[i])))
                throw ExportContext.Error(step.Event, "walks along an axis in a way that cannot be written for an open length");
        if (step.Events.Any(e => ((AxisMap)e.Operator!).From[axis] != map.From[axis]))
            throw ExportContext.Error(step.Event, "takes windows along an open axis");
        var windows = map.Walks[axis];
        var places = new long[windows.Length * last.Length];
        for (int i = 0; i < places.Length; i++) places[i] = i / last.Length * windows.Step + (long)(i % last.Length) * last.Step;
        string y = step.Node("Gather", [step.In(0), step.Graph.Constant(Tensor.From<long>(places, new Shape(windows.Length, last.Length)))],
            ("axis", axis));
        int rank = map.From.Rank;
        int[] order = [.. Enumerable.Range(0, rank + 1).Where(i => i != axis + 1), axis + 1];
        return axis == rank - 1 ? y : step.Node("Transpose", [y], ("perm", order));
    }

    /// <summary>A tensor with something around it.</summary>
    public static string? Pad(ExportStep step, Scalar around)
    {
        AxisMap Of(OperatorEvent e) => ((ValueTuple<AxisMap, Scalar>)e.Operator!).Item1;
        var map = Of(step.Event);
        if (map.Walks.Length != map.From.Rank) return null;
        var pads = new long[2 * map.From.Rank];
        for (int i = 0; i < map.From.Rank; i++)
        {
            int at = i;
            var walk = map.Walks[i];
            if (walk.Axis != i || walk.Step != 1) return null;
            pads[i] = step.Fixed(e => Of(e).Starts[at], "a padding");
            pads[map.From.Rank + i] = step.Fixed(e => Of(e).From[at] - Of(e).Starts[at] - Of(e).To[at], "a padding");
        }
        return step.Node("Pad", [step.In(0), step.Graph.Longs(pads), step.Number(around.ToDouble())]);
    }
}
