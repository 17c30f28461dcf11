namespace DeepNet.Devices;

/// <summary>
/// What was made on a thread inside one <see cref="MemoryScope"/>: at its end all of it is given back, except what was kept.
/// It notes blocks and tenancies, not tensors, so it keeps nothing alive.
/// </summary>
internal sealed class ScopeLedger : StorageScope
{
    private (Block Block, int Tenancy)[] made = new (Block, int)[64];
    private int count;
    private ScopeLedger? kept;

    /// <summary>Counts its uses, so that a scope disposed twice does not end somebody else's.</summary>
    public int Generation { get; private set; }

    public override void Made(Storage storage)
    {
        storage.ScopeDepth = Depth;
        Note(storage.Block, storage.Tenancy);
    }

    private void Note(Block block, int tenancy)
    {
        if (count == made.Length) Array.Resize(ref made, 2 * count);
        made[count++] = (block, tenancy);
    }

    public void Begin(ThreadContext thread)
    {
        Outer = thread.Scope;
        Depth = (Outer?.Depth ?? 0) + 1;
        thread.Scope = this;
    }

    public void End(ThreadContext thread)
    {
        if (thread.Scope != this)
            throw new InvalidOperationException(
                "A Memory.Scope was disposed on another thread than it was made on, or before a scope inside it. Use 'using var scope "
                + "= Memory.Scope();' within one synchronous method.");
        Leave(thread);
        ReturnAll();
        Generation++;
        thread.SpareLedger = this;
    }

    /// <summary>Stops noting, without giving anything back yet.</summary>
    public void Leave(ThreadContext thread)
    {
        thread.Scope = Outer;
        kept = Outer as ScopeLedger;
        Outer = null;
    }

    /// <summary>
    /// Gives back what was made and not kept; what was kept for the scope around goes there. In a running backward pass, what
    /// serves as a gradient is excepted.
    /// </summary>
    public void ReturnAll(bool exceptGradients = false)
    {
        var thread = ThreadContext.Current;
        for (int i = 0; i < count; i++)
        {
            var (block, tenancy) = made[i];
            if (Volatile.Read(ref block.Tenancy) != tenancy) continue;
            if (block.Owner.TryGetTarget(out var storage) && storage.Tenancy == tenancy)
            {
                if (exceptGradients && storage.GradientUses > 0) continue;
                if (storage.ScopeDepth >= Depth) storage.Release(thread);
                else if (storage.ScopeDepth > 0) kept?.Note(block, tenancy);
            }
            else if (block.TryEnd(tenancy))
            {
                block.Pool.Return(thread, block);
            }
        }
        count = 0;
        kept = null;
    }
}
