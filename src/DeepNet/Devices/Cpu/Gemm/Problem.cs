namespace DeepNet.Devices.Cpu;

/// <summary>
/// One matrix product: C (m × n, unit column stride) = A (m × k) · B (k × n), added to C if <see cref="Accumulate"/>. A and B may have any
/// strides, so transposed, broadcast and reversed views need no copy. C overlaps neither of them. The bias is added while C is in
/// registers, the formula is applied to blocks of C that are in the cache.
/// </summary>
internal unsafe struct Problem<T> where T : unmanaged
{
    public T* A;
    public nint ARow, ACol;
    public T* B;
    public nint BRow, BCol;
    public T* C;
    public nint CRow;
    public int M, N, K;
    public bool Accumulate;

    /// <summary>A number for each column, contiguous, that is added to all rows; or null. Not beside <see cref="Accumulate"/>.</summary>
    public T* Bias;

    /// <summary>The formula that is applied to the sums, if there is one.</summary>
    public BlockMap Map;

    /// <summary>Multiply-adds.</summary>
    public readonly long Work => (long)M * N * K;

    /// <summary>The rows [i, i + m) and columns [j, j + n) of C with the part [p, p + k) of the sum.</summary>
    public readonly Problem<T> Part(int i, int m, int j, int n, int p, int k) => this with
    {
        A = A + i * ARow + p * ACol,
        B = B + p * BRow + j * BCol,
        C = C + i * CRow + j,
        M = m,
        N = n,
        K = k,
        Accumulate = Accumulate || p > 0,
        Bias = Bias == null || p > 0 ? null : Bias + j,
        Map = p + k == K ? Map : default,
    };
}
