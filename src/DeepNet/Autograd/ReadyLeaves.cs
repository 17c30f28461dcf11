namespace DeepNet;

/// <summary>
/// The leaves whose gradients somebody waits for, in the order in which a backward pass completes them. A leaf is complete when the turn
/// has come to a node that is numbered below all nodes that use it.
/// </summary>
/// <remarks>
/// A function that is run again may use any leaf, so none is complete before the earliest of them was run. The graph is gone through once
/// a pass, and only where somebody listens.
/// </remarks>
internal sealed class ReadyLeaves
{
    private readonly HashSet<Node> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Node> open = new();
    private readonly Dictionary<Leaf, long> firstUse = new(ReferenceEqualityComparer.Instance);
    private readonly PriorityQueue<Leaf, (long Use, long Made)> waiting = new(Comparer<(long, long)>.Create((a, b) => b.CompareTo(a)));
    private long hidden = long.MaxValue;

    /// <summary>Gets the number below which a node's turn completes the next leaf.</summary>
    public long Below => waiting.TryPeek(out _, out var first) ? first.Use : long.MinValue;

    /// <summary>Takes in the leaves that a node leads to.</summary>
    public void Look(Node root)
    {
        firstUse.Clear();
        Visit(root, root.Sequence);
        while (open.TryPop(out var node))
        {
            if (node.HasHiddenInputs) hidden = Math.Min(hidden, node.Sequence);
            for (int i = 0; i < node.InputCount; i++)
                if (node.Input(i) is { } input) Visit(input, node.Sequence);
        }
        foreach (var (leaf, use) in firstUse)
        {
            seen.Add(leaf);
            waiting.Enqueue(leaf, (Math.Min(use, hidden), leaf.Sequence));
        }
    }

    /// <summary>Takes the next leaf to which no node that is numbered as given, or below, adds anything; null if there is none.</summary>
    public Leaf? TryTake(long sequence)
        => waiting.TryPeek(out _, out var first) && sequence < first.Use ? waiting.Dequeue() : null;

    private void Visit(Node node, long user)
    {
        if (node is Leaf leaf)
        {
            // Hooks have a turn of their own, after which the gradient is added.
            if (leaf.Hooks is not null) user = leaf.Sequence;
            if (leaf.Ready is null || seen.Contains(leaf)) return;
            if (!firstUse.TryGetValue(leaf, out long use) || user < use) firstUse[leaf] = user;
        }
        else if (seen.Add(node))
        {
            open.Push(node);
        }
    }
}
