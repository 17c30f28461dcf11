namespace DeepNet.Devices.Cpu;

/// <summary>
/// The eigenvalues and eigenvectors of a symmetric matrix: Householder's reflections make it tridiagonal, and QL rotations with implicit
/// shifts make that diagonal.
/// </summary>
/// <remarks>
/// Only one triangle is read, row by row. A step of the reduction changes the whole triangle by two rank-one terms and multiplies it by the
/// next reflection's vector. Both happen while a row is in the cache, so that a large matrix is read and written once for each step.
/// </remarks>
internal static unsafe class SymmetricEigen<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gets the elements of workspace for a matrix of n rows.</summary>
    public static nint Workspace(int n) => (nint)n * n + 4 * n + Reflectors<V, T>.Workspace(n);

    /// <summary>
    /// Writes the eigenvalues, unsorted, and their vectors, if wanted, as rows. Of the dense matrix the upper triangle is read, and all of
    /// it is used up. False if the iteration did not converge.
    /// </summary>
    public static bool Run(T* a, int n, double* values, double* between, T* vectors, T* workspace)
    {
        T* reflections = workspace, taus = reflections + (nint)n * n, rest = taus + n;
        Reduce(a, n, values, between, reflections, taus, rest);
        if (vectors != null) Reflectors<V, T>.Form(reflections, taus, n - 1, n, vectors, n, rest);
        return TridiagonalQl<V, T>.Run(values, between, n, vectors, n);
    }

    /// <summary>
    /// The tridiagonal form Qᵀ·A·Q; between[i] lies between i and i + 1. Reflection i clears row i, its vector begins with i + 1 zeros.
    /// </summary>
    private static void Reduce(T* a, int n, double* diagonal, double* between, T* reflections, T* taus, T* workspace)
    {
        T* last = workspace, change = last + n, product = change + n; // A − last·changeᵀ − change·lastᵀ is still to be done
        bool isPending = false;
        for (int k = 0; k < n; k++)
        {
            T* row = a + (nint)k * n, v = reflections + (nint)k * n;
            if (isPending) Change(row, last, change, k, n);
            diagonal[k] = double.CreateTruncating(row[k]);
            if (k == n - 1) break;
            taus[k] = Reflectors<V, T>.Find(row + k + 1, row + k + 2, n - k - 2);
            between[k] = double.CreateTruncating(row[k + 1]);
            new Span<T>(v, k + 1).Clear();
            v[k + 1] = T.One;
            new Span<T>(row + k + 2, n - k - 2).CopyTo(new Span<T>(v + k + 2, n - k - 2));

            new Span<T>(product + k + 1, n - k - 1).Clear();
            for (int j = k + 1; j < n; j++)
            {
                if (isPending) Change(a + (nint)j * n, last, change, j, n);
                Multiply(a + (nint)j * n, v, product, j, n);
            }
            int length = n - k - 1;
            T tau = taus[k], half = tau * tau * RowMath<V, T>.Dot(product + k + 1, v + k + 1, length) / T.CreateTruncating(2);
            RowMath<V, T>.Scale(change + k + 1, tau, product + k + 1, length);
            RowMath<V, T>.AddScaled(change + k + 1, -half, v + k + 1, length);
            new Span<T>(v + k + 1, length).CopyTo(new Span<T>(last + k + 1, length));
            isPending = true;
        }
    }

    /// <summary>The part of row j from the diagonal on, less its part of the two rank-one terms.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Change(T* row, T* last, T* change, int j, int n)
    {
        V p = V.Broadcast(-last[j]), q = V.Broadcast(-change[j]);
        int i = j;
        for (; i <= n - V.Lanes; i += V.Lanes)
            V.Fma(p, V.Load(change + i), V.Fma(q, V.Load(last + i), V.Load(row + i))).Store(row + i);
        if (i == n) return;
        int m = n - i;
        V.Fma(p, V.LoadPart(change + i, m), V.Fma(q, V.LoadPart(last + i, m), V.LoadPart(row + i, m))).StorePart(row + i, m);
    }

    /// <summary>Adds the part of row j to a product with a vector; it stands for column j as well.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Multiply(T* row, T* v, T* product, int j, int n)
    {
        V factor = V.Broadcast(v[j]), sum = default;
        int i = j + 1;
        for (; i < n; i += V.Lanes)
        {
            var part = new SomeLanes(n - i);
            V x = part.Load<V, T>(row + i);
            sum = V.Fma(x, part.Load<V, T>(v + i), sum);
            part.Store(V.Fma(x, factor, part.Load<V, T>(product + i)), product + i);
        }
        product[j] += V.Sum(sum) + row[j] * v[j];
    }
}

/// <summary>Finds the eigenvalues of each matrix of a batch, rising, and the vectors if they are wanted.</summary>
internal unsafe struct EigenBody : IMatrixBody
{
    public void* A;

    /// <summary>Values and vectors of each matrix, one after the other, or the values alone.</summary>
    public void* Packed;

    public int* Failed;
    public int N;
    public bool HasVectors;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint size = (nint)N * N;
        nint doubles = 2 * N, elements = 2 * size + SymmetricEigen<V, T>.Workspace(N);
        double* values = (double*)Scratch.GetOuter(doubles * sizeof(double) + elements * sizeof(T));
        T* a = (T*)(values + doubles), vectors = a + size, workspace = vectors + size;
        T* packed = (T*)Packed + index * (HasVectors ? N + size : N), from = (T*)A + index * size;
        if (!RowMath<V, T>.IsFinite(from, size))
        {
            Failed[index] = (int)LinearFailure.NotFinite;
            return;
        }
        RowMath<V, T>.Transpose(from, N, a, N, N, N); // the lower triangle is the one that counts
        if (!SymmetricEigen<V, T>.Run(a, N, values, values + N, HasVectors ? vectors : null, workspace))
        {
            Failed[index] = (int)LinearFailure.NoConvergence;
            return;
        }
        Finish<V, T>(values, vectors, a, packed);
    }

    private readonly void Finish<V, T>(double* values, T* vectors, T* sorted, T* packed)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<int> order = N <= 256 ? stackalloc int[N] : new int[N];
        for (int i = 0; i < N; i++) order[i] = i;
        new Span<double>(values, N).Sort(order);
        for (int i = 0; i < N; i++) packed[i] = T.CreateTruncating(values[i]);
        if (!HasVectors) return;
        for (int i = 0; i < N; i++)
        {
            T* v = vectors + (nint)order[i] * N;
            RowMath<V, T>.Scale(sorted + (nint)i * N, Sign(v, N), v, N);
        }
        RowMath<V, T>.Transpose(sorted, N, packed + N, N, N, N);
    }

    /// <summary>
    /// The sign that makes the number of the largest magnitude positive; the first of equals, also where rounding parts them.
    /// </summary>
    public static T Sign<T>(T* v, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = T.Zero, margin = T.One + T.CreateTruncating(typeof(T) == typeof(float) ? 1e-4 : 1e-9);
        for (int i = 0; i < n; i++)
            if (T.Abs(v[i]) > T.Abs(largest) * margin) largest = v[i];
        return largest < T.Zero ? -T.One : T.One;
    }
}
