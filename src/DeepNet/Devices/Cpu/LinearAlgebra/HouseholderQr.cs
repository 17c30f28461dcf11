namespace DeepNet.Devices.Cpu;

/// <summary>
/// A = Q·R by Householder's reflections, of a matrix that has no more columns than rows. All of it works on transposes, in which columns
/// are contiguous.
/// </summary>
internal static unsafe class HouseholderQr<V, T>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gets the elements of workspace for a matrix of so many columns.</summary>
    public static nint Workspace(int columns) => Reflectors<V, T>.Workspace(columns);

    /// <summary>
    /// Overwrites the columns with those of R, of which only the first numbers count, and writes the vectors of the reflections, with their
    /// zeros and ones, as rows of as many numbers.
    /// </summary>
    public static void Run(T* w, int rows, int columns, T* vectors, T* taus, T* workspace)
    {
        const int Block = Reflectors<V, T>.Block;
        for (int start = 0; start < columns; start += Block)
        {
            int end = Math.Min(start + Block, columns);
            for (int j = start; j < end; j++)
            {
                T* column = w + (nint)j * rows + j, v = vectors + (nint)j * rows;
                int length = rows - j;
                taus[j] = Reflectors<V, T>.Find(column, column + 1, length - 1);
                new Span<T>(v, j).Clear();
                v[j] = T.One;
                new Span<T>(column + 1, length - 1).CopyTo(new Span<T>(v + j + 1, length - 1));
                for (int i = j + 1; i < end; i++) Reflectors<V, T>.Apply(v + j, taus[j], w + (nint)i * rows + j, length);
            }
            Reflectors<V, T>.Apply(
                w + (nint)end * rows + start, rows, columns - end, vectors + (nint)start * rows + start, rows, taus + start, end - start,
                rows - start, isReversed: false, workspace);
        }
    }
}

/// <summary>Factors each matrix of a batch.</summary>
internal unsafe struct QrBody : IMatrixBody
{
    public void* A;

    /// <summary>Q and R of each matrix, one after the other.</summary>
    public void* Packed;

    public int Rows, Columns;

    public readonly void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint size = (nint)Rows * Columns;
        T* w = (T*)Scratch.GetOuter((3 * size + Columns + HouseholderQr<V, T>.Workspace(Columns)) * sizeof(T));
        T* vectors = w + size, columns = vectors + size, taus = columns + size, workspace = taus + Columns;
        T* q = (T*)Packed + index * (size + (nint)Columns * Columns), r = q + size;
        RowMath<V, T>.Transpose((T*)A + index * size, Columns, w, Rows, Rows, Columns);
        HouseholderQr<V, T>.Run(w, Rows, Columns, vectors, taus, workspace);
        for (int i = 0; i < Columns; i++)
            for (int j = 0; j < Columns; j++) r[(nint)i * Columns + j] = i <= j ? w[(nint)j * Rows + i] : T.Zero;
        Reflectors<V, T>.Form(vectors, taus, Columns, Rows, columns, Columns, workspace);
        RowMath<V, T>.Transpose(columns, Rows, q, Columns, Columns, Rows);
    }
}
