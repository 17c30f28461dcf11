namespace DeepNet.Ops;

/// <summary>
/// The factors of square matrices, in the processor's memory: found once, and used by a result, its gradient and the gradients of that.
/// </summary>
internal sealed class LuFactors
{
    private readonly CpuDevice.Failure? singular;
    private readonly Shape shape;

    public LuFactors(Tensor a)
    {
        shape = a.Shape;
        Packed = Matrices.CopyOnHost(a);
        (Pivots, singular) = CpuDevice.Lu(Packed);
    }

    /// <summary>U and, below the diagonal, L.</summary>
    public Tensor Packed { get; }

    /// <summary>The row that each row was exchanged with in turn.</summary>
    public int[] Pivots { get; }

    public bool IsSingular => singular is not null;

    /// <summary>Throws if a matrix has no inverse.</summary>
    public void RequireRegular(string op)
    {
        if (singular is { } failure)
            throw new ArithmeticException(
                $"[{op}] {Matrices.Name(shape, failure.Matrix)} is singular: pivot {failure.Code - 1} of its LU factorisation is zero. "
                + "Linalg.Pinv(a).MatMul(b) gives the solution in the sense of least squares.");
    }

    /// <summary>For each matrix, the diagonal of U, with the sign of the exchanges at its first number.</summary>
    public double[] SignedDiagonals()
    {
        double[] diagonal = Packed.Diagonal(0, -2, -1).ToArray<double>();
        int n = shape[^1];
        for (int i = 0; i < Pivots.Length; i++)
            if (Pivots[i] != i % n) diagonal[i / n * n] *= -1;
        return diagonal;
    }
}
