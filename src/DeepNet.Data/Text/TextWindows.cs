namespace DeepNet.Data;

/// <summary>
/// Windows over a row of tokens, to learn the next token from those before: x is int64 (length,), y the same moved on by one. The place of
/// an example says where its window begins, so a pass goes on exactly where it stopped.
/// </summary>
/// <example><code>
/// var (train, test) = new TextWindows(tokens, length: 128).Split(test: 0.1);
/// </code></example>
public sealed class TextWindows : IDataset
{
    private readonly ReadOnlyMemory<int> tokens;

    /// <summary>Windows over tokens. Nothing is copied.</summary>
    /// <param name="tokens">The tokens; a window needs one more than its length.</param>
    /// <param name="length">The number of steps of a window.</param>
    /// <param name="stride">The distance from one window to the next; the length if 0, so that each token is learnt once.</param>
    public TextWindows(ReadOnlyMemory<int> tokens, int length, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        if (tokens.Length <= length)
            throw new ArgumentException(
                $"[text_windows] {tokens.Length} tokens hold no window of {length} with the token behind it: at least {length + 1L} are "
                    + "needed. Use a smaller length.", nameof(tokens));
        this.tokens = tokens;
        Length = length;
        Stride = stride == 0 ? length : stride;
        Count = (tokens.Length - 1 - length) / Stride + 1;
    }

    /// <summary>Gets the number of steps of a window.</summary>
    public int Length { get; }

    /// <summary>Gets the distance from one window to the next.</summary>
    public int Stride { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>Gets the tokens.</summary>
    public ReadOnlySpan<int> Tokens => tokens.Span;

    /// <summary>Gets the place in <see cref="Tokens"/> at which a window begins.</summary>
    public int Start(int index)
    {
        Places.Check(this, index);
        return index * Stride;
    }

    /// <summary>
    /// Divides the tokens at one place, and makes windows of each part: no token is in both, which a division of overlapping windows at
    /// random could not say.
    /// </summary>
    /// <param name="test">The share of the second part, at the end of the text, between 0 and 1.</param>
    public (TextWindows Train, TextWindows Test) Split(double test = 0.1)
    {
        if (!(test is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(test), $"[split] the test part is a share between 0 and 1, not {test}.");
        int cut = tokens.Length - (int)Math.Round(test * tokens.Length);
        return (new(tokens[..cut], Length, Stride), new(tokens[cut..], Length, Stride));
    }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        var shape = new Shape(indices.Length, Length);
        var (x, y) = (Tensor.Empty(shape, DType.Int64), Tensor.Empty(shape, DType.Int64));
        using var inputs = x.Lease<long>();
        using var targets = y.Lease<long>();
        for (int i = 0; i < indices.Length; i++)
        {
            var window = Tokens.Slice(indices[i] * Stride, Length + 1);
            TokenBatch.Widen(window[..Length], inputs.Span[(i * Length)..]);
            TokenBatch.Widen(window[1..], targets.Span[(i * Length)..]);
        }
        return new Batch(x, y);
    }

    /// <inheritdoc/>
    public override string ToString() => $"TextWindows({Count} of {Length} steps)";
}
