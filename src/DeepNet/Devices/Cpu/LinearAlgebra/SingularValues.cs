namespace DeepNet.Devices.Cpu;

/// <summary>
/// Finds the singular values of each matrix of a batch, falling, and the vectors if they are wanted. The longer side is cut off by a QR
/// factorisation, reflections make the square matrix bidiagonal, and QR iterations make that diagonal.
/// </summary>
internal unsafe struct SvdBody : IMatrixBody
{
    public void* A;

    /// <summary>U, the values and Vᵀ of each matrix, one after the other, or the values alone.</summary>
    public void* Packed;

    public int* Failed;
    public int Rows, Columns;
    public bool HasVectors;

    private readonly int Long => Math.Max(Rows, Columns);

    private readonly int Short => Math.Min(Rows, Columns);

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = Short, m = Long;
        nint square = (nint)n * n, size = (nint)n * m, tall = m > n ? 3 * size : 0;
        nint elements = 6 * square + tall + size + 3 * n + Bidiagonal<V, T>.Workspace(n) + Reflectors<V, T>.Workspace(n);
        double* values = (double*)Scratch.GetOuter(2 * n * sizeof(double) + elements * sizeof(T)), above = values + n;
        T* from = (T*)A + index * size, packed = (T*)Packed + index * (HasVectors ? ((nint)Rows + Columns + 1) * n : n);
        if (!RowMath<V, T>.IsFinite(from, size))
        {
            Failed[index] = (int)LinearFailure.NotFinite;
            return;
        }
        T* a = (T*)(above + n), left = a + square, right = left + square, leftRows = right + square, rightRows = leftRows + square;
        T* sorted = rightRows + square, longRows = sorted + square, tallPart = longRows + size, taus = tallPart + tall;
        T* rightTaus = taus + n, tallTaus = rightTaus + n, workspace = tallTaus + n;

        // The problem is that of the transpose where there are more columns than rows.
        if (m == n) new Span<T>(from, (int)square).CopyTo(new Span<T>(a, (int)square));
        else Shorten<V, T>(from, tallPart, tallTaus, a, workspace);
        Bidiagonal<V, T>.Run(a, n, values, above, left, taus, right, rightTaus, workspace);
        if (HasVectors)
        {
            Reflectors<V, T>.Form(left, taus, n, n, leftRows, n, workspace);
            Reflectors<V, T>.Form(right, rightTaus, n - 1, n, rightRows, n, workspace);
        }
        if (!BidiagonalQr<V, T>.Run(values, above, n, HasVectors ? leftRows : null, HasVectors ? rightRows : null))
        {
            Failed[index] = (int)LinearFailure.NoConvergence;
            return;
        }
        Finish<V, T>(values, leftRows, rightRows, sorted, tallPart, longRows, packed);
    }

    /// <summary>Writes R of the QR factorisation to <paramref name="a"/>, and the columns of Q as rows before its workspace.</summary>
    private readonly void Shorten<V, T>(T* from, T* part, T* taus, T* a, T* workspace)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = Short, m = Long;
        T* q = part, w = q + (nint)n * m, vectors = w + (nint)n * m;
        if (Rows > Columns) RowMath<V, T>.Transpose(from, Columns, w, Rows, Rows, Columns);
        else for (int i = 0; i < n; i++) new Span<T>(from + (nint)i * m, m).CopyTo(new Span<T>(w + (nint)i * m, m));
        HouseholderQr<V, T>.Run(w, m, n, vectors, taus, workspace);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[(nint)i * n + j] = i <= j ? w[(nint)j * m + i] : T.Zero;
        if (HasVectors) Reflectors<V, T>.Form(vectors, taus, n, m, q, n, workspace);
    }

    /// <summary>Sorts, makes the values positive, and of the two signs of a pair of vectors takes that of Vᵀ's largest number.</summary>
    private readonly void Finish<V, T>(double* values, T* left, T* right, T* sorted, T* q, T* longRows, T* packed)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = Short, m = Long;
        Span<int> order = n <= 256 ? stackalloc int[n] : new int[n];
        Span<double> falling = n <= 256 ? stackalloc double[n] : new double[n];
        for (int i = 0; i < n; i++) (order[i], falling[i]) = (i, -Math.Abs(values[i]));
        falling.Sort(order);
        T* s = HasVectors ? packed + (nint)Rows * n : packed;
        for (int i = 0; i < n; i++) s[i] = T.CreateTruncating(-falling[i]);
        if (!HasVectors) return;

        for (int i = 0; i < n; i++)
        {
            T sign = values[order[i]] < 0 ? -T.One : T.One;
            RowMath<V, T>.Scale(sorted + (nint)i * n, sign, left + (nint)order[i] * n, n);
        }
        if (m > n) Gemm.Run(sorted, n, 1, q, m, 1, longRows, m, n, m, n, accumulate: false);
        T* ofLong = m > n ? longRows : sorted, ofShort = m > n ? sorted : longRows;
        for (int i = 0; i < n; i++)
            new Span<T>(right + (nint)order[i] * n, n).CopyTo(new Span<T>(ofShort + (nint)i * n, n));

        T* u = Rows >= Columns ? ofLong : ofShort, v = Rows >= Columns ? ofShort : ofLong;
        for (int i = 0; i < n; i++)
        {
            T* ui = u + (nint)i * Rows, vi = v + (nint)i * Columns;
            T sign = EigenBody.Sign(vi, Columns);
            RowMath<V, T>.Scale(ui, sign, ui, Rows);
            RowMath<V, T>.Scale(s + n + (nint)i * Columns, sign, vi, Columns);
        }
        RowMath<V, T>.Transpose(u, Rows, packed, n, n, Rows);
    }
}
