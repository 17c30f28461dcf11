namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// c = a·b over the last two axes, for every index of the axes before them; with <paramref name="accumulate"/>, added to c. The
    /// leading axes of a and b broadcast; those on which c has length 1 (or which it lacks) and the product has not are summed.
    /// One numeric element type; a and b of any layout, c dense.
    /// </summary>
    internal abstract void MatMul(Tensor a, Tensor b, Tensor c, bool accumulate = false);

    /// <summary>
    /// y = x·w + bias over the last axis of x, with <paramref name="rectify"/> max(0, ·) of it. One type, float32 or float64; w is a matrix
    /// (in, out) or, if <paramref name="isTransposed"/>, (out, in), of any layout, the bias a vector or null, y dense. A device may do it in one pass.
    /// </summary>
    internal virtual void Affine(Tensor x, Tensor w, bool isTransposed, Tensor? bias, bool rectify, Tensor y)
    {
        if (bias is not null) Copy(bias.Expand(y.Shape), y);
        MatMul(AsRows(x), isTransposed ? w.T : w, AsRows(y), accumulate: bias is not null);
        if (rectify) Map(new Ops.Relu(), y, y);
    }

    /// <summary>A vector as a matrix of one row.</summary>
    private static Tensor AsRows(Tensor x) => x.Rank > 1 ? x : x.Reshape(1, x.Shape[0]);
}
