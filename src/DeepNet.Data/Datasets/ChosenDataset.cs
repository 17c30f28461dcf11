namespace DeepNet.Data;

/// <summary>Some examples of a data set of any type, in an order of their own.</summary>
internal sealed class ChosenDataset<T>(IDataset<T> source, int[] places) : IDataset<T>
{
    public int Count => places.Length;

    public T this[int index]
    {
        get
        {
            Places.Check(this, index);
            return source[places[index]];
        }
    }

    public override string ToString() => $"{Count} of {source}";
}
