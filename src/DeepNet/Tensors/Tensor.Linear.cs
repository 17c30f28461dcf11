using DeepNet.Ops;

namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product over the last two axes, by NumPy's rules: leading axes broadcast, a vector on the left is a row and
    /// one on the right a column, and that axis is missing in the result. Transposed and other views are read where they lie.
    /// </summary>
    /// <remarks>Integers are multiplied exactly and wrap on overflow; half types compute as float32.</remarks>
    public Tensor MatMul(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Ops.MatMul.Of(this, other);
    }

    /// <summary>The sum of products of two vectors of one length.</summary>
    public Tensor Dot(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank != 1 || other.Rank != 1)
            throw new ArgumentException($"[dot] {Shape} and {other.Shape}: both must be vectors. MatMul takes matrices and batches of them.");
        if (Shape[0] != other.Shape[0])
            throw new ArgumentException($"[dot] {Shape} and {other.Shape}: the lengths {Shape[0]} and {other.Shape[0]} differ.");
        return Ops.MatMul.Of(this, other);
    }

    /// <summary>All products of an element of this vector (rows) with one of the other (columns).</summary>
    public Tensor Outer(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank != 1 || other.Rank != 1)
            throw new ArgumentException($"[outer] {Shape} and {other.Shape}: both must be vectors. For batches: a.Reshape(…, m, 1) * b.Reshape(…, 1, n).");
        return Reshape(Shape[0], 1) * other.Reshape(1, other.Shape[0]);
    }
}
