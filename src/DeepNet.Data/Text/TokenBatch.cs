namespace DeepNet.Data;

/// <summary>Sequences of tokens, padded to one length.</summary>
/// <param name="Tokens">int64 (sequences, steps).</param>
/// <param name="Mask">bool (sequences, steps): false for padding, as <c>AttentionMask.Attend</c> takes it.</param>
public readonly record struct TokenBatch(Tensor Tokens, Tensor Mask)
{
    /// <summary>Pads sequences at their ends.</summary>
    /// <param name="sequences">The sequences.</param>
    /// <param name="padding">The token to fill with.</param>
    /// <param name="length">The number of steps; that of the longest sequence if left out. Longer sequences are cut off.</param>
    public static TokenBatch Pad(IReadOnlyList<int[]> sequences, int padding, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0) throw new ArgumentException("[token_batch] a batch of no sequences has no shape.", nameof(sequences));
        int steps = length ?? sequences.Max(sequence => sequence.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(steps, nameof(length));
        var shape = new Shape(sequences.Count, steps);
        var tokens = Tensor.Full(shape, padding, DType.Int64);
        var mask = Tensor.Zeros(shape, DType.Bool);
        using var numbers = tokens.Lease<long>();
        using var isText = mask.Lease<bool>();
        for (int i = 0; i < sequences.Count; i++)
        {
            var text = sequences[i].AsSpan(0, Math.Min(steps, sequences[i].Length));
            Widen(text, numbers.Span[(i * steps)..]);
            isText.Span.Slice(i * steps, text.Length).Fill(true);
        }
        return new TokenBatch(tokens, mask);
    }

    /// <summary>Both tensors on a device.</summary>
    public TokenBatch To(Device device) => new(Tokens.To(device), Mask.To(device));

    internal static void Widen(ReadOnlySpan<int> from, Span<long> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
    }
}
