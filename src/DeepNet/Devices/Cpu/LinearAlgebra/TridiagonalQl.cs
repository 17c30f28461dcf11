namespace DeepNet.Devices.Cpu;

/// <summary>
/// Symmetric tridiagonal matrices: QL iterations with implicit (Wilkinson's) shifts, in double precision whatever the vectors are of.
/// </summary>
internal static unsafe class TridiagonalQl<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostIterations = 60;

    /// <summary>
    /// Turns the diagonal into eigenvalues, unsorted; between[i] lies between i and i + 1 and is used up. The rotations are applied to the
    /// rows, if there are any: row i belongs to place i. False if an eigenvalue did not converge.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static bool Run(double* diagonal, double* between, int n, T* rows, int length)
    {
        double tolerance = Math.ScaleB(1, typeof(T) == typeof(float) ? -29 : -53), scale = 0;
        for (int i = 0; i < n; i++) scale = Math.Max(scale, Math.Abs(diagonal[i]));
        for (int i = 0; i < n - 1; i++) scale = Math.Max(scale, Math.Abs(between[i]));
        if (scale == 0) return true;
        for (int i = 0; i < n; i++) diagonal[i] /= scale;     // squares neither overflow nor vanish
        for (int i = 0; i < n - 1; i++) between[i] /= scale;
        double* d = diagonal, e = between;
        for (int first = 0; first < n; first++)
        {
            for (int iteration = 0; ; iteration++)
            {
                int last = first;
                while (last < n - 1 && Math.Abs(e[last]) > tolerance * (Math.Abs(d[last]) + Math.Abs(d[last + 1]))) last++;
                if (last == first) break;
                if (iteration == MostIterations) return false;

                double half = (d[first + 1] - d[first]) / (2 * e[first]);
                double shift = d[last] - d[first] + e[first] / (half + Math.CopySign(Math.Sqrt(half * half + 1), half));
                double sine = 1, cosine = 1, carried = 0;
                int i = last - 1;
                for (; i >= first; i--)
                {
                    double f = sine * e[i], b = cosine * e[i];
                    double r = Math.Sqrt(f * f + shift * shift);
                    if (i + 1 < last) e[i + 1] = r;
                    if (r == 0)
                    {
                        // The matrix fell apart here: go on with the parts.
                        d[i + 1] -= carried;
                        if (last < n - 1) e[last] = 0;
                        break;
                    }
                    sine = f / r;
                    cosine = shift / r;
                    double g = d[i + 1] - carried;
                    double t = (d[i] - g) * sine + 2 * cosine * b;
                    carried = sine * t;
                    d[i + 1] = g + carried;
                    shift = cosine * t - b;
                    if (rows == null) continue;
                    T* row = rows + (nint)i * length;
                    RowMath<V, T>.Rotate(row + length, row, T.CreateTruncating(cosine), T.CreateTruncating(sine), length);
                }
                if (i >= first) continue;
                d[first] -= carried;
                e[first] = shift;
                if (last < n - 1) e[last] = 0;
            }
        }
        for (int i = 0; i < n; i++) diagonal[i] *= scale;
        return true;
    }
}
