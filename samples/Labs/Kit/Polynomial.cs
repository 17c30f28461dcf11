namespace DeepNet.Labs.Kit;

/// <summary>
/// A polynomial that fits points on [−1, 1] best in the sense of least squares. In Legendre's polynomials, because powers of x are nearly
/// parallel.
/// </summary>
internal sealed class Polynomial
{
    private readonly double[] coefficients;

    private Polynomial(double[] coefficients) => this.coefficients = coefficients;

    /// <summary>The one of a degree, of which there must be fewer than points.</summary>
    public static Polynomial Fit(int degree, double[] x, double[] y)
    {
        // The normal equations, solved by Cholesky's decomposition of the Gram matrix.
        int n = degree + 1;
        double[][] rows = [.. x.Select(v => Legendre(v, degree))];
        var gram = new double[n, n];
        var right = new double[n];
        for (int i = 0; i < n; i++)
        {
            right[i] = rows.Zip(y, (r, v) => r[i] * v).Sum();
            for (int j = 0; j <= i; j++) gram[i, j] = rows.Sum(r => r[i] * r[j]);
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                for (int k = 0; k < j; k++) gram[i, j] -= gram[i, k] * gram[j, k];
                gram[i, j] = i == j ? Math.Sqrt(gram[i, i]) : gram[i, j] / gram[j, j];
            }
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++) right[i] -= gram[i, k] * right[k];
            right[i] /= gram[i, i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++) right[i] -= gram[k, i] * right[k];
            right[i] /= gram[i, i];
        }
        return new(right);
    }

    public double At(double x) => Legendre(x, coefficients.Length - 1).Zip(coefficients, (p, c) => p * c).Sum();

    /// <summary>The mean square error over points.</summary>
    public double Error(double[] x, double[] y) => x.Zip(y, (a, b) => Math.Pow(At(a) - b, 2)).Average();

    private static double[] Legendre(double x, int degree)
    {
        var p = new double[degree + 1];
        p[0] = 1;
        if (degree > 0) p[1] = x;
        for (int n = 1; n < degree; n++) p[n + 1] = ((2 * n + 1) * x * p[n] - n * p[n - 1]) / (n + 1);
        return p;
    }
}
