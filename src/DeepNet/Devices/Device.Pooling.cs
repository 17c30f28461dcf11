using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// The largest element of each window and, if asked for, its place (int32, within one image). Or the adjoint: each element is added at
    /// its place, in order, to zeros; y is an image then, and the places are given. Of floating types; x of any layout, the rest dense:
    /// row-major, or where <see cref="KnowsChannelsLast"/> all with their channels side by side.
    /// </summary>
    internal abstract void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places, bool isAdjoint);

    /// <summary>The mean of each window. Or the adjoint: each element handed back evenly to its window; y is an image then.</summary>
    internal abstract void AveragePool(PoolGrid grid, Tensor x, Tensor y, bool isAdjoint);
}
