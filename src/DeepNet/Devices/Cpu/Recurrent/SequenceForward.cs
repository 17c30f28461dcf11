namespace DeepNet.Devices.Cpu;

/// <summary>The forward pass over blocks of sequences.</summary>
internal unsafe struct SequenceForward<TCell, V, T> : IParallelBody
    where TCell : unmanaged, ICell where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public SequenceJob<T> Job;

    /// <summary>The transposed weight, in rows of <see cref="SequenceJob{T}.Line"/>.</summary>
    public T* Weight;

    /// <summary>The bias of the products and workspace for them, of cells that keep them apart.</summary>
    public T* Bias, Products;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block * SequenceJob<T>.Rows, Job.RowsOf(block));
    }

    private readonly void Run(nint first, int rows)
    {
        nint units = Job.Units, columns = Job.Columns, all = Job.Batch * units;
        int line = SequenceJob<T>.Line(Job.Columns);
        T* products = Products + first * columns, saved = null;
        for (int step = 0; step < Job.Steps; step++)
        {
            nint row = (nint)Job.Place(step) * Job.Batch + first;
            T* hidden = Job.HiddenBefore(step, first), before = Job.Before(step, first);
            T* gates = Job.Gates + row * columns, y = Job.Y + row * units;
            if (TCell.KeepsProducts)
                Gemm.Run(new Problem<T>
                {
                    A = hidden, ARow = units, ACol = 1, B = Weight, BRow = line, BCol = 1, C = products, CRow = columns,
                    M = rows, N = Job.Columns, K = Job.Units, Bias = Bias,
                }, Batch.One);
            else
                Gemm.Run(hidden, units, 1, Weight, line, 1, gates, columns, rows, Job.Columns, Job.Units, true);
            saved = Job.Saved + row * units;
            for (nint i = 0; i < rows; i++)
            {
                nint at = i * units;
                CellLoop<TCell, V, T>.Forward(gates + i * columns, products + i * columns, before + at, saved + at, y + at, units);
            }
        }
        if (!TCell.HasMemory) return;
        long size = rows * units * sizeof(T);
        Buffer.MemoryCopy(saved, Job.Y + Job.Steps * all + first * units, size, size);
    }
}
