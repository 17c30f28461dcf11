namespace DeepNet.SampleDevice;

public sealed unsafe partial class SampleDevice
{
    /// <inheritdoc/>
    protected override bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted = null)
    {
        // At once: a device that works on its own would look later, and tell whoever next waits for it.
        var indices = Of(index);
        nint ignored = 0;
        for (nint i = 0; i < indices.Count; i++)
        {
            long value = (long)indices[i].V;
            if (value == check.Ignored) ignored++;
            else if (value < check.Lowest || value >= check.End) throw check.Error(i, value);
        }
        if (counted is not null) Fill(counted, (double)(indices.Count - ignored));
        GC.KeepAlive(index);
        return ignored > 0;
    }

    /// <inheritdoc/>
    protected override void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y)
    {
        Elements from = Of(x), to = Of(y), indices = Of(index);
        for (nint i = 0; i < to.Count; i++) to[i] = from[Place(axis, indices, i)];
        GC.KeepAlive((x, index, y));
    }

    /// <inheritdoc/>
    protected override void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate)
    {
        Elements to = Of(target), from = Of(source), indices = Of(index);
        for (nint i = 0; i < from.Count; i++)
        {
            nint at = Place(axis, indices, i);
            to[at] = accumulate ? to[at] + from[i] : from[i];
        }
        GC.KeepAlive((target, index, source));
    }

    // The element of the indexed tensor that belongs to element i of the other, which is (outer, count, inner).
    private static nint Place(IndexedAxis axis, Elements indices, nint i)
    {
        nint row = i / axis.Inner, outer = row / axis.Count, at = (nint)indices[axis.IsOfRows ? row % axis.Count : i].V;
        return (outer * axis.Length + (at < 0 ? at + axis.Length : at)) * axis.Inner + i % axis.Inner;
    }

    /// <inheritdoc/>
    protected override void Positions(Tensor mask, Tensor positions, Tensor? coordinates) => throw Lacks(nameof(Positions));

    /// <inheritdoc/>
    protected override void Sort(Tensor x, Tensor order, bool isDescending, bool nanFirst = false) => throw Lacks(nameof(Sort));

    /// <inheritdoc/>
    protected override void Recur(Tensor? a, Tensor? b, Tensor y, int axis, double initial, bool isReverse) => throw Lacks(nameof(Recur));
}
