using System.Collections;

namespace DeepNet;

/// <summary>
/// The lengths of a tensor's axes. Immutable and shared: the result of an elementwise operator takes the very object of
/// its argument, so that the usual shape check is one reference comparison.
/// </summary>
/// <example><code>
/// var x = Tensor.Zeros([32, 10, 64], DType.Float64);
/// var (batch, steps, features) = x.Shape;
/// </code></example>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    /// <summary>The largest number of axes.</summary>
    public const int MaxRank = 16;

    /// <summary>The shape of a single number: no axes.</summary>
    public static Shape Scalar { get; } = new([]);

    private readonly int[] axes;
    private Shape? withLast;

    /// <summary>Makes a shape from the lengths of its axes.</summary>
    /// <exception cref="ArgumentException">A length is negative, or there are too many axes or elements.</exception>
    public Shape(params ReadOnlySpan<int> lengths)
    {
        if (lengths.Length > MaxRank)
            throw new ArgumentException($"A shape has at most {MaxRank} axes, not {lengths.Length}.");
        axes = lengths.ToArray();
        RowMajor = axes.Length == 0 ? [] : new nint[axes.Length];
        nint step = 1;
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            if (axes[i] < 0) throw new ArgumentException($"Axis {i} of shape {this} has negative length.");
            RowMajor[i] = step;
            if (Math.BigMul(step, axes[i], out long low) != low >> 63) low = axes.AsSpan().Contains(0) ? 0 : throw TooManyElements();
            step = (nint)low;
        }
        Count = step;
    }

    /// <summary>Creates a shape from the lengths of its axes: what <c>[2, 3]</c> stands for where a shape is wanted.</summary>
    public static Shape Create(ReadOnlySpan<int> lengths) => new(lengths);

    private ArgumentException TooManyElements() => new(
        $"[shape] {this} has more than 2^63 - 1 elements, which no tensor has. Is an axis wrong, or did two shapes broadcast that should "
            + "not?");

    /// <summary>The number of axes.</summary>
    public int Rank => axes.Length;

    /// <summary>The number of elements; 1 for a scalar.</summary>
    public nint Count { get; }

    /// <summary>The strides of a dense row-major tensor. A tensor whose strides are this very array is contiguous.</summary>
    internal nint[] RowMajor { get; }

    private nint[]? channelsLast;

    /// <summary>The strides of dense images (N, C, H, W) with the channels of a pixel side by side; for rank 4.</summary>
    internal nint[] ChannelsLast => channelsLast ??= [RowMajor[0], 1, (nint)axes[3] * axes[1], axes[1]];

    /// <summary>The lengths.</summary>
    public ReadOnlySpan<int> Axes => axes;

    /// <summary>The length of one axis; <c>^1</c> is the last.</summary>
    public int this[Index axis] => axes[axis];

    /// <inheritdoc/>
    public int this[int axis] => axes[axis];

    int IReadOnlyCollection<int>.Count => axes.Length;

    /// <summary>A shape from an array, so that <c>int[]</c> serves wherever a shape is asked for.</summary>
    public static implicit operator Shape(int[] lengths) => new(lengths);

    /// <summary>Gets the lengths of two axes, as in <c>var (rows, columns) = x.Shape</c>.</summary>
    /// <exception cref="InvalidOperationException">The shape has another number of axes.</exception>
    public void Deconstruct(out int first, out int second)
    {
        ThrowUnlessRank(2);
        (first, second) = (axes[0], axes[1]);
    }

    /// <summary>Gets the lengths of three axes.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int first, out int second, out int third)
    {
        ThrowUnlessRank(3);
        (first, second, third) = (axes[0], axes[1], axes[2]);
    }

    /// <summary>Gets the lengths of four axes.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int first, out int second, out int third, out int fourth)
    {
        ThrowUnlessRank(4);
        (first, second, third, fourth) = (axes[0], axes[1], axes[2], axes[3]);
    }

    /// <summary>Gets the lengths of five axes.</summary>
    /// <inheritdoc cref="Deconstruct(out int, out int)"/>
    public void Deconstruct(out int first, out int second, out int third, out int fourth, out int fifth)
    {
        ThrowUnlessRank(5);
        (first, second, third, fourth, fifth) = (axes[0], axes[1], axes[2], axes[3], axes[4]);
    }

    private void ThrowUnlessRank(int rank)
    {
        if (Rank != rank)
            throw new InvalidOperationException($"[shape] {this} has {Rank} axes and cannot be deconstructed into {rank} lengths.");
    }

    /// <summary>This shape with another length of the last axis. The latest is kept: a layer asks for the same one at every step.</summary>
    internal Shape WithLast(int length)
    {
        if (withLast is { } kept && kept.axes[^1] == length) return kept;
        if (axes[^1] == length) return this;
        Span<int> lengths = stackalloc int[MaxRank];
        Axes.CopyTo(lengths);
        lengths[axes.Length - 1] = length;
        return withLast = new Shape(lengths[..axes.Length]);
    }

    /// <summary>True if all lengths are equal.</summary>
    public bool Equals(Shape? other) => ReferenceEquals(this, other) || (other is not null && axes.AsSpan().SequenceEqual(other.axes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int length in axes) hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>True if all lengths are equal.</summary>
    public static bool operator ==(Shape? a, Shape? b) => ReferenceEquals(a, b) || (a is not null && a.Equals(b));
    /// <summary>True if some length differs.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <summary>As Python writes it: <c>(64, 784)</c>, <c>(8,)</c>, <c>()</c>.</summary>
    public override string ToString() => axes.Length == 1 ? $"({axes[0]},)" : $"({string.Join(", ", axes)})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)axes).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => axes.GetEnumerator();
}
