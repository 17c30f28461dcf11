namespace DeepNet;

/// <summary>
/// Where tensors live and operators run. The device's kernels are the members of this class, one file a topic; an operator
/// allocates its outputs, then calls one of them.
/// </summary>
/// <remarks>
/// A kernel gets tensors of this device only, of shapes that the operator has checked, with outputs already allocated:
/// allocation may take back memory that nobody refers to, so no address may be taken before it. A kernel keeps its tensors
/// alive until it has run.
/// </remarks>
public abstract partial class Device
{
    private BlockPool? pool;

    /// <summary>Initializes the device; it is opened when it is first used.</summary>
    protected Device() { }

    /// <summary>The name, as <c>cpu</c> or <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True if kernels take and make images with their channels side by side; else all results are row-major.</summary>
    protected internal virtual bool KnowsChannelsLast => false;

    internal BlockPool Pool => pool ?? Interlocked.CompareExchange(ref pool, new BlockPool(this, CreateBlockSource()), null) ?? pool;

    /// <summary>Creates the source of the device's memory, once.</summary>
    protected abstract IBlockSource CreateBlockSource();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
