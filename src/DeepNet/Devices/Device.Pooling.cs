using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>The largest element of each window and, if asked for, its place (int32, within one image). Of floating types; x of any layout, the rest dense: row-major, or where <see cref="KnowsChannelsLast"/> all with their channels side by side.</summary>
    internal abstract void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places);

    /// <summary>The mean of each window.</summary>
    internal abstract void AveragePool(PoolGrid grid, Tensor x, Tensor y);

    /// <summary>Each element shared evenly among its window; y is an image.</summary>
    internal abstract void AveragePoolAdjoint(PoolGrid grid, Tensor x, Tensor y);

    /// <summary>y = x at the places, image by image (the last two axes).</summary>
    internal abstract void PoolGather(Tensor x, Tensor places, Tensor y);

    /// <summary>y = 0, then each element of x added at its place, in order; each place lies in the window of its element.</summary>
    internal abstract void PoolScatter(PoolGrid grid, Tensor x, Tensor places, Tensor y);
}
