namespace DeepNet.Data;

/// <summary>The objects of a list as examples.</summary>
internal sealed class ListDataset<T> : IDataset<T>
{
    private readonly IReadOnlyList<T> items;

    public ListDataset(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        this.items = items as IReadOnlyList<T> ?? [.. items];
        Count = this.items.Count;
        if (default(T) is null)
            for (int i = 0; i < Count; i++)
                if (this.items[i] is null) throw new ArgumentException($"[dataset] object {i} is null.", nameof(items));
    }

    public int Count { get; }

    public T this[int index]
    {
        get
        {
            Places.Check(this, index);
            return items[index];
        }
    }

    public override string ToString() => $"{Count} {typeof(T).Name}";
}
