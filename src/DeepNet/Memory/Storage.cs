using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Devices;

/// <summary>The memory of one allocation, shared by all views of it.</summary>
internal sealed class Storage
{
    private Block block = null!;
    private int tenancy;
    private nint pointer;

    /// <summary>
    /// Counts in-place changes, so that autograd notices when a value it kept is no longer the one it saw. Negative while a lease for
    /// writing is open: equal to no version that was saved.
    /// </summary>
    public int Version;

    /// <summary>The number of gradient slots of a running backward pass that hold this storage.</summary>
    public int GradientUses;

    /// <summary>True while the memory belongs to a running backward pass alone, which may then reuse it or give it back.</summary>
    public bool IsEngineOwned;

    /// <summary>
    /// True if an in-place change of the memory was recorded, so that what was known of the history of its tensors may be out of date.
    /// </summary>
    private bool isRebased;

    /// <summary>True for a constant of a formula: a double that takes on the type of whatever it meets.</summary>
    public bool IsConstant;

    /// <summary>The depth of the innermost memory scope it belongs to; 0 if to none.</summary>
    public int ScopeDepth;

    public readonly DType DType;
    /// <summary>The shape it was made for, for the table of what is live.</summary>
    public readonly Shape Shape;

    public Storage(DType dtype, Shape shape)
    {
        DType = dtype;
        Shape = shape;
    }

    /// <summary>Gives it its memory, once.</summary>
    [MethodImpl(AggressiveInlining)]
    public void Begin(Block block, int tenancy)
    {
        this.block = block;
        this.tenancy = tenancy;
        pointer = block.Memory.Pointer;
    }

    public Block Block => block;
    public int Tenancy => tenancy;
    public Device Device => block.Pool.Device;

    /// <summary>True if the memory was given back.</summary>
    public bool IsReleased => NeedsLook && !isRebased;

    /// <summary>True if an in-place change of the memory was recorded, after which tensors have to look up their history.</summary>
    public bool IsRebased => isRebased;

    /// <summary>
    /// True if the memory was given back or is rebased. Asked after elements were read, it tells of another thread's release as
    /// <see cref="EndRead"/> does, for where finding the operator's name would cost more than the answer. One question for both keeps
    /// in-place changes from costing those who make none.
    /// </summary>
    public bool NeedsLook
    {
        [MethodImpl(AggressiveInlining)]
        get
        {
            Volatile.ReadBarrier();     // the elements were read before the pointer is looked at
            return pointer == 0;
        }
    }

    /// <summary>Records a stack trace with every storage.</summary>
    public static bool TrackOrigins
    {
        get;
        set
        {
            if (field == value) return;
            field = value;
            if (value) Listener.TurnOn();
            else Listener.TurnOff();
        }
    }

    /// <summary>The stack trace if <see cref="TrackOrigins"/> was on. Kept apart: a field would cost every tensor.</summary>
    public string? Origin
    {
        get => Origins.Of.TryGetValue(this, out string? origin) ? origin : null;
        set => Origins.Of.AddOrUpdate(this, value!);
    }

    /// <summary>The address; an error if the memory was given back.</summary>
    public nint Address
    {
        [MethodImpl(AggressiveInlining)]
        get
        {
            nint p = pointer;
            return p != 0 ? p : RebasedAddress();
        }
    }

    [MethodImpl(NoInlining)]
    private nint RebasedAddress()
    {
        if (!isRebased) ThrowReleased();
        return block.Pointer;
    }

    /// <summary>Notes that an in-place change of the memory was recorded: from now on <see cref="NeedsLook"/> is true.</summary>
    public void Rebase()
    {
        _ = Address;        // throws if the memory was given back
        isRebased = true;
        pointer = 0;
    }

    /// <summary>Gives the memory back now; every view of it becomes unusable. Harmless when repeated.</summary>
    public void Release() => Release(ThreadContext.Current);

