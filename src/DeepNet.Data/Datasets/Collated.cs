namespace DeepNet.Data;

/// <summary>The examples of a data set, made into batches by a function.</summary>
internal sealed class Collated<T, TBatch>(IDataset<T> source, Func<IReadOnlyList<T>, TBatch> collate) : IBatchSource<TBatch>
{
    public int Count => source.Count;

    public TBatch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        var examples = new T[indices.Length];
        for (int i = 0; i < examples.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            examples[i] = source[indices[i]];
        }
        return collate(examples);
    }

    public override string ToString() => $"{source}";
}
