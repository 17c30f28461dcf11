namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// c = a·b over the last two axes, for every index of the axes before them; with <paramref name="accumulate"/>, added to c. The
    /// leading axes of a and b broadcast; those on which c has length 1 (or which it lacks) and the product has not are summed.
    /// One numeric element type; a and b of any layout, c dense. With <paramref name="isTransposed"/>, the matrices of b lie transposed.
    /// An epilogue is for floating types and goes with neither <paramref name="accumulate"/> nor sums over leading axes.
    /// </summary>
    protected internal abstract void MatMul(
        Tensor a, Tensor b, Tensor c, bool accumulate = false, bool isTransposed = false, Epilogue end = default);
}
