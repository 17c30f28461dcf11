using DeepNet.Nn;

namespace DeepNet.Data;

/// <summary>
/// Documents one after the other in blocks of one length, so that no step is padding but at the very end: x is int64 (length,), y the next
/// token of the same document, or <see cref="Loss.IgnoredLabel"/> behind the last one, which a cross-entropy passes over.
/// </summary>
/// <example><code>
/// var packed = new PackedDocuments(documents.Select(text => tokenizer.Encode(text)), length: 1024);
/// </code></example>
public sealed class PackedDocuments : IDataset
{
    private readonly int[] tokens, starts;      // starts: where each document begins, and the end of the last one
    private readonly int padding;

    /// <summary>Packs documents. Empty ones are passed over.</summary>
    /// <param name="documents">The tokens of each document.</param>
    /// <param name="length">The number of steps of a block.</param>
    /// <param name="padding">The token that fills the last block.</param>
    public PackedDocuments(IEnumerable<int[]> documents, int length, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var (all, begins) = (new List<int>(), new List<int> { 0 });
        foreach (int[] document in documents)
        {
            all.AddRange(document);
            if (document.Length > 0) begins.Add(all.Count);
        }
        if (all.Count == 0) throw new ArgumentException("[packed_documents] there are no tokens to pack.", nameof(documents));
        (tokens, starts, this.padding, Length) = ([.. all], [.. begins], padding, length);
        Count = (tokens.Length - 1) / length + 1;
    }

    /// <summary>Gets the number of steps of a block.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
        => new(
            Fill(indices, (at, _) => at < tokens.Length ? tokens[at] : padding),
            Fill(indices, (at, document) => at + 1 < EndOf(document) ? tokens[at + 1] : Loss.IgnoredLabel));

    /// <summary>Gets the place of each step in its document, from 0: int64 (blocks, length); 0 for padding.</summary>
    public Tensor Positions(params ReadOnlySpan<int> indices) => Fill(indices, (at, document) => document < 0 ? 0 : at - starts[document]);

    /// <summary>Gets the document of each step: int64 (blocks, length); −1 for padding.</summary>
    public Tensor Documents(params ReadOnlySpan<int> indices) => Fill(indices, (_, document) => document);

    /// <summary>
    /// Gets the mask that shows each step those of its own document up to itself: bool (blocks, 1, length, length), for
    /// <c>AttentionMask.Attend</c>.
    /// </summary>
    public Tensor Mask(params ReadOnlySpan<int> indices)
    {
        var documents = Documents(indices);
        var steps = Tensor.Arange(0, Length, 1, DType.Int64);
        return (documents.Unsqueeze(2).Equal(documents.Unsqueeze(1)) & (steps.Unsqueeze(1) >= steps.Unsqueeze(0))).Unsqueeze(1);
    }

    /// <inheritdoc/>
    public override string ToString() => $"PackedDocuments({starts.Length - 1} documents in {Count} blocks of {Length} steps)";

    private int EndOf(int document) => document < 0 ? 0 : starts[document + 1];

    private Tensor Fill(ReadOnlySpan<int> indices, Func<int, int, long> value)
    {
        Places.Check(this, indices);
        var filled = Tensor.Empty(new Shape(indices.Length, Length), DType.Int64);
        using var lease = filled.Lease<long>();
        var to = lease.Span;
        for (int i = 0; i < indices.Length; i++)
        {
            int at = indices[i] * Length, found = Array.BinarySearch(starts, at), document = found >= 0 ? found : ~found - 1;
            for (int step = 0; step < Length; step++, at++)
            {
                if (document >= 0 && document < starts.Length - 1 && at == starts[document + 1]) document++;
                if (document == starts.Length - 1) document = -1;
                to[i * Length + step] = value(at, at < tokens.Length ? document : -1);
            }
        }
        return filled;
    }
}
