namespace DeepNet.Data;

/// <summary>The examples of two data sets side by side.</summary>
internal sealed class ZippedDataset<TFirst, TSecond> : IDataset<(TFirst First, TSecond Second)>
{
    private readonly IDataset<TFirst> first;
    private readonly IDataset<TSecond> second;

    public ZippedDataset(IDataset<TFirst> first, IDataset<TSecond> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException(
                $"[zip] {first} has {first.Count} examples and {second} has {second.Count}: each needs a partner. Take as many of both.");
        (this.first, this.second) = (first, second);
    }

    public int Count => first.Count;

    public (TFirst First, TSecond Second) this[int index] => (first[index], second[index]);

    public override string ToString() => $"Zip({first}, {second})";
}
