namespace DeepNet.Nn;

/// <summary>
/// The keys and values of the steps that an attention has seen, so that the next step of a sequence is computed alone. Memory for all
/// steps is reserved once, and steps are written behind those that are there.
/// </summary>
/// <remarks>
/// An attention needs a cache of its own, and a batch goes through it together. Caches are for generation: what is appended must not need
/// gradients. Sequences of different lengths are padded in front, and a mask hides the padding.
/// </remarks>
/// <example><code>
/// using var off = Autograd.NoGrad();
/// var cache = new KeyValueCache(capacity: 1024);
/// var y = attention.Forward(prompt, prompt, prompt, isCausal: true, cache: cache);
/// y = attention.Forward(next, next, next, isCausal: true, cache: cache);      // one step, which sees the prompt
/// </code></example>
public sealed class KeyValueCache
{
    private Tensor? keys, values;

    /// <summary>Makes an empty cache; memory is reserved when the first step comes and the shape is known.</summary>
    /// <param name="capacity">The largest number of steps.</param>
    public KeyValueCache(int capacity)
    {
        Check.Positive("key_value_cache", nameof(capacity), capacity);
        Capacity = capacity;
    }

    /// <summary>Gets the largest number of steps.</summary>
    public int Capacity { get; }

    /// <summary>Gets the number of steps.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the keys, (batch, heads, steps, features), a view; null before the first step.</summary>
    public Tensor? Keys => keys?.Narrow(2, 0, Length);

    /// <summary>Gets the values, (batch, heads, steps, features), a view; null before the first step.</summary>
    public Tensor? Values => values?.Narrow(2, 0, Length);

    /// <summary>Appends steps.</summary>
    /// <param name="key">(batch, heads, steps, features).</param>
    /// <param name="value">(batch, heads, steps, features).</param>
    /// <returns>The keys and values of all steps, views of the cache.</returns>
    /// <exception cref="InvalidOperationException">The cache is full, or a gradient would be needed.</exception>
    public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (key.Rank != 4 || value.Rank != 4 || !key.Shape.Axes[..3].SequenceEqual(value.Shape.Axes[..3]))
            throw new ArgumentException(
                $"[key_value_cache] keys {key.Shape} and values {value.Shape} must be (batch, heads, steps, features) and agree but for "
                + "the last axis.");
        if (Autograd.IsEnabled && (key.Node ?? value.Node) is not null)
            throw new InvalidOperationException(
                "[key_value_cache] the steps to append need gradients, which cannot go back through a cache: generate inside of "
                + "using (Autograd.NoGrad()), and train on whole sequences without a cache.");
        int steps = key.Shape[2];
        if (steps > Capacity - Length)
            throw new InvalidOperationException(
                $"[key_value_cache] {Length} of {Capacity} steps are there, and {steps} more do not fit. Make the cache larger, or Trim "
                + "it.");
        Write(ref keys, "keys", key);
        Write(ref values, "values", value);
        Length += steps;
        return (Keys!, Values!);
    }

    /// <summary>Drops the steps from the given number on.</summary>
    public void Trim(int length)
    {
        if (length < 0 || length > Length)
            throw new ArgumentOutOfRangeException(
                nameof(length), $"[key_value_cache] cannot be trimmed to {length} steps: there are {Length}.");
        Length = length;
    }

    /// <summary>Drops all steps. The next may be of another batch size, type or device.</summary>
    public void Reset() => Length = 0;

    private void Write(ref Tensor? all, string what, Tensor part)
    {
        using var off = Autograd.NoGrad();
        var shape = new Shape(part.Shape[0], part.Shape[1], Capacity, part.Shape[3]);
        if (all is null || !all.Shape.Equals(shape) || all.DType != part.DType || all.Device != part.Device)
        {
            if (Length > 0)
                throw new ArgumentException(
                    $"[key_value_cache] the {what} are {part.DType.Name()} {part.Shape} on {part.Device}; those before were "
                    + $"{all!.DType.Name()} {all.Shape[0]} × {all.Shape[1]} × steps × {all.Shape[3]} on {all.Device}. For another "
                    + "batch: Reset.");
            all = Memory.Keep(Tensor.Empty(shape, part.DType, part.Device));
        }
        all.Narrow(2, Length, part.Shape[2]).CopyFrom(part);
    }
}
