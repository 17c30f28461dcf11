namespace DeepNet.Hosting.Live;

/// <summary>
/// A list of bounded length: where it is full, neighbours are merged, so that what is long past is coarser than what is recent. Each item
/// has the version at which it came, by which readers ask for what is new.
/// </summary>
internal sealed class Thinned<T>(int most, Func<T, T, T> merge)
{
    private List<(long Version, T Item)> items = [];

    public int Count => items.Count;

    public void Add(long version, T item)
    {
        if (items.Count >= most)
        {
            var half = new List<(long, T)>(most);
            for (int i = 0; i + 1 < items.Count; i += 2) half.Add((items[i + 1].Version, merge(items[i].Item, items[i + 1].Item)));
            if (items.Count % 2 == 1) half.Add(items[^1]);
            items = half;
        }
        items.Add((version, item));
    }

    /// <summary>Returns the items that came after a version, in order.</summary>
    public IEnumerable<T> After(long version)
    {
        int first = items.Count;
        while (first > 0 && items[first - 1].Version > version) first--;
        return items.Skip(first).Select(i => i.Item);
    }
}
