namespace DeepNet;

/// <summary>
/// Images whose channels lie side by side, pixel after pixel: what convolutions compute on. The shape stays (N, C, H, W) and
/// strides tell. Kernels that know the layout hand it on, so it travels along a chain of layers; all others see a strided view.
/// </summary>
public sealed partial class Tensor
{
    /// <summary>True for a dense image tensor whose channels lie side by side, and which is not row-major as well.</summary>
    internal bool IsChannelsLast
        => !IsContiguous && shape.Rank == 4
        && (ReferenceEquals(StrideArray, shape.ChannelsLast) || Strides.SequenceEqual(shape.ChannelsLast));

    /// <summary>True if the elements of both lie in the same dense order, so that a loop may run straight through both.</summary>
    internal bool IsDenseLike(Tensor other)
        => IsContiguous ? other.IsContiguous : IsChannelsLast && other.IsChannelsLast && shape.Equals(other.shape);

    /// <summary>
    /// A new tensor with its channels side by side; row-major where that is the same, or on a device that knows no other layout.
    /// </summary>
    internal static Tensor AllocateChannelsLast(Shape shape, DType dtype, Device device)
    {
        if (!device.KnowsChannelsLast || shape.Rank != 4 || IsEitherLayout(shape)) return Allocate(shape, dtype, device);
        return new(device.Pool.Rent(Devices.ThreadContext.Current, dtype, shape), shape, new Placement(shape.ChannelsLast, 0));
    }

    /// <summary>
    /// A new tensor of the same shape, dense, in the other's layout if it has one of the dense layouts and the device keeps it.
    /// </summary>
    internal static Tensor AllocateLike(Tensor model, DType dtype)
        => model.IsContiguous || !model.IsChannelsLast ? Allocate(model.shape, dtype, model.Device)
        : AllocateChannelsLast(model.shape, dtype, model.Device);

    /// <summary>
    /// This tensor in the dense layout of another of its shape (row-major if that has none); itself if it has it. Without history.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    internal Tensor InLayoutOf(Tensor model) => IsContiguous && model.IsContiguous ? this : Relaid(model);

    private Tensor Relaid(Tensor model)
    {
        if (model.IsContiguous || !model.IsChannelsLast || !Device.KnowsChannelsLast) return IsContiguous ? this : CopyDense();
        if (IsChannelsLast) return this;
        var copy = AllocateLike(model, DType);
        Kernels.Copy(this, copy);
        return copy;
    }

    /// <summary>This tensor with its channels side by side; itself if they are. Without history.</summary>
    internal Tensor InChannelsLast()
    {
        if (IsChannelsLast || (IsContiguous && IsEitherLayout(shape))) return this;
        var copy = AllocateChannelsLast(shape, DType, Device);
        Kernels.Copy(this, copy);
        return copy;
    }

    /// <summary>True for images that lie the same in both layouts: of one channel, or of one pixel.</summary>
    internal static bool IsEitherLayout(Shape shape) => shape.Rank == 4 && Layout.IsRowMajor(shape, shape.ChannelsLast);

    /// <summary>The same elements as (N, H, W, C): dense if the channels lie side by side. Without history.</summary>
    internal Tensor AsPixels()
        => View(new Shape(shape[0], shape[2], shape[3], shape[1]), [Strides[0], Strides[2], Strides[3], Strides[1]], Offset);
}
