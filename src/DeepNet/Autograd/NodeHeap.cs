namespace DeepNet;

/// <summary>The nodes that wait for their turn in a backward pass: a heap with the latest made on top.</summary>
internal sealed class NodeHeap
{
    // A struct around each reference: storing into an array of a base class would check its type every time.
    private readonly record struct Item(Node Node)
    {
        public long Sequence => Node.Sequence;
    }

    private Item[] items = new Item[32];

    public int Count { get; private set; }

    /// <summary>Gets the latest made, which stays.</summary>
    public Node Top => items[0].Node;

    public void Push(Node node)
    {
        if (Count == items.Length) Array.Resize(ref items, 2 * Count);
        int i = Count++;
        while (i > 0)
        {
            int parent = (i - 1) >> 1;
            if (items[parent].Sequence >= node.Sequence) break;
            items[i] = items[parent];
            i = parent;
        }
        items[i] = new Item(node);
    }

    public Node Pop()
    {
        var top = items[0].Node;
        var last = items[--Count];
        items[Count] = default;
        if (Count == 0) return top;
        int i = 0;
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= Count) break;
            if (child + 1 < Count && items[child + 1].Sequence > items[child].Sequence) child++;
            if (items[child].Sequence <= last.Sequence) break;
            items[i] = items[child];
            i = child;
        }
        items[i] = last;
        return top;
    }
}
