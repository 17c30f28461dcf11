using System.Diagnostics;

namespace DeepNet;

/// <summary>
/// An array of numbers of any rank, on any device, that remembers how it was computed when asked to. One ordinary class: the
/// element type and the device are properties, not type parameters. A view (a slice, a transpose, a reshape) shares the memory
/// of what it was taken from. Nobody has to dispose of one.
/// </summary>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed partial class Tensor : IDisposable
{
    private readonly Storage storage;
    private readonly Shape shape;
    private Placement? placement;

    private Tensor(Storage storage, Shape shape, Placement? placement = null)
    {
        this.storage = storage;
        this.shape = shape;
        if (placement is not null) this.placement = placement;
    }

    /// <summary>A new dense tensor whose elements are whatever was in memory.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static Tensor Allocate(Shape shape, DType dtype, Device device)
        => Allocate(ThreadContext.Current, shape, dtype, device);

    [MethodImpl(AggressiveInlining)]
    internal static Tensor Allocate(ThreadContext thread, Shape shape, DType dtype, Device device)
        => new(device.Pool.Rent(thread, dtype, shape), shape);

    /// <summary>A tensor over memory that something else keeps.</summary>
    internal static Tensor Over(Storage storage, Shape shape, nint[] strides, nint offset)
        => new(storage, shape, offset == 0 && ReferenceEquals(strides, shape.RowMajor) ? null : new Placement(strides, offset));

    /// <summary>Keeps tensors, and so their memory, alive up to here: for code that holds their addresses.</summary>
    [MethodImpl(NoInlining)]
    internal static void KeepAlive(params ReadOnlySpan<Tensor?> tensors)
    {
    }

    /// <summary>Another look at the same memory, without history. Strides that are row-major are recognised as such.</summary>
    internal Tensor View(Shape viewShape, ReadOnlySpan<nint> viewStrides, nint viewOffset)
        => Layout.IsRowMajor(viewShape, viewStrides) ? Show(viewShape, viewShape.RowMajor, viewOffset)
        : Show(viewShape, viewStrides.ToArray(), viewOffset);

    private Tensor Show(Shape viewShape, nint[] viewStrides, nint viewOffset) => Over(storage, viewShape, viewStrides, viewOffset);

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => shape;

    /// <summary>The number of axes.</summary>
    public int Rank => shape.Rank;

    /// <summary>The number of elements.</summary>
    public nint Count => shape.Count;

    /// <summary>The element type.</summary>
    public DType DType => storage.DType;

    /// <summary>Gets the device that holds the elements.</summary>
    public Device Device => storage.Device;

    /// <summary>
    /// Gets the number of elements between neighbours along each axis; 0 along an expanded axis, negative along a flipped one.
    /// </summary>
    public ReadOnlySpan<nint> Strides => StrideArray;

    /// <summary>True if the elements lie densely in row-major order.</summary>
    public bool IsContiguous
    {
        [MethodImpl(AggressiveInlining)]
        get => placement is null || ReferenceEquals(placement.Strides, shape.RowMajor);
    }

    internal Storage Storage => storage;

    internal nint Offset
    {
        [MethodImpl(AggressiveInlining)]
        get => placement is null ? 0 : placement.Offset;
    }

    internal nint[] StrideArray => placement is null ? shape.RowMajor : placement.Strides;

    /// <summary>The address of the first element. The caller keeps the tensor alive while using it.</summary>
    internal unsafe T* Pointer<T>() where T : unmanaged => (T*)storage.Address + Offset;

    /// <summary>The same for kernels that are chosen by element type.</summary>
    internal unsafe byte* RawPointer => (byte*)storage.Address + Offset * DType.Size();

    /// <summary>Copies elements from the caller's memory; the tensor is dense.</summary>
    internal unsafe void Upload(void* from) => storage.Upload(from, (long)Offset * DType.Size(), (long)Count * DType.Size());

    /// <summary>Copies the elements of a dense tensor to the caller's memory, waiting for whatever produces them.</summary>
    internal unsafe void Download(void* to) => storage.Download((long)Offset * DType.Size(), (long)Count * DType.Size(), to);

    /// <summary>
    /// Gives the memory back now. It would be given back by itself: this only makes it sooner. All views of the same memory
    /// become unusable. Memory under an open <see cref="TensorLease{T}"/> is given back when that ends.
    /// </summary>
    public void Dispose() => storage.Release();

    /// <summary>Notes an in-place change, so that a derivative that was to read the old values reports it.</summary>
    internal void MarkChanged() => storage.MarkChanged();

    /// <inheritdoc cref="Storage.EndRead"/>
    /// <remarks>It also brings <see cref="KnownNode"/> up to date.</remarks>
    [MethodImpl(AggressiveInlining)]
    internal void EndRead(string op)
    {
        if (storage.NeedsLook) Look(op);
    }

    [MethodImpl(NoInlining)]
    private void Look(string op)
    {
        storage.EndRead(op);
        _ = Node;
    }

    private string DebuggerText
        => storage.IsReleased ? $"{DType.Name()} {shape} (released)" : $"{DType.Name()} {shape} {(shape.Count <= 16 ? ToString() : "")}";
}
