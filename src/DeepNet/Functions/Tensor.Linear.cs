namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product over the last two axes, by NumPy's rules: leading axes broadcast, a vector on the left is a row and
    /// one on the right a column, and that axis is missing in the result. Transposed and other views are read where they lie.
    /// </summary>
    /// <remarks>
    /// Integers are multiplied exactly and wrap on overflow. Two tensors of one half type give it: sums in float32, rounded once; see also
    /// <see cref="Autocast"/>.
    /// </remarks>
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
            throw new ArgumentException(
                $"[dot] {Shape} and {other.Shape}: both must be vectors. MatMul takes matrices and batches of them.");
        if (Shape[0] != other.Shape[0])
            throw new ArgumentException($"[dot] {Shape} and {other.Shape}: the lengths {Shape[0]} and {other.Shape[0]} differ.");
        return Ops.MatMul.Of(this, other);
    }

    /// <summary>All products of an element of this vector (rows) with one of the other (columns).</summary>
    public Tensor Outer(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank != 1 || other.Rank != 1)
            throw new ArgumentException(
                $"[outer] {Shape} and {other.Shape}: both must be vectors. For batches: a.Reshape(…, m, 1) * b.Reshape(…, 1, n).");
        return Reshape(Shape[0], 1) * other.Reshape(1, other.Shape[0]);
    }

    /// <summary>
    /// Sums of products in Einstein's notation: <c>Tensor.Einsum("bik,bkj->bij", a, b)</c>. A label twice in one term takes a
    /// diagonal, an ellipsis stands for axes that broadcast; without an arrow the result has the labels that occur once, in
    /// alphabetical order. Operands are contracted from left to right.
    /// </summary>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands)
    {
        ArgumentNullException.ThrowIfNull(equation);
        return Ops.Einsum.Of(equation, operands);
    }

    /// <summary>The sum of the diagonal of a matrix.</summary>
    public Tensor Trace()
    {
        if (Rank != 2) throw new ArgumentException($"[trace] {Shape}: it must be a matrix. For batches: Einsum(\"...ii->...\", x).");
        return Diagonal().SumTo(Shape.Scalar);
    }

    /// <summary>
    /// x·w + bias over the last axis, in one operator: a linear layer. Bias and activation are applied while the product is in the cache.
    /// </summary>
    /// <param name="weight">(in, out), or (out, in) if <paramref name="transposed"/>; its gradient comes in the same layout.</param>
    /// <param name="bias">One number per output, or none.</param>
    /// <param name="transposed">True for weights as PyTorch stores them.</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    public Tensor Affine(Tensor weight, Tensor? bias = null, bool transposed = false, Formula? activation = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Ops.Affine.Of(this, weight, bias, transposed, activation);
    }
}
