namespace DeepNet.Devices.Cpu;

/// <summary>
/// The upper bidiagonal form Uᵀ·A·V of a square matrix, by reflections from both sides in turn. As in <see cref="SymmetricEigen{V, T}"/>,
/// what a step changes is done while the next one reads the rows.
/// </summary>
internal static unsafe class Bidiagonal<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gets the elements of workspace for a matrix of n rows.</summary>
    public static nint Workspace(int n) => 4 * (nint)n;

    /// <summary>
    /// Reduces a dense matrix, which is used up. The vectors of the reflections are written as rows, zeros and ones included:
    /// <paramref name="left"/> i begins with i zeros, <paramref name="right"/> i with i + 1.
    /// </summary>
    public static void Run(
        T* a, int n, double* diagonal, double* above, T* left, T* leftTaus, T* right, T* rightTaus, T* workspace)
    {
        // What is still to be done to A: A − u·yᵀ − x·vᵀ, with the last reflections' vectors u and v.
        T* y = workspace, x = y + n, nextY = x + n, nextX = nextY + n;
        T* u = null, v = null;
        for (int k = 0; k < n; k++)
        {
            T* nextU = left + (nint)k * n, nextV = right + (nint)k * n;
            new Span<T>(nextU, k).Clear();
            for (int i = k; i < n; i++)
            {
                nextU[i] = a[(nint)i * n + k];
                if (u != null) nextU[i] -= u[i] * y[k] + x[i] * v[k];
            }
            leftTaus[k] = Reflectors<V, T>.Find(nextU + k, nextU + k + 1, n - k - 1);
            diagonal[k] = double.CreateTruncating(nextU[k]);
            nextU[k] = T.One;
            if (k == n - 1) break;

            int next = k + 1, length = n - next;
            new Span<T>(nextY + next, length).Clear();
            for (int i = k; i < n; i++) Change(a + (nint)i * n, u, y, x, v, i, nextU[i], nextY, next, n);
            RowMath<V, T>.Scale(nextY + next, leftTaus[k], nextY + next, length);

            T* row = a + (nint)k * n;
            new Span<T>(nextV, next).Clear();
            for (int j = next; j < n; j++) nextV[j] = row[j] - nextY[j];
            rightTaus[k] = Reflectors<V, T>.Find(nextV + next, nextV + next + 1, length - 1);
            above[k] = double.CreateTruncating(nextV[next]);
            nextV[next] = T.One;
            T along = RowMath<V, T>.Dot(nextY + next, nextV + next, length);
            for (int i = next; i < n; i++)
                nextX[i] = rightTaus[k] * (RowMath<V, T>.Dot(a + (nint)i * n + next, nextV + next, length) - nextU[i] * along);
            u = nextU;
            v = nextV;
            T* free = y;
            y = nextY;
            nextY = free;
            free = x;
            x = nextX;
            nextX = free;
        }
    }

    /// <summary>Brings row i up to date from a column on, and adds it, times a factor, to a sum.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Change(T* row, T* u, T* y, T* x, T* v, int i, T factor, T* sum, int from, int n)
    {
        V f = V.Broadcast(factor), p = u == null ? default : V.Broadcast(-u[i]), q = u == null ? default : V.Broadcast(-x[i]);
        int j = from;
        for (; j < n; j += V.Lanes)
        {
            var part = new SomeLanes(n - j);
            V r = part.Load<V, T>(row + j);
            if (u != null)
            {
                r = V.Fma(p, part.Load<V, T>(y + j), V.Fma(q, part.Load<V, T>(v + j), r));
                part.Store(r, row + j);
            }
            part.Store(V.Fma(f, r, part.Load<V, T>(sum + j)), sum + j);
        }
    }
}
