namespace DeepNet.Ops;

/// <summary>
/// A rule that picks elements of a tensor by their place: each axis of the result walks along axes of the source from a start.
/// Slices, single places, flips, diagonals, windows, new axes and whole index expressions are all of this kind, so one node
/// and one adjoint serve them all. It knows shapes, not strides: the same map applies to a tensor and to its gradient.
/// </summary>
internal sealed partial class AxisMap
{
    private readonly int[] starts;
    private readonly Walk[] walks;

    public AxisMap(string name, Shape from, int[] starts, Walk[] walks)
    {
        Name = name;
        From = from;
        this.starts = starts;
        this.walks = walks;
        Span<int> lengths = stackalloc int[walks.Length];
        uint seen = 0;
        for (int i = 0; i < walks.Length; i++)
        {
            lengths[i] = walks[i].Length;
            if (walks[i].Axis < 0) continue;
            Overlaps |= (seen >> walks[i].Axis & 1) != 0;
            seen |= 1u << walks[i].Axis;
        }
        if (walks.Length > Shape.MaxRank)
            throw new ArgumentException($"[{name}] the result would have {walks.Length} axes; {Shape.MaxRank} are the most.");
        To = new Shape(lengths);
    }

    /// <summary>The operation it stands for, as errors and graphs call it.</summary>
    public string Name { get; }

    /// <summary>Gets where each axis of the source is entered.</summary>
    public ReadOnlySpan<int> Starts => starts;

    /// <summary>Gets how each axis of the result walks.</summary>
    public ReadOnlySpan<Walk> Walks => walks;

    public Shape From { get; }
    public Shape To { get; }

    /// <summary>True if an element may appear several times: two axes of the result, the last one of them, walk along one axis.</summary>
    public bool Overlaps { get; }

    /// <summary>The view, without history.</summary>
    public Tensor Apply(Tensor x)
    {
        Span<nint> strides = stackalloc nint[walks.Length];
        nint offset = x.Offset;
        var source = x.StrideArray;
        for (int i = 0; i < walks.Length; i++)
        {
            var walk = walks[i];
            strides[i] = walk.Axis < 0 ? 0 : walk.Step * source[walk.Axis];
            if (walk.Second >= 0) strides[i] += walk.Step * source[walk.Second];
        }
        // A view of nothing stays where it is: its start may lie past the end.
        if (To.Count > 0)
            for (int i = 0; i < starts.Length; i++) offset += starts[i] * source[i];
        return x.View(To, strides, offset);
    }
}
