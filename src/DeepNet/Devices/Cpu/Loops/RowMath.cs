namespace DeepNet.Devices.Cpu;

/// <summary>Arithmetic on contiguous rows of numbers, for factorisations, attention and resampling.</summary>
internal static unsafe class RowMath<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes Σ x·y.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static T Dot(T* x, T* y, int n)
    {
        V even = default, odd = default;
        int i = 0;
        for (; i <= n - 2 * V.Lanes; i += 2 * V.Lanes)
        {
            even = V.Fma(V.Load(x + i), V.Load(y + i), even);
            odd = V.Fma(V.Load(x + i + V.Lanes), V.Load(y + i + V.Lanes), odd);
        }
        if (i <= n - V.Lanes)
        {
            even = V.Fma(V.Load(x + i), V.Load(y + i), even);
            i += V.Lanes;
        }
        if (i < n) odd = V.Fma(V.LoadPart(x + i, n - i), V.LoadPart(y + i, n - i), odd);
        return V.Sum(even + odd);
    }

    /// <summary>y += factor · x.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void AddScaled(T* y, T factor, T* x, int n)
    {
        V f = V.Broadcast(factor);
        int i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) V.Fma(f, V.Load(x + i), V.Load(y + i)).Store(y + i);
        if (i < n) V.Fma(f, V.LoadPart(x + i, n - i), V.LoadPart(y + i, n - i)).StorePart(y + i, n - i);
    }

    /// <summary>y = factor · x.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Scale(T* y, T factor, T* x, int n)
    {
        V f = V.Broadcast(factor);
        int i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) (f * V.Load(x + i)).Store(y + i);
        if (i < n) (f * V.LoadPart(x + i, n - i)).StorePart(y + i, n - i);
    }

    /// <summary>(x, y) = (c·x + s·y, c·y − s·x).</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Rotate(T* x, T* y, T c, T s, int n)
    {
        V cosine = V.Broadcast(c), sine = V.Broadcast(s);
        int i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) Rotate<AllLanes>(x + i, y + i, cosine, sine, default);
        if (i < n) Rotate<FirstLanes>(x + i, y + i, cosine, sine, new(n - i));
    }

    [MethodImpl(AggressiveInlining)]
    private static void Rotate<TPart>(T* x, T* y, V cosine, V sine, TPart part) where TPart : IPart
    {
        V a = part.Load<V, T>(x), b = part.Load<V, T>(y);
        part.Store(V.Fma(cosine, a, sine * b), x);
        part.Store(V.Fma(cosine, b, -(sine * a)), y);
    }

    /// <summary>Exchanges two rows.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Swap(T* x, T* y, int n)
    {
        int i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V a = V.Load(x + i), b = V.Load(y + i);
            b.Store(x + i);
            a.Store(y + i);
        }
        for (; i < n; i++) (x[i], y[i]) = (y[i], x[i]);
    }

    /// <summary>The Euclidean norm, also where squares overflow or vanish.</summary>
    public static T Norm(T* x, int n)
    {
        T squares = Dot(x, x, n);
        // Between the fourth roots of the smallest and the largest number no square that matters has lost digits.
        if (squares > T.CreateTruncating(1e-26) && squares < T.CreateTruncating(1e36)) return T.Sqrt(squares);
        T largest = T.Zero;
        for (int i = 0; i < n; i++) largest = T.Max(largest, T.Abs(x[i]));
        if (largest == T.Zero || !T.IsFinite(largest)) return largest;
        squares = T.Zero;
        for (int i = 0; i < n; i++) squares += x[i] / largest * (x[i] / largest);
        return largest * T.Sqrt(squares);
    }

    /// <summary>True if no number of a matrix is infinite or NaN.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static bool IsFinite(T* x, nint count)
    {
        for (nint i = 0; i < count; i++)
            if (!T.IsFinite(x[i])) return false;
        return true;
    }

    /// <summary>Writes a matrix with rows and columns exchanged; the rows of both are the given steps apart.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Transpose(T* from, nint fromStep, T* to, nint toStep, int rows, int columns)
    {
        const int Block = 16; // lines of both sides that are read and written together stay in the cache
        for (int i = 0; i < rows; i += Block)
            for (int j = 0; j < columns; j++)
                for (int k = i; k < Math.Min(i + Block, rows); k++) to[j * toStep + k] = from[k * fromStep + j];
    }

    /// <summary>Writes the unit matrix, or the first rows of it, densely.</summary>
    public static void Identity(T* x, int rows, int columns)
    {
        new Span<T>(x, rows * columns).Clear();
        for (int i = 0; i < Math.Min(rows, columns); i++) x[(nint)i * columns + i] = T.One;
    }
}
