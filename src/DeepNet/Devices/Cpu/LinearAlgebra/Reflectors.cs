namespace DeepNet.Devices.Cpu;

/// <summary>
/// Householder's reflections H = I − τ·v·vᵀ, alone and as products of many: H₁·H₂… = I − Vᵀ·T·V with the vectors as rows of V and a small
/// triangular T (the compact WY form), which matrix products apply.
/// </summary>
internal static unsafe class Reflectors<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Reflections that are applied together.</summary>
    public const int Block = 32;

    /// <summary>Numbers of a matrix up to which it is faster to apply one reflection after the other.</summary>
    private const int Few = 1024;

    /// <summary>Gets the elements of workspace for reflections of so many rows, alone or to form their product.</summary>
    public static nint Workspace(int rows) => 2 * Block * Block + 2 * (nint)Block * rows;

    /// <summary>
    /// Finds the reflection that clears all of a vector but one number. Overwrites the rest with that of v, whose number at the pivot is 1,
    /// and the pivot with what remains there; returns τ.
    /// </summary>
    public static T Find(T* pivot, T* rest, int n)
    {
        T norm = RowMath<V, T>.Norm(rest, n);
        if (norm == T.Zero) return T.Zero;
        T alpha = *pivot, size = T.Hypot(alpha, norm), beta = alpha > T.Zero ? -size : size;
        T scale = T.One / (alpha - beta);
        if (T.IsFinite(scale)) RowMath<V, T>.Scale(rest, scale, rest, n);
        else
            for (int i = 0; i < n; i++) rest[i] /= alpha - beta;
        *pivot = beta;
        return (beta - alpha) / beta;
    }

    /// <summary>x = H·x.</summary>
    public static void Apply(T* v, T tau, T* x, int n)
    {
        if (tau != T.Zero) RowMath<V, T>.AddScaled(x, -tau * RowMath<V, T>.Dot(x, v, n), v, n);
    }

    /// <summary>
    /// C = C·(H₁·H₂…), or with <paramref name="isReversed"/> C = C·(…H₂·H₁), for C of so many rows and the vectors as rows of equal length,
    /// zeros and ones written out.
    /// </summary>
    public static void Apply(
        T* c, nint step, int rows, T* vectors, nint vectorStep, T* taus, int count, int length, bool isReversed, T* workspace)
    {
        if (rows * length <= Few)
        {
            for (int place = 0; place < count; place++)
            {
                int i = isReversed ? count - 1 - place : place;
                for (int r = 0; r < rows; r++) Apply(vectors + i * vectorStep, taus[i], c + r * step, length);
            }
            return;
        }
        T* triangle = workspace, products = triangle + Block * Block, sums = products + Block * Block, turned = sums + (nint)Block * rows;
        Triangle(vectors, vectorStep, taus, count, length, triangle, products);
        Gemm.Run(c, step, 1, vectors, 1, vectorStep, sums, count, rows, count, length, accumulate: false);
        nint row = isReversed ? 1 : count, column = isReversed ? count : 1;
        Gemm.Run(sums, count, 1, triangle, row, column, turned, count, rows, count, count, accumulate: false);
        Gemm.Run(turned, count, 1, vectors, vectorStep, 1, c, step, rows, length, count, accumulate: true);
    }

    /// <summary>−T, dense.</summary>
    private static void Triangle(T* vectors, nint step, T* taus, int count, int length, T* triangle, T* products)
    {
        Gemm.Run(vectors, step, 1, vectors, 1, step, products, count, count, count, length, accumulate: false);
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < count; i++)
            {
                T sum = T.Zero;
                for (int k = i; k < j; k++) sum += triangle[i * count + k] * products[k * count + j];
                triangle[i * count + j] = i > j ? T.Zero : i == j ? -taus[j] : -taus[j] * sum;
            }
        }
    }

    /// <summary>
    /// The columns of H₁·H₂…, as many as there are reflections or n, as rows of n numbers. The vector of reflection i begins with i zeros.
    /// </summary>
    public static void Form(T* vectors, T* taus, int count, int n, T* result, int rows, T* workspace)
    {
        RowMath<V, T>.Identity(result, rows, n);
        for (int block = (count + Block - 1) / Block - 1; block >= 0; block--)
        {
            int start = block * Block;
            nint corner = (nint)start * n + start;
            Apply(
                result + corner, n, rows - start, vectors + corner, n, taus + start, Math.Min(Block, count - start), n - start,
                isReversed: true, workspace);
        }
    }
}
