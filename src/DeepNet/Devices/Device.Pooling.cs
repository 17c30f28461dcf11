namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// Pools the windows of images: their largest elements, with the place of each (int32, within one image) if asked for, or their means.
    /// Or the adjoint of either: each element is added at its place, in order, to zeros, or handed back evenly to its window; y is an image
    /// then, and the places are given. Maxima of all floating types, means of float32 and float64; x of any layout, the rest dense:
    /// row-major, or where <see cref="KnowsChannelsLast"/> all with their channels side by side.
    /// </summary>
    protected internal abstract void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places = null);
}
