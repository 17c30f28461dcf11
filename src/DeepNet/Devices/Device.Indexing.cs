using DeepNet.Devices;
using DeepNet.Ops;

namespace DeepNet;

// Kernels that read or write at places given by a tensor. Indices are dense int64, already checked: −length ≤ i < length, where
// negative ones count from the end. Everything else is dense too, and "at" describes the indexed tensor.
public abstract partial class Device
{
    /// <summary>The position of the first index outside [lowest, end), or −1.</summary>
    internal abstract nint FindOutside(Tensor index, nint lowest, nint end);

    /// <summary>
    /// Has indices looked at in the course of the device's work, without waiting for it: what is wrong with them is thrown when somebody next waits for
    /// the device. Into <paramref name="counted"/>, if there is one, goes the number of those that are not ignored. Until then kernels take the nearest
    /// valid index for one that is not. False on devices that have nothing to gain by it: the caller looks with <see cref="FindOutside"/>.
    /// </summary>
    internal virtual bool TryCheckLater(Tensor index, in IndexCheck check, Tensor? counted) => false;

    /// <summary>y[o, i, :] = x[o, index[i], :].</summary>
    internal abstract void TakeRows(Tensor x, AlongAxis at, Tensor index, Tensor y);

    /// <summary>target[o, index[i], :] = source[o, i, :], in the order of i: the last one stays.</summary>
    internal abstract void PutRows(Tensor target, AlongAxis at, Tensor index, Tensor source);

    /// <summary>target[o, index[i], :] += source[o, i, :], in the order of i. Of int32, int64, float32 and float64.</summary>
    internal abstract void AddRows(Tensor target, AlongAxis at, Tensor index, Tensor source);

    /// <summary>y[o, i, k] = x[o, index[o, i, k], k].</summary>
    internal abstract void Gather(Tensor x, AlongAxis at, Tensor index, Tensor y);

    /// <summary>target[o, index[o, i, k], k] = source[o, i, k], in the order of i: the last one stays.</summary>
    internal abstract void Scatter(Tensor target, AlongAxis at, Tensor index, Tensor source);

    /// <summary>target[o, index[o, i, k], k] += source[o, i, k], in the order of i. Of int32, int64, float32 and float64.</summary>
    internal abstract void ScatterAdd(Tensor target, AlongAxis at, Tensor index, Tensor source);

    /// <summary>
    /// The number of true elements of runs of a dense bool tensor (outer, length, inner): counts[o, r, i], dense int64, is of mask[o, r·run
    /// … (r + 1)·run, i].
    /// </summary>
    internal abstract void CountRuns(Tensor mask, nint length, nint inner, int run, Tensor counts);

    /// <summary>The row-major positions of the true elements of a dense bool tensor, rising; as many as there are.</summary>
    internal abstract void Positions(Tensor mask, Tensor positions);

    /// <summary>The coordinates of row-major positions in a shape of at least one axis: a row for each position, dense.</summary>
    internal abstract void Unravel(Tensor positions, Shape shape, Tensor coordinates);

    /// <summary>
    /// Of each matrix (the last two axes), what lies on and below the given diagonal, or on and above it; zero elsewhere. Both dense.
    /// </summary>
    internal abstract void Triangle(Tensor x, Tensor y, int diagonal, bool isUpper);
}
