namespace DeepNet.Devices.Cpu;

/// <summary>
/// The singular values of an upper bidiagonal matrix by Golub and Kahan's implicitly shifted QR iterations, in double precision whatever
/// the vectors are of.
/// </summary>
internal static unsafe class BidiagonalQr<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostIterations = 60;

    /// <summary>
    /// Turns the diagonal into singular values, unsorted and of either sign. above[i] lies between i and i + 1 and is used up. The
    /// rotations are applied to the rows of both sides, if there are any: row i belongs to place i. False if a value did not converge.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static bool Run(double* diagonal, double* above, int n, T* left, T* right)
    {
        double tolerance = Math.ScaleB(1, typeof(T) == typeof(float) ? -29 : -53), scale = 0;
        for (int i = 0; i < n; i++) scale = Math.Max(scale, Math.Abs(diagonal[i]));
        for (int i = 0; i < n - 1; i++) scale = Math.Max(scale, Math.Abs(above[i]));
        if (scale == 0) return true;
        for (int i = 0; i < n; i++) diagonal[i] /= scale;     // squares neither overflow nor vanish
        for (int i = 0; i < n - 1; i++) above[i] /= scale;
        double* d = diagonal, e = above;
        int last = n - 1, iteration = 0;
        while (last > 0)
        {
            if (Math.Abs(e[last - 1]) <= tolerance * (Math.Abs(d[last - 1]) + Math.Abs(d[last])))
            {
                e[--last] = 0;
                iteration = 0;
                continue;
            }
            if (iteration++ == MostIterations) return false;
            int first = last - 1;
            while (first > 0 && Math.Abs(e[first - 1]) > tolerance * (Math.Abs(d[first - 1]) + Math.Abs(d[first]))) first--;
            int zero = last;
            while (zero >= first && Math.Abs(d[zero]) > tolerance) zero--;
            if (zero < first) Step(d, e, first, last, n, left, right);
            else if (zero < last) ClearRow(d, e, zero, last, n, left);
            else ClearColumn(d, e, first, last, n, right);
        }
        for (int i = 0; i < n; i++) diagonal[i] *= scale;
        return true;
    }

    /// <summary>Beside a zero on the diagonal, rotations with the rows below clear the row.</summary>
    private static void ClearRow(double* d, double* e, int zero, int last, int n, T* left)
    {
        double carried = e[zero];
        d[zero] = e[zero] = 0;
        for (int k = zero + 1; k <= last && carried != 0; k++)
        {
            var (c, s, r) = Rotation(d[k], carried);
            d[k] = r;
            if (k < last)
            {
                carried = -s * e[k];
                e[k] *= c;
            }
            Rotate(left, k, zero, c, s, n);
        }
    }

    /// <summary>Above a zero at the end of the diagonal, rotations with the columns before clear the column.</summary>
    private static void ClearColumn(double* d, double* e, int first, int last, int n, T* right)
    {
        double carried = e[last - 1];
        d[last] = e[last - 1] = 0;
        for (int k = last - 1; k >= first && carried != 0; k--)
        {
            var (c, s, r) = Rotation(d[k], carried);
            d[k] = r;
            if (k > first)
            {
                carried = -s * e[k - 1];
                e[k - 1] *= c;
            }
            Rotate(right, k, last, c, s, n);
        }
    }

    /// <summary>One iteration on the part from first to last, in which no number is negligible.</summary>
    private static void Step(double* d, double* e, int first, int last, int n, T* left, T* right)
    {
        double x = d[first], y = d[last - 1], z = d[last], h = e[last - 1], before = last - 1 > first ? e[last - 2] : 0;
        // The shift: of the last two rows and columns of BᵀB, the eigenvalue that is nearer to the last number.
        double f = ((y - z) * (y + z) + (before - h) * (before + h)) / (2 * h * y);
        double root = Math.Sqrt(f * f + 1);
        f = ((x - z) * (x + z) + h * (y / (f + Math.CopySign(root, f)) - h)) / x;
        double c = 1, s = 1;
        for (int j = first; j < last; j++)
        {
            int i = j + 1;
            double g = e[j];
            y = d[i];
            h = s * g;
            g = c * g;
            (c, s, double r) = Rotation(f, h);
            if (j > first) e[j - 1] = r;
            f = x * c + g * s;
            g = g * c - x * s;
            h = y * s;
            y *= c;
            Rotate(right, j, i, c, s, n);
            (c, s, r) = Rotation(f, h);
            d[j] = r;
            f = c * g + s * y;
            x = c * y - s * g;
            Rotate(left, j, i, c, s, n);
        }
        e[last - 1] = f;
        d[last] = x;
    }

    [MethodImpl(AggressiveInlining)]
    private static (double Cosine, double Sine, double Length) Rotation(double f, double h)
    {
        double r = Math.Sqrt(f * f + h * h);
        return r == 0 ? (1, 0, 0) : (f / r, h / r, r);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Rotate(T* rows, int i, int j, double c, double s, int n)
    {
        if (rows != null)
            RowMath<V, T>.Rotate(rows + (nint)i * n, rows + (nint)j * n, T.CreateTruncating(c), T.CreateTruncating(s), n);
    }
}
