namespace DeepNet;

// Kernels that read or write at places given by a tensor. Indices are dense int64, already checked: −length ≤ i < length, where
// negative ones count from the end. Everything else is dense too, and the axis describes the indexed tensor.
public abstract partial class Device
{
    /// <summary>
    /// Throws the check's error for the first index that is neither in its range nor ignored: now, or, on a device that works on its own,
    /// when somebody next waits for it. Until then kernels take the nearest valid index; where there is none, or with
    /// <see cref="Anomaly.Detect"/>, the device is waited for.
    /// </summary>
    /// <param name="index">The indices, dense int64.</param>
    /// <param name="check">What is valid, and what to say of what is not.</param>
    /// <param name="counted">Where devices but the processor write the number of indices that are not ignored: float32 or float64.</param>
    /// <returns>True if some of the indices may be ignored ones.</returns>
    protected internal abstract bool CheckIndex(Tensor index, in IndexCheck check, Tensor? counted = null);

    /// <summary>y[o, i, k] = x[o, index[o, i, k], k]; of rows, x[o, index[i], k].</summary>
    protected internal abstract void Gather(Tensor x, IndexedAxis axis, Tensor index, Tensor y);

    /// <summary>
    /// target[o, index[o, i, k], k] = source[o, i, k], or +=, in the order of i: the last one stays. Of rows, index[i]. Sums are of int32,
    /// int64, float32 and float64.
    /// </summary>
    protected internal abstract void Scatter(Tensor target, IndexedAxis axis, Tensor index, Tensor source, bool accumulate);

    /// <summary>
    /// The row-major positions of the true elements of a dense bool tensor, rising; as many as there are. And their
    /// coordinates, if asked for: a row for each position, dense.
    /// </summary>
    protected internal abstract void Positions(Tensor mask, Tensor positions, Tensor? coordinates);
}
