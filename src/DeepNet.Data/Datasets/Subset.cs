namespace DeepNet.Data;

/// <summary>Some examples of another data set, in an order of their own. Nothing is copied.</summary>
public sealed class Subset : IRandomDataset, ILabeled
{
    private readonly int[] indices;
    private int[]? labels;

    /// <summary>The examples of a set at some places.</summary>
    public Subset(IDataset source, params ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        Places.Check(source, indices);
        this.indices = indices.ToArray();
        Source = source;
    }

    /// <summary>The set that the examples come from.</summary>
    public IDataset Source { get; }

    /// <summary>Gets the places of the examples in <see cref="Source"/>.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public Sample this[int index]
    {
        get
        {
            Places.Check(this, index);
            return Source[indices[index]];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Labels
    {
        get
        {
            if (labels is not null) return labels;
            if (Source is ILabeled known)
            {
                var all = known.Labels;
                return labels = Array.ConvertAll(indices, i => all[i]);
            }
            return labels = Array.ConvertAll(indices, i => Source[i].Y.Item<int>());
        }
    }

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
        => Source.GetBatch(There(indices), cancellation);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation = default)
        => Source.GetBatch(There(indices), keys, cancellation);

    private int[] There(ReadOnlySpan<int> indices)
    {
        Places.Check(this, indices);
        var there = new int[indices.Length];
        for (int i = 0; i < there.Length; i++) there[i] = this.indices[indices[i]];
        return there;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Subset({Count} of {Source})";
}
