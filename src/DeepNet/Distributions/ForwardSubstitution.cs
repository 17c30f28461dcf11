namespace DeepNet.Distributions;

/// <summary>Solves lower triangular systems row by row, composed of products.</summary>
internal static class ForwardSubstitution
{
    /// <summary>x with L·x = b, for matrices (..., n, n) and (..., n, columns) whose leading axes are broadcast together.</summary>
    public static Tensor Solve(Tensor lower, Tensor b)
    {
        int n = lower.Shape[^1];
        var rows = new Tensor[n];
        for (int i = 0; i < n; i++)
        {
            var rest = b.Narrow(-2, i, 1);
            if (i > 0) rest -= lower.Narrow(-2, i, 1).Narrow(-1, 0, i).MatMul(Tensor.Cat(rows.AsSpan(0, i), -2));
            rows[i] = rest / lower.Narrow(-2, i, 1).Narrow(-1, i, 1);
        }
        return n == 0 ? b : Tensor.Cat(rows, -2);
    }
}
