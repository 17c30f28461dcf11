namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>In <c>t[…]</c>: as many whole axes as are needed for the rest to fit.</summary>
    public static TensorIndex Ellipsis => TensorIndex.Ellipsis;

    /// <summary>In <c>t[…]</c>: a new axis of length 1.</summary>
    public static TensorIndex NewAxis => TensorIndex.NewAxis;

    /// <summary>
    /// A part of the tensor, axis by axis: places, ranges, <see cref="Ellipsis"/>, <see cref="NewAxis"/>, integer tensors, bool masks.
    /// </summary>
    /// <remarks>
    /// Places and ranges alone give a view. Index tensors are broadcast together and give a copy, with their axes in place of those
    /// they index if they and any numbers stand side by side, and in front otherwise, as in NumPy.
    /// Setting writes in place; the value is broadcast and converted, and where indices meet the last one stays. It is recorded as the
    /// remarks at <see cref="AddInPlace"/> say.
    /// </remarks>
    /// <example><code>
    /// t[1..3, ^1]   t[.., 2]   t[Tensor.Ellipsis, 0]   t[rows, columns]   t[t > 1] = 1;   t[1..3] = other;
    /// </code></example>
    /// <exception cref="IndexOutOfRangeException">A place does not exist.</exception>
    [IndexerName("Parts")]          // what other languages see; Item is a method
    public Tensor this[params ReadOnlySpan<TensorIndex> parts]
    {
        get => Indexing.Read(this, parts);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Indexing.Write(this, parts, value);
        }
    }
}
