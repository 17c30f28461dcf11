namespace DeepNet.Replay;

/// <summary>Specifies the origin of a piece of memory in a recording.</summary>
internal enum TraceKind
{
    /// <summary>Made inside the function.</summary>
    Inside,

    /// <summary>An input.</summary>
    Input,

    /// <summary>Made outside: a parameter, a gradient, a buffer, a constant.</summary>
    Outside,
}

/// <summary>One piece of memory that a recording reads or writes.</summary>
/// <param name="kind">What it is.</param>
/// <param name="index">The number of the input.</param>
/// <param name="storage">The memory at the time of the recording.</param>
internal sealed class TraceValue(TraceKind kind, int index, Storage storage)
{
    public TraceKind Kind => kind;
    public int Index => index;
    public Shape Shape { get; } = storage.Shape;
    public DType DType { get; } = storage.DType;
    public Device Device { get; } = storage.Device;

    /// <summary>Gets the memory of what was made outside, which must be the same again; of the rest, nothing is kept.</summary>
    public Storage? Outside { get; } = kind == TraceKind.Outside ? storage : null;

    /// <summary>Gets a value that is true for a copy of what the caller wrote, of which each recording has its own.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Gets or sets a value that is true once a kernel has written to it.</summary>
    public bool IsWritten { get; set; }
}

/// <summary>A tensor that a kernel was given: a place in a value.</summary>
/// <param name="Value">The number of the value; −1 for an operand that is left out.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Strides">The strides.</param>
/// <param name="Offset">The first element; of inputs, counted from that of the input.</param>
/// <param name="SameAs">The first operand of the kernel that is the same object.</param>
internal readonly record struct TraceOperand(int Value, Shape Shape, nint[] Strides, nint Offset, int SameAs)
{
    public bool IsLike(TraceOperand other)
        => Value == other.Value && SameAs == other.SameAs
        && (Value < 0 || (Offset == other.Offset && Shape.Equals(other.Shape) && Strides.AsSpan().SequenceEqual(other.Strides)));
}

/// <summary>A step of a recording: a kernel, a draw of random numbers, or something to be done as it is.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Operands">Its operands.</param>
/// <param name="Draw">Of a kernel the draw whose numbers it takes, of a step without one the draw itself; −1 for none.</param>
/// <param name="Action">What is done as it is.</param>
internal sealed record TraceStep(Kernel? Kernel, TraceOperand[] Operands, int Draw = -1, Action? Action = null);

/// <summary>A draw of random numbers.</summary>
/// <param name="Generator">Where they come from.</param>
/// <param name="Blocks">How many blocks of its stream.</param>
/// <param name="Stream">Where they began in the recording.</param>
internal sealed record TraceDraw(Generator Generator, ulong Blocks, RandomSource Stream)
{
    /// <summary>Gets a value that is true for numbers that are the same in each call, because the function makes the generator.</summary>
    public bool IsFixed { get; set; }
}

/// <summary>A recording of one call of a function.</summary>
internal sealed class Trace
{
    public List<TraceValue> Values { get; } = [];
    public List<TraceStep> Steps { get; } = [];
    public List<TraceDraw> Draws { get; } = [];

    /// <summary>Gets what must be as it was, with its state before the call.</summary>
    public Dictionary<IGuarded, object?> Guards { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets the hashes of what was copied from the caller's memory.</summary>
    public List<int> Constants { get; } = [];

    /// <summary>Gets the results.</summary>
    public TraceOperand[] Results { get; set; } = [];

    /// <summary>
    /// Returns the first difference from an earlier recording of the function, in words; null if both do the same. Notes which draws are
    /// the same in each call.
    /// </summary>
    public string? FindDifference(Trace other)
    {
        for (int i = 0; i < Math.Min(Steps.Count, other.Steps.Count); i++)
            if (Difference(Steps[i], other.Steps[i]) is { } difference) return $"at step {i} of {Steps.Count}, {difference}";
        if (Steps.Count != other.Steps.Count) return $"it took {other.Steps.Count} steps, then {Steps.Count}";
        for (int i = 0; i < Draws.Count; i++)
        {
            var (draw, before) = (Draws[i], other.Draws[i]);
            draw.IsFixed = !ReferenceEquals(draw.Generator, before.Generator);
            if (draw.Blocks != before.Blocks || (draw.IsFixed && !Equals(draw.Stream, before.Stream)))
                return "it drew other random numbers";
        }
        if (!Constants.SequenceEqual(other.Constants)) return "it made tensors of other elements";
        if (Results.Length != other.Results.Length || Results.Zip(other.Results).Any(pair => !pair.First.IsLike(pair.Second)))
            return "it returned others of its tensors";
        for (int i = 0; i < Values.Count; i++)
            if (Difference(Values[i], other.Values[i]) is { } difference) return difference;
        return null;
    }

    private static string? Difference(TraceStep now, TraceStep before)
    {
        string what = now.Kernel?.Name ?? (now.Action is null ? "a draw" : "an update");
        if (now.Kernel?.Name != before.Kernel?.Name) return $"'{before.Kernel?.Name ?? "an update"}' became '{what}'";
        if (now.Draw != before.Draw || now.Action?.Method != before.Action?.Method) return $"{what} became another one";
        if (!Equals(now.Kernel?.Settings, before.Kernel?.Settings))
            return $"'{what}' had other settings ({before.Kernel?.Settings}, then {now.Kernel?.Settings})";
        if (now.Operands.Length != before.Operands.Length || now.Operands.Zip(before.Operands).Any(pair => !pair.First.IsLike(pair.Second)))
            return $"'{what}' had other operands";
        return null;
    }

    private static string? Difference(TraceValue now, TraceValue before)
        => now.Kind == before.Kind && now.Index == before.Index && (now.IsConstant || ReferenceEquals(now.Outside, before.Outside))
            && now.DType == before.DType && now.Shape.Equals(before.Shape) ? null
            : now.Outside is not null ? $"it met another tensor of shape {now.Shape} than before"
            : $"a tensor of shape {now.Shape} was another one";
}
