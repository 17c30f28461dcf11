namespace DeepNet;

// Kernels may take operands of a half type: two of the same one, with a result in it or in float32, sums and all arithmetic in float32, and
// one rounding at the end. A device without a kernel of its own for that widens what goes in and rounds what comes out, with these.
public abstract partial class Device
{
    /// <summary>
    /// A half tensor as a float32 copy without history; everything else as it is. A transposed matrix stays one, so that nothing is put in
    /// order twice.
    /// </summary>
    private protected static Tensor Widened(Tensor x)
    {
        if (!x.DType.IsHalf()) return x;
        x = x.Detach();
        if (x.Rank < 2 || x.IsContiguous || !x.Transpose(-1, -2).IsContiguous) return x.To(DType.Float32);
        return x.Transpose(-1, -2).To(DType.Float32).Transpose(-1, -2);
    }

    /// <summary>Gives back what <see cref="Widened"/> made of a tensor, if it made anything.</summary>
    private protected static void EndWidened(Tensor? wide, Tensor? of)
    {
        if (wide is not null && !ReferenceEquals(wide.Storage, of?.Storage)) wide.Storage.Release();
    }

    /// <summary>
    /// Gets the tensor for the float32 result that becomes <paramref name="y"/>: y itself, or a dense one for <see cref="Round"/>.
    /// </summary>
    private protected static Tensor ToRound(Tensor y) => y.DType.IsHalf() ? Tensor.Allocate(y.Shape, DType.Float32, y.Device) : y;

    /// <summary>Rounds into <paramref name="y"/> what was computed beside it.</summary>
    private protected void Round(Tensor wide, Tensor y)
    {
        if (ReferenceEquals(wide, y)) return;
        Copy(wide, y);
        wide.Storage.Release();
    }
}
