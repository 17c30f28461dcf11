using DeepNet.Ops;

namespace DeepNet;

// Products and distances that are composed of other operators.
public sealed partial class Tensor
{
    /// <summary>
    /// Makes a matrix with the last axis on a diagonal and zeros elsewhere: of a batch of vectors a batch of matrices. The other way round:
    /// <see cref="Diagonal"/>.
    /// </summary>
    /// <param name="offset">The diagonal: 0 is the main one, above it are positive numbers.</param>
    public Tensor Diag(int offset = 0)
    {
        if (Rank == 0) throw new ArgumentException("[diag] a single number has no axis to lay on a diagonal. Use Reshape(1).");
        int n = Axis.Length("diag", Shape[^1] + Math.Abs((long)offset), Shape);
        return Embed.Of(this, AxisMap.Diagonal(new Shape([.. Shape.Axes[..^1], n, n]), offset, -2, -1));
    }

    /// <summary>
    /// Kronecker's product: each element of this matrix times the whole of the other one. Leading axes broadcast.
    /// </summary>
    public Tensor Kron(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank < 2 || other.Rank < 2)
            throw new ArgumentException($"[kron] {Shape} and {other.Shape}: both must be matrices or batches of them.");
        var product = Unsqueeze(-1).Unsqueeze(-3) * other.Unsqueeze(-2).Unsqueeze(-4);
        return product.Flatten(-4, -3).Flatten(-2, -1);
    }

    /// <summary>The cross product of vectors in space along an axis, which has length 3. The other axes broadcast.</summary>
    public Tensor Cross(Tensor other, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(other);
        int left = Axis.Normalize("cross", axis, Shape), right = Axis.Normalize("cross", axis, other.Shape);
        if (Shape[left] != 3 || other.Shape[right] != 3)
            throw new ArgumentException(
                $"[cross] {Shape} and {other.Shape}: axis {axis} has length {Shape[left]} on the left and {other.Shape[right]} on the "
                + "right; both must be 3.");
        return Roll(2, left) * other.Roll(1, right) - Roll(1, left) * other.Roll(2, right);
    }

    /// <summary>
    /// Computes the cosine of the angle between the vectors of this tensor and those of another along an axis of the shape that both are
    /// broadcast to. Shorter vectors than epsilon count as so long.
    /// </summary>
    public Tensor CosineSimilarity(Tensor other, int axis = -1, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Direction.Cosine(this, other, axis, epsilon);
    }

    /// <summary>
    /// The p-norms of the differences of each row of this matrix (rows) and each row of the other (columns). Leading axes broadcast. Where
    /// a distance is zero, so is its gradient.
    /// </summary>
    public Tensor Cdist(Tensor other, double p = 2)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank < 2 || other.Rank < 2 || Shape[^1] != other.Shape[^1])
            throw new ArgumentException(
                $"[cdist] {Shape} and {other.Shape}: both must be matrices, or batches of them, whose rows have one length.");
        return (Unsqueeze(-2) - other.Unsqueeze(-3)).Norm(p, -1);
    }

    /// <summary>
    /// The covariances of variables (rows) over their observations (the last axis), divided by n − correction. Of a vector its variance;
    /// for a batch of matrices a batch.
    /// </summary>
    public Tensor Cov(double correction = 1)
    {
        if (Rank == 0) throw new ArgumentException("[cov] a single number has no observations along an axis.");
        var x = Reduction.RequireFloating("cov", this);
        if (Rank == 1) return x.Var(correction);
        using var exact = Autocast.Off();
        var centred = x - x.Mean(-1, keepDim: true);
        return centred.MatMul(centred.T) * (1 / Math.Max(0, Shape[^1] - correction));
    }
}
