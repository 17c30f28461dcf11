namespace DeepNet.Analysis;

/// <summary>Symmetric tridiagonal matrices: QL iterations with implicit (Wilkinson's) shifts.</summary>
internal static class Tridiagonal
{
    private const int MostIterations = 60;

    /// <summary>
    /// Turns the diagonal into eigenvalues, unsorted. <paramref name="off"/>[i] lies between i − 1 and i and is used up. The rotations are
    /// applied to <paramref name="rows"/>, row i belonging to place i: rows of the unit matrix become eigenvectors.
    /// </summary>
    public static void Diagonalise(double[] diagonal, double[] off, double[][]? rows, CancellationToken cancellation = default)
    {
        int n = diagonal.Length;
        var d = diagonal;
        var e = new double[n];
        off.AsSpan(1).CopyTo(e);
        for (int first = 0; first < n; first++)
        {
            for (int iteration = 0; ; iteration++)
            {
                cancellation.ThrowIfCancellationRequested();
                int last = first;
                while (last < n - 1 && Math.Abs(e[last]) > Math.ScaleB(1, -53) * (Math.Abs(d[last]) + Math.Abs(d[last + 1]))) last++;
                if (last == first) break;
                if (iteration == MostIterations)
                    throw new ArithmeticException(
                        $"[eigen] eigenvalue {first} of {n} did not converge in {MostIterations} iterations. Is an element not finite?");

                double half = (d[first + 1] - d[first]) / (2 * e[first]);
                double shift = d[last] - d[first] + e[first] / (half + Math.CopySign(Hypotenuse(half, 1), half));
                double sine = 1, cosine = 1, carried = 0;
                int i = last - 1;
                for (; i >= first; i--)
                {
                    double f = sine * e[i], b = cosine * e[i];
                    double r = Hypotenuse(f, shift);
                    e[i + 1] = r;
                    if (r == 0)
                    {
                        // The matrix fell apart here: go on with the parts.
                        d[i + 1] -= carried;
                        e[last] = 0;
                        break;
                    }
                    sine = f / r;
                    cosine = shift / r;
                    double g = d[i + 1] - carried;
                    double t = (d[i] - g) * sine + 2 * cosine * b;
                    carried = sine * t;
                    d[i + 1] = g + carried;
                    shift = cosine * t - b;
                    if (rows is not null) Rotate(rows[i], rows[i + 1], cosine, sine);
                }
                if (i >= first) continue;
                d[first] -= carried;
                e[first] = shift;
                e[last] = 0;
            }
        }
    }

    private static void Rotate(double[] lower, double[] upper, double cosine, double sine)
    {
        for (int k = 0; k < lower.Length; k++)
        {
            double u = upper[k], l = lower[k];
            upper[k] = sine * l + cosine * u;
            lower[k] = cosine * l - sine * u;
        }
    }

    private static double Hypotenuse(double a, double b) => double.Hypot(a, b);
}
