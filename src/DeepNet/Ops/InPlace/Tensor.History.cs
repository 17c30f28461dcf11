namespace DeepNet;

// How in-place changes of shared memory reach the history of all that see it. The tensor that was made first, the root, has the node;
// a view looks its own up when it is used: it is out of date if it does not lead to the root's node of now.
public sealed partial class Tensor
{
    /// <summary>The last tensor that wrote to memory in a way that was recorded.</summary>
    private static readonly ConditionalWeakTable<Storage, WeakReference<Tensor>> Writers = [];

    /// <summary>Gets the tensor that this one is a view of, or itself.</summary>
    internal Tensor Root => placement?.ViewOf ?? this;

    /// <summary>
    /// Makes this tensor, which shows elements of another one, a view of it: changes of either reach the history of both. A view of a
    /// tensor with history that is made while nothing is recorded is a detached one.
    /// </summary>
    /// <returns>True if the view is to be recorded. The other one's <see cref="KnownNode"/> is up to date then.</returns>
    internal bool IsViewOf(Tensor x)
    {
        bool needsGradient = x.Node is not null;
        bool isRecorded = needsGradient && Autograd.IsEnabled;
        if (isRecorded || !needsGradient) (placement ??= new Placement(shape.RowMajor, 0)).ViewOf = x.Root;
        return isRecorded;
    }

    /// <summary>Gives this tensor, a root whose memory was written to, the node that it has from now on.</summary>
    internal void Rebase(Node node)
    {
        if (KnownNode?.Hooks is { Retains: true } hooks)
        {
            hooks.Retains = false;
            node.Hooks = new GradientHooks { Retains = true };
        }
        KnownNode = node;
        storage.IsConstant = false;
        storage.Rebase();
        if (!(Writers.TryGetValue(storage, out var writer) && writer.TryGetTarget(out var last) && last == this))
            Writers.AddOrUpdate(storage, new WeakReference<Tensor>(this));
    }

    /// <summary>The node of a tensor whose memory was given back, or written to in a way that was recorded.</summary>
    [MethodImpl(NoInlining)]
    private Node? LookUpNode()
    {
        if (!storage.IsRebased) return KnownNode;
        if (placement?.ViewOf is { } root)
        {
            if (root.Node is { } now && !LeadsTo(now)) KnownNode = new MemoryView(now, new MemoryMap(root, this));
        }
        else if (KnownNode is not null && Writers.TryGetValue(storage, out var writer)
            && !(writer.TryGetTarget(out var last) && last == this) && !ThreadContext.Current.IsGradOff)
        {
            throw new InvalidOperationException(
                $"[in_place] a tensor of shape {Shape} (from {KnownNode.Name}) shares its memory with a detached tensor that was changed "
                + "in place, of which its own history does not know: its gradient would be wrong. Change the tensor itself, or "
                + "Detach().Clone().");
        }
        return KnownNode;
    }

    private bool LeadsTo(Node root)
    {
        var node = KnownNode;
        while (node is { IsView: true } && node != root) node = node.Input(0);
        return node == root;
    }
}
