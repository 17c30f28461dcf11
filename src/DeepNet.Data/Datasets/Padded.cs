namespace DeepNet.Data;

/// <summary>Examples of different lengths, padded to one: what <see cref="Collate.Pad"/> gives.</summary>
/// <param name="Values">The examples along the first axis.</param>
/// <param name="Mask">True where there is an element of an example, false where there is padding: (examples, length).</param>
/// <param name="Lengths">The length of each example, int64.</param>
public readonly record struct Padded(Tensor Values, Tensor Mask, Tensor Lengths) : IBatch<Padded>
{
    /// <summary>Gets the number of examples.</summary>
    public int Count => Values.Shape[0];

    /// <summary>The three tensors, changed by a function.</summary>
    public Padded Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(Values), change(Mask), change(Lengths));
    }
}
