using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// The keys and values of a transformer's layers for a batch of sequences. Shorter sequences have padding in front, which is hidden.
/// </summary>
public sealed class TransformerState
{
    private readonly KeyValueCache[] caches;
    private Tensor? padding;        // (batch, 1), the steps of padding before each sequence; null if there are none

    /// <summary>Makes an empty state.</summary>
    /// <param name="layers">The number of layers.</param>
    /// <param name="capacity">The largest number of steps.</param>
    public TransformerState(int layers, int capacity)
        => caches = [.. Enumerable.Range(0, layers).Select(_ => new KeyValueCache(capacity))];

    /// <summary>Gets the number of steps that have been read.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the keys and values of a layer.</summary>
    public KeyValueCache this[int layer] => caches[layer];

    /// <summary>Gets the places of the next steps in their sequences: (steps,), or (batch, steps) where there is padding.</summary>
    public Tensor Places(int steps)
    {
        var places = Tensor.Arange(Length, Length + steps, 1, DType.Int64, padding?.Device);
        return padding is null ? places : (places - padding).Maximum(0);
    }

    /// <summary>Gets what hides the padding from the next steps; null if there is none.</summary>
    public AttentionMask? Mask(int steps)
        => padding is null ? null : AttentionMask.Attend((Tensor.Arange(0, Length + steps, 1, DType.Int64, padding.Device) >= padding)
            .Reshape(padding.Shape[0], 1, 1, Length + steps));

    /// <summary>Drops all steps, and pads sequences to one length.</summary>
    /// <returns>(batch, steps).</returns>
    internal Tensor Restart(IReadOnlyList<IReadOnlyList<int>> sequences, Device device)
    {
        foreach (var cache in caches) cache.Reset();
        Length = 0;
        int steps = sequences.Max(s => s.Count);
        long[,] tokens = new long[sequences.Count, steps];
        long[,] missing = new long[sequences.Count, 1];
        for (int i = 0; i < sequences.Count; i++)
        {
            missing[i, 0] = steps - sequences[i].Count;
            for (int t = 0; t < sequences[i].Count; t++) tokens[i, steps - sequences[i].Count + t] = sequences[i][t];
        }
        padding = sequences.Any(s => s.Count < steps) ? Memory.Keep(Tensor.From(missing, device)) : null;
        return Tensor.From(tokens, device);
    }

    /// <summary>Counts steps that all layers have read.</summary>
    internal void Advance(int steps) => Length += steps;
}
