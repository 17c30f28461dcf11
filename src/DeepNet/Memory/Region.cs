namespace DeepNet.Devices;

/// <summary>
/// The settings of a thread (recording, autocast, memory scope) from a user's call that changed them to the Dispose that restores them.
/// </summary>
/// <remarks>
/// A region belongs to the thread and to the execution context that it was opened in. When another context comes to the thread (a pool's
/// thread takes its next work item, an async method returns to its caller, a waiting thread runs another task), the settings are those
/// of the regions which that context has open on this thread, whatever was not disposed of. The runtime tells of it; operators look at
/// fields.
/// </remarks>
internal sealed class Region
{
    private static readonly AsyncLocal<Region?> OfContext = new(ContextChanged);

    // The thread's region that no call opened. It stands for the thread, which a context elsewhere must not keep alive.
    private readonly Region root;
    private Region? outer;

    // The settings while another region is the thread's innermost one.
    private bool isGradOff;
    private object? autocast;
    private StorageScope? scope;

    private Region(Region outer)
    {
        root = outer.root;
        this.outer = outer;
    }

    /// <summary>Makes the region of a thread that no call opened.</summary>
    public Region() => root = this;

    /// <summary>Opens a region with the settings as they are, to be changed by the caller.</summary>
    public static Region Open(ThreadContext thread)
    {
        thread.Region.Save(thread);
        var region = new Region(thread.Region);
        thread.Region = region;
        OfContext.Value = region;
        return region;
    }

    /// <summary>Restores the settings from before <see cref="Open"/>, and ends the regions inside that were not disposed of. Harmless
    /// when repeated.</summary>
    public void Close(ThreadContext thread)
    {
        if (outer is null) return;
        var next = outer;
        if (!IsOpenOn(thread))
            throw new InvalidOperationException("A region (Autograd.NoGrad, EnableGrad, Autocast or Memory.Scope) was disposed on another "
                + "thread, or in another async method or work item, than it was opened in. Use 'using var region = …;' within one "
                + "synchronous method.");
        for (var region = thread.Region; region != next;)
        {
            var around = region!.outer;
            region.Forget();
            region = around;
        }
        thread.Region = next;
        next.Load(thread);
        OfContext.Value = next.outer is null ? null : next;
    }

    private bool IsOpenOn(ThreadContext thread)
    {
        for (var region = thread.Region; region is not null; region = region.outer)
            if (region == this) return true;
        return false;
    }

    // A context that was captured inside may live long; it keeps no tensors.
    private void Forget() => (outer, autocast, scope) = (null, null, null);

    private void Save(ThreadContext thread) => (isGradOff, autocast, scope) = (thread.IsGradOff, thread.Autocast, thread.Scope);

    private void Load(ThreadContext thread) => (thread.IsGradOff, thread.Autocast, thread.Scope) = (isGradOff, autocast, scope);

    private static void ContextChanged(AsyncLocalValueChangedArgs<Region?> change)
    {
        if (!change.ThreadContextChanged) return;
        var thread = ThreadContext.Current;
        // What another thread opened, or what has ended, is nothing here.
        var next = change.CurrentValue is { outer: not null } region && region.root == thread.Region.root ? region : thread.Region.root;
        if (next == thread.Region) return;
        thread.Region.Save(thread);
        thread.Region = next;
        next.Load(thread);
    }
}
