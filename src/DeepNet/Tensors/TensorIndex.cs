namespace DeepNet;

/// <summary>
/// One part of <c>t[…]</c>: a place (<c>2</c>, <c>-1</c>, <c>^1</c>), a range (<c>1..3</c>, <c>..</c>), <see cref="Tensor.Ellipsis"/>,
/// <see cref="Tensor.NewAxis"/>, an integer tensor, or a bool mask.
/// </summary>
public readonly struct TensorIndex : IEquatable<TensorIndex>
{
    internal enum Kind : byte { Place, Range, Ellipsis, NewAxis, Tensor }

    private TensorIndex(Kind type, int place = 0, Range range = default, Tensor? tensor = null)
    {
        Type = type;
        Place = place;
        Range = range;
        Tensor = tensor;
    }

    internal Kind Type { get; }
    internal int Place { get; }
    internal Range Range { get; }
    internal Tensor? Tensor { get; }

    internal static TensorIndex Ellipsis => new(Kind.Ellipsis);
    internal static TensorIndex NewAxis => new(Kind.NewAxis);

    /// <summary>A place; negative ones count from the end.</summary>
    public static implicit operator TensorIndex(int place) => new(Kind.Place, place);

    /// <summary>A place, perhaps from the end: <c>^1</c> is the last.</summary>
    public static implicit operator TensorIndex(Index place)
        => place.Equals(Index.End) ? throw new IndexOutOfRangeException("[index] ^0 is the place after the last one; the last is ^1.")
        : new(Kind.Place, place.IsFromEnd ? -place.Value : place.Value);

    /// <summary>
    /// A range, which must lie within the axis, as with arrays. For steps and lenient bounds there is <see cref="Tensor.Slice"/>.
    /// </summary>
    public static implicit operator TensorIndex(Range range) => new(Kind.Range, range: range);

    /// <summary>An integer tensor, whose shape takes the place of the axis, or a bool mask over as many axes as it has.</summary>
    public static implicit operator TensorIndex(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(Kind.Tensor, tensor: tensor);
    }

    /// <summary>Several places, as a tensor of them.</summary>
    public static implicit operator TensorIndex(int[] places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new(Kind.Tensor, tensor: Tensor.From<int>(places));
    }

    /// <inheritdoc/>
    public bool Equals(TensorIndex other)
        => Type == other.Type && Place == other.Place && Range.Equals(other.Range) && ReferenceEquals(Tensor, other.Tensor);
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorIndex other && Equals(other);
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Place, Range, Tensor);
    /// <summary>True if both are the same part.</summary>
    public static bool operator ==(TensorIndex a, TensorIndex b) => a.Equals(b);
    /// <summary>True if they differ.</summary>
    public static bool operator !=(TensorIndex a, TensorIndex b) => !a.Equals(b);

    /// <summary>As it is written.</summary>
    public override string ToString() => Type switch
    {
        Kind.Place => $"{Place}",
        Kind.Range => $"{Range}",
        Kind.Ellipsis => "Ellipsis",
        Kind.NewAxis => "NewAxis",
        _ => $"{Tensor!.DType.Name()} {Tensor.Shape}",
    };
}
