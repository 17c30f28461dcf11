namespace DeepNet.Data;

/// <summary>
/// A batch of a type of one's own: a record with any number of tensors. <see cref="Map"/> is all that loaders and trainers need of it.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <remarks>
/// Tensors, arrays of tensors, tuples of two to five tensors and dictionaries of tensors by name are batches without it.
/// </remarks>
/// <example><code>
/// record Reviews(Tensor Tokens, Tensor Mask, Tensor Stars) : IBatch&lt;Reviews&gt;
/// {
///     public Reviews Map(Func&lt;Tensor, Tensor&gt; change) => new(change(Tokens), change(Mask), change(Stars));
/// }
/// </code></example>
public interface IBatch<out TSelf>
{
    /// <summary>Makes the batch anew with a function applied to each tensor, always in the same order.</summary>
    TSelf Map(Func<Tensor, Tensor> change);

    /// <summary>
    /// Gets the number of examples: the length of the first axis of the first tensor, unless implemented otherwise. Means over several
    /// batches are weighted by it.
    /// </summary>
    int Count => BatchTensors.FirstLength(change => Map(change), GetType());
}
