namespace DeepNet.Data;

/// <summary>Several data sets one after the other.</summary>
public sealed class ConcatDataset : IRandomDataset, ILabeled
{
    private readonly IDataset[] parts;
    private readonly int[] ends;
    private int[]? labels;

    /// <summary>The examples of all sets, in order.</summary>
    public ConcatDataset(params IDataset[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        this.parts = [.. parts];
        ends = new int[parts.Length];
        int end = 0;
        for (int i = 0; i < parts.Length; i++) ends[i] = end = checked(end + parts[i].Count);
        Count = end;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public Sample this[int index]
    {
        get
        {
            var (part, place) = Find(index);
            return part[place];
        }
    }

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation = default)
    {
        if (indices.IsEmpty) return ((IDataset)this).GetBatch(indices, cancellation);
        var batches = new Batch[indices.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (part, place) = Find(indices[i]);
            batches[i] = part.GetBatch([place], keys.Slice(i, 1), cancellation);
        }
        return new Batch(Tensor.Cat([.. batches.Select(batch => batch.X)]), Tensor.Cat([.. batches.Select(batch => batch.Y)]));
    }

    private (IDataset Part, int Place) Find(int index)
    {
        Places.Check(this, index);
        int found = Array.BinarySearch(ends, index + 1);
        int part = found >= 0 ? found : ~found;
        while (part > 0 && ends[part - 1] == ends[part]) part--;       // empty sets end where their predecessor does
        return (parts[part], index - (ends[part] - parts[part].Count));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Labels => labels ??= [.. parts.SelectMany(part => part.Labels())];

    /// <inheritdoc/>
    public override string ToString() => $"ConcatDataset({string.Join(", ", (object[])parts)})";
}
