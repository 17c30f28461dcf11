namespace DeepNet;

/// <summary>
/// A region at whose end all tensors made inside it on this thread give their memory back at once. Nobody needs one: memory
/// looks after itself. A scope around a training step makes it look after itself sooner.
/// </summary>
/// <remarks>The remarks at <see cref="GradMode"/> hold here too: a scope that is not disposed gives nothing back, and ends with its work
/// item.</remarks>
/// <example><code>
/// using var step = Memory.Scope();
/// var loss = Loss.CrossEntropy(model.Forward(x), y);
/// </code></example>
public readonly ref struct MemoryScope
{
    private readonly ScopeLedger ledger;
    private readonly Region region;
    private readonly int generation;

    internal MemoryScope(ScopeLedger ledger, Region region)
    {
        this.ledger = ledger;
        this.region = region;
        generation = ledger.Generation;
    }

    /// <summary>Lets a tensor live on: it moves to the scope around this one, or to no scope if there is none.</summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var storage = tensor.Storage;
        storage.ScopeDepth = Math.Min(storage.ScopeDepth, ledger.Depth - 1);
        return tensor;
    }

    /// <summary>Gives back all that was made inside and not kept.</summary>
    public void Dispose()
    {
        if (ledger is null || ledger.Generation != generation) return;
        var thread = ThreadContext.Current;
        ledger.End(thread);
        region.Close(thread);
    }
}