    /// <summary>The same, where the caller knows its thread.</summary>
    public void Release(ThreadContext thread)
    {
        isRebased = false;
        pointer = 0;        // before the exchange, which is a fence: who sees another's data in the block sees this too
        if (block.TryEnd(tenancy)) block.Pool.Return(thread, block);
    }

    /// <summary>
    /// Throws if the memory was given back while an operator was reading it: by another thread, for the operator itself keeps it. What was
    /// computed may come from another tensor's data then. Called when the operator is done; costs two loads.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public void EndRead(string op)
    {
        if (IsReleased) ThrowReleasedMeanwhile(op);
    }

    /// <inheritdoc cref="IBlockSource.Upload"/>
    public unsafe void Upload(void* from, long offset, long bytes)
    {
        _ = Address;        // throws if the memory was given back
        block.Pool.Source.Upload(from, block.Memory, offset, bytes);
        if (Listener.IsOn) AnnounceUpload(from, bytes);
        GC.KeepAlive(this);
    }

    private unsafe void AnnounceUpload(void* from, long bytes)
        => AnnounceConstant(new ReadOnlySpan<byte>(from, (int)Math.Min(bytes, int.MaxValue)));

    /// <summary>Tells those who listen that the caller has set the elements.</summary>
    public void AnnounceConstant(ReadOnlySpan<byte> elements)
    {
        for (var listener = ThreadContext.Current.Listener; listener is not null; listener = listener.Outer)
            listener.Uploaded(this, elements);
    }

    /// <inheritdoc cref="IBlockSource.Download"/>
    public unsafe void Download(long offset, long bytes, void* to)
    {
        if (Listener.IsOn) Listener.RefuseAll("download", "reads elements back");
        _ = Address;
        block.Pool.Source.Download(block.Memory, offset, bytes, to);
        EndRead("copy");
    }

    /// <summary>Notes an in-place change.</summary>
    public void MarkChanged() => Version = Version == int.MaxValue ? 0 : Version + 1;

    /// <summary>
    /// Keeps the memory from becoming anybody else's while it is written in place, even if another thread releases it. The end of the
    /// writing throws if one did.
    /// </summary>
    public StorageWrite Write() => new(this);

    /// <summary>Keeps the memory from becoming anybody else's until <see cref="Unpin"/>; an error if it was given back.</summary>
    public void Pin()
    {
        block.Pin();
        if (Volatile.Read(ref block.Tenancy) == tenancy) return;
        Unpin();
        ThrowReleased();
    }

    /// <summary>Undoes <see cref="Pin"/>.</summary>
    public void Unpin() => block.Unpin(ThreadContext.Current);

    /// <summary>Begins a lease: the memory stays until <see cref="CloseLease"/>, even without a tensor that refers to it.</summary>
    public void OpenLease(bool writes)
    {
        Pin();
        block.Pool.Leases.Open(this, writes);
    }

    /// <summary>Ends a lease.</summary>
    public void CloseLease(bool writes)
    {
        block.Pool.Leases.Close(this, writes);
        Unpin();
    }

    private static class Origins
    {
        public static readonly ConditionalWeakTable<Storage, string> Of = [];
    }

    [DoesNotReturn]
    private void ThrowReleasedMeanwhile(string op) => throw new ObjectDisposedException("Tensor",
        $"[{op}] the memory of a {DType.Name()} tensor of shape {Shape} was given back while {op} was computing with it, so there is no "
            + "result: "
        + "another thread disposed of it, or ended its Memory.Scope. Dispose of what threads share when all of them are done, or not at "
            + "all.");

    [DoesNotReturn]
    private void ThrowReleased() => throw new ObjectDisposedException("Tensor",
        $"The memory of this {DType.Name()} tensor of shape {Shape} was given back when its Memory.Scope ended, or by Dispose. "
        + "Keep what must outlive a scope with scope.Keep(tensor)."
        + (Origin is null ? " Set Memory.TrackOrigins to see where it was made." : $"\nIt was made here:\n{Origin}"));
}
