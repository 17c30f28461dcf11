namespace DeepNet.Devices;

/// <summary>
/// What makes an index valid, and what to say of one that is not. Kept as it is, and put into words only for an error: a device may look at
/// indices long after the operator that they were given to.
/// </summary>
/// <param name="Op">The operator.</param>
/// <param name="Kind">What the index points into.</param>
/// <param name="IndexShape">The shape in which the index was given.</param>
/// <param name="Lowest">The lowest index.</param>
/// <param name="End">One more than the highest.</param>
/// <param name="Of">The shape of what it points into, where it matters.</param>
/// <param name="Axis">The axis of it.</param>
/// <param name="Ignored">A label that is left out.</param>
/// <param name="Values">For a number of values that are wrong, instead of an index: makes the error.</param>
public readonly record struct IndexCheck(
    string Op, IndexKind Kind, Shape IndexShape, nint Lowest, nint End, Shape? Of = null, int Axis = 0, long? Ignored = null,
    Func<string, Shape, long, Exception>? Values = null)
{
    /// <summary>The error for the element at a row-major position.</summary>
    /// <param name="position">Where in the index.</param>
    /// <param name="value">What is there.</param>
    public Exception Error(nint position, long value) => Kind switch
    {
        IndexKind.Label => LabelError(position, value),
        IndexKind.Value => Values!(Op, IndexShape, value),
        _ => RangeError(position, value),
    };

    private IndexOutOfRangeException RangeError(nint position, long value)
    {
        string place = Kind switch
        {
            IndexKind.Axis => $"axis {Axis} of shape {Of}",
            IndexKind.Table => $"the table of shape {Of}",
            _ => $"the axis of {End} classes",
        };
        string range = End == 0 ? "has length 0, there is nothing to take"
            : $"has length {End}, so indices go from {(Lowest < 0 ? $"0 to {End - 1}, or from -1 back to {Lowest}" : $"0 to {End - 1}")}";
        return new IndexOutOfRangeException(
            $"[{Op}] index {value} at position {Position(position)} of the index is out of range: {place} {range}.");
    }

    private ArgumentException LabelError(nint position, long label)
    {
        string hint = label == End ? " Do the labels start at 1? Subtract it."
            : label < 0 && Ignored is not null ? " To leave out a label, name it as ignoreIndex." : "";
        return new ArgumentException(
            $"[{Op}] label {label} at index {Position(position)} is out of range: there are {End} classes, so labels go from 0 to "
            + $"{End - 1}.{hint}");
    }

    private string Position(nint flat) => Position(IndexShape, flat);

    /// <summary>A row-major position in words.</summary>
    public static string Position(Shape shape, nint flat)
    {
        var coordinates = new string[shape.Rank];
        for (int i = shape.Rank - 1; i >= 0; flat /= shape[i--]) coordinates[i] = $"{flat % shape[i]}";
        return coordinates.Length == 1 ? coordinates[0] : $"({string.Join(", ", coordinates)})";
    }
}

/// <summary>Specifies what an index points into.</summary>
public enum IndexKind
{
    /// <summary>An axis of a tensor.</summary>
    Axis,

    /// <summary>The rows of a table.</summary>
    Table,

    /// <summary>The places of a one-hot axis.</summary>
    Class,

    /// <summary>The classes of a loss.</summary>
    Label,

    /// <summary>Nothing: the index is the number of values that are wrong.</summary>
    Value,
}
