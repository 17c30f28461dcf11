using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DeepNet.Devices;

/// <summary>The memory of one allocation, shared by all views of it.</summary>
internal sealed class Storage
{
    private readonly Block block;
    private readonly int tenancy;
    private nint pointer;

    /// <summary>Counts in-place changes, so that autograd notices when a value it kept is no longer the one it saw.</summary>
    public int Version;

    /// <summary>How many gradient slots of a running backward pass hold this storage.</summary>
    public int GradientUses;

    /// <summary>True while the memory belongs to a running backward pass alone, which may then reuse it or give it back.</summary>
    public bool IsEngineOwned;

    /// <summary>True for a constant of a formula: a double that takes on the type of whatever it meets.</summary>
    public bool IsConstant;

    /// <summary>The depth of the innermost memory scope it belongs to; 0 if to none.</summary>
    public int ScopeDepth;

    public readonly DType DType;
    /// <summary>The shape it was made for, for the table of what is live.</summary>
    public readonly Shape Shape;

    public Storage(Block block, int tenancy, DType dtype, Shape shape)
    {
        this.block = block;
        this.tenancy = tenancy;
        pointer = block.Pointer;
        DType = dtype;
        Shape = shape;
    }

    public Block Block => block;
    public int Tenancy => tenancy;
    public Device Device => block.Pool.Device;
    public bool IsReleased => pointer == 0;

    /// <summary>Where it was made, if <see cref="Memory.TrackOrigins"/> was on. Kept apart: a field would cost every tensor.</summary>
    public string? Origin
    {
        get => Origins.Of.TryGetValue(this, out string? origin) ? origin : null;
        set => Origins.Of.AddOrUpdate(this, value!);
    }

    /// <summary>The address; an error if the memory was given back.</summary>
    public nint Address
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            nint p = pointer;
            if (p == 0) ThrowReleased();
            return p;
        }
    }

    /// <summary>Gives the memory back now; every view of it becomes unusable. Harmless when repeated.</summary>
    public void Release() => Release(ThreadContext.Current);

    /// <summary>The same, where the caller knows its thread.</summary>
    public void Release(ThreadContext thread)
    {
        if (!block.TryEnd(tenancy)) return;
        pointer = 0;
        block.Pool.Return(thread, block);
    }

    private static class Origins
    {
        public static readonly ConditionalWeakTable<Storage, string> Of = [];
    }

    [DoesNotReturn]
    private void ThrowReleased() => throw new ObjectDisposedException("Tensor",
        $"The memory of this {DType.Name()} tensor of shape {Shape} was given back when its Memory.Scope ended, or by Dispose. "
        + "Keep what must outlive a scope with scope.Keep(tensor)."
        + (Origin is null ? " Set Memory.TrackOrigins to see where it was made." : $"\nIt was made here:\n{Origin}"));
}
